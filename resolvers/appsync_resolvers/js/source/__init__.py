"""The way of resolver code from text to a script: parse, lint, strip types, link."""

from appsync_resolvers.js.source.diagnostics import LINT_ERROR
from appsync_resolvers.js.source.program import Draft, Place, Program

__all__ = ["LINT_ERROR", "Draft", "Place", "Program"]
