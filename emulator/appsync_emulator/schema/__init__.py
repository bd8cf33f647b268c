"""The schema of an API: AppSync's GraphQL SDL, its directives and its scalars."""

from appsync_emulator.schema.authorization import AuthRule
from appsync_emulator.schema.build import Schema, build

__all__ = ["AuthRule", "Schema", "build"]
