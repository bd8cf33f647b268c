"""The way of resolver code from text to a script: parse, lint, strip types, link."""

from appsync_resolvers.js.source.program import Draft, Place, Program

__all__ = ["Draft", "Place", "Program"]
