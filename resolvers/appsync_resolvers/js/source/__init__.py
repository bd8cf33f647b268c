"""The way of resolver code from text to a script: parse, lint, strip types, link."""

from appsync_resolvers.js.source.diagnostics import LINT_ERROR, PARSE_ERROR
from appsync_resolvers.js.source.plain import NotPlain
from appsync_resolvers.js.source.program import Draft, Place, Program
from appsync_resolvers.js.source.tree import TooDeep

__all__ = [
    "LINT_ERROR",
    "PARSE_ERROR",
    "Draft",
    "NotPlain",
    "Place",
    "Program",
    "TooDeep",
]
