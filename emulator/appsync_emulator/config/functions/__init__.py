"""The intrinsic functions of CloudFormation (template reference)."""

from appsync_emulator.config.functions.registry import FUNCTIONS

__all__ = ["FUNCTIONS"]
