"""Regular expressions of an API's settings, which AppSync takes as Java does."""

from appsync_emulator.errors import ProjectError
from appsync_emulator.model import AuthProvider
from appsync_resolvers.vtl.regex import Pattern, compile_pattern
from appsync_resolvers.vtl.values.failure import Thrown

INVALID = "P133"
"""Of all values of properties that are not what they may be."""


def compile_setting(provider: AuthProvider, name: str) -> Pattern | None:
    """Compile a setting that has to match a text as a whole; None when it is not set.

    As a whole, because the guide shows alternatives of ids (`1F4G9H|1J6L4B`) without
    anchors.

    Raises:
        ProjectError: it is no regular expression.
    """
    text = provider.settings.get(name)
    if not text:
        return None
    try:
        return compile_pattern(text)
    except Thrown:
        message = f"{name} is no regular expression: {text}"
        raise ProjectError(INVALID, message, provider.origin) from None
