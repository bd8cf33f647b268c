"""What a function prints: lines for people, a tail for the caller.

Lambda's own lines (START, END, REPORT) look as they do in CloudWatch Logs (Lambda
developer guide, "Log and monitor Python Lambda functions").
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import ceil

from appsync_emulator.lambdas.invocation import LATEST

TAIL = 4096
"""Bytes of the log that an invocation gives back (`LogResult` of the API reference)."""

LONGEST_LINE = 65_536
"""A line longer than this is passed on in pieces."""

LOGGER = "appsync_emulator.functions"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line that a function, or Lambda on its behalf, has logged.

    Attributes:
        request_id: of the event being worked on; empty outside of one.
        platform: the line is Lambda's, not the function's.
        failed: it says why Lambda has ended the function.
    """

    function: str
    request_id: str
    text: str
    platform: bool = False
    failed: bool = False


OnLine = Callable[[LogLine], None]


def log_line(line: LogLine) -> None:
    """Pass a line to the logger of its function, most of Lambda's own as debug."""
    logger = _logger(line.function)
    routine = line.platform and not line.failed
    level = logging.DEBUG if routine else logging.INFO
    if logger.isEnabledFor(level):
        logger.log(level, "%s", line.text, extra={"request_id": line.request_id})


@cache
def _logger(function: str) -> logging.Logger:
    return logging.getLogger(f"{LOGGER}.{function}")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a REPORT line says.

    Attributes:
        duration: seconds.
        memory: MB, as configured.
        peak_memory: MB, None where the system does not tell.
        init_duration: seconds, None for a warm start.
        failure: `timeout` or an error type of Lambda's own; None when the function
            came to its end, be it with an error.
    """

    duration: float
    memory: int
    peak_memory: int | None
    init_duration: float | None
    failure: str | None


class FunctionLog:
    """The log of one execution environment.

    Args:
        function: name of the function.
        on_line: gets every line.
    """

    def __init__(self, function: str, on_line: OnLine) -> None:
        self._function = function
        self._on_line = on_line
        self._request_id = ""
        self._part = b""
        self._tail = bytearray()

    def begin(self, request_id: str) -> None:
        """Start the log of an event."""
        self._tail.clear()
        self._request_id = request_id
        self.platform(f"START RequestId: {request_id} Version: {LATEST}")

    def feed(self, data: bytes) -> None:
        """Take what the process has printed."""
        self._keep(data)
        *lines, self._part = (self._part + data).split(b"\n")
        for line in lines:
            self._emit(line)
        while len(self._part) > LONGEST_LINE:
            self._emit(self._part[:LONGEST_LINE])
            self._part = self._part[LONGEST_LINE:]

    def platform(self, text: str, *, failed: bool = False) -> None:
        """Add a line of Lambda's own; `failed` when it says why the function ended."""
        if self._part:
            self._keep(b"\n")
            self._emit(self._part)
            self._part = b""
        self._keep(text.encode() + b"\n")
        self._on_line(
            LogLine(
                self._function, self._request_id, text, platform=True, failed=failed
            )
        )

    def end(self, usage: Usage) -> str:
        """End the log of an event.

        Returns:
            Its last 4 KB.
        """
        request_id = self._request_id
        self.platform(f"END RequestId: {request_id}")
        self.platform(_report(request_id, usage))
        self._request_id = ""
        return self._tail[-TAIL:].decode("utf-8", "replace")

    def _keep(self, data: bytes) -> None:
        self._tail += data
        if len(self._tail) > 2 * TAIL:
            del self._tail[:-TAIL]

    def _emit(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip("\r")
        self._on_line(LogLine(self._function, self._request_id, text))


def _report(request_id: str, usage: Usage) -> str:
    duration = usage.duration * 1000
    parts = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {duration:.2f} ms",
        f"Billed Duration: {ceil(duration)} ms",
        f"Memory Size: {usage.memory} MB",
    ]
    if usage.peak_memory is not None:
        parts.append(f"Max Memory Used: {usage.peak_memory} MB")
    if usage.init_duration is not None:
        parts.append(f"Init Duration: {usage.init_duration * 1000:.2f} ms")
    if usage.failure == "timeout":
        parts.append("Status: timeout")
    elif usage.failure is not None:
        parts.append(f"Status: error\tError Type: {usage.failure}")
    return "\t".join(parts) + "\t"
