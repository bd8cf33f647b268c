"""Files to Nodes: YAML, JSON, and which of the two a file is."""

from appsync_emulator.config.source.read import parse, read_source

__all__ = ["parse", "read_source"]
