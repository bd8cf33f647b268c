"""What Ref and Fn::GetAtt give, by resource type."""

from appsync_emulator.config.attributes.registry import attribute, reference

__all__ = ["attribute", "reference"]
