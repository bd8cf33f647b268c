"""What Lambda's API tells of functions: the members of `FunctionConfiguration`.

Only what the emulator knows; what AWS alone has (sizes, hashes, roles) is left out.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from appsync_emulator.lambdas.invocation import LATEST, InvokeRejected
from appsync_emulator.model import LambdaFunction
from appsync_emulator.types import JSON

PAGE = 50
"""Functions in one answer, unless fewer are asked for (ListFunctions)."""


def configuration(function: LambdaFunction) -> dict[str, JSON]:
    """Describe a function; it is always active."""
    about: dict[str, JSON] = {
        "FunctionName": function.name,
        "FunctionArn": function.arn,
        "Runtime": function.runtime,
        "Handler": function.handler,
        "Timeout": function.timeout,
        "MemorySize": function.memory,
        "Version": LATEST,
        "PackageType": "Zip",
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "LastModified": _modified(function),
    }
    if function.environment:
        about["Environment"] = {"Variables": dict(function.environment)}
    target = function.async_config.get("DeadLetterConfig")
    if target:
        about["DeadLetterConfig"] = dict(target)
    return about


def _modified(function: LambdaFunction) -> str:
    code = function.code
    seconds = code.stat().st_mtime if code is not None and code.exists() else 0.0
    when = datetime.fromtimestamp(seconds, UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "+0000")


def page(
    functions: Mapping[str, LambdaFunction], query: Mapping[str, str]
) -> dict[str, JSON]:
    """Give one page of all functions, in the order of their names.

    Args:
        functions: by name.
        query: `Marker` and `MaxItems` count.

    Raises:
        InvokeRejected: `MaxItems` is no number from 1 up, or the marker is not ours.
    """
    size = min(_number(query, "MaxItems", PAGE), PAGE)
    start = _number(query, "Marker", 0)
    if size < 1:
        raise _wrong("MaxItems")
    names = sorted(functions)
    found = [configuration(functions[name]) for name in names[start : start + size]]
    answer: dict[str, JSON] = {"Functions": found}
    if start + size < len(names):
        answer["NextMarker"] = str(start + size)
    return answer


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise _wrong(name)
    return int(text)


def _wrong(name: str) -> InvokeRejected:
    return InvokeRejected("InvalidParameterValueException", f"Invalid {name}.", 400)
