"""`$util.log`."""

from collections.abc import Callable
from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.limits import grow
from appsync_resolvers.vtl.methods.table import Table, method
from appsync_resolvers.vtl.values.text import to_string

LOG: Table = {}
_SIZE = 100
"""What a line counts for beside its text, in characters."""


def _logger(level: str) -> Callable[..., str]:
    def log(context: Context, first: Any, *values: Any) -> str:
        """Log an object, or a text with `{}` in place of each further object."""
        text = to_string(first)
        if values:
            parts = text.split("{}", len(values))
            text = parts[0]
            for value, part in zip(values, parts[1:], strict=False):
                text += to_string(value) + part
        grow(_SIZE + len(text))
        context.effect().logs.append(f"{level} - {text}")
        return ""

    return log


for _name, _level in (("info", "INFO"), ("debug", "DEBUG"), ("error", "ERROR")):
    method(LOG, _name, "o")(_logger(_level))
    method(LOG, _name, "s*")(_logger(_level))
