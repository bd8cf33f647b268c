"""What happened in one test, in the order in which it began."""

from collections import deque
from dataclasses import dataclass, field
from time import time
from typing import Any

from appsync_emulator.lambdas.service import Attempt
from appsync_emulator.types import JSON

KEPT = 10_000
"""Entries of each kind; the oldest are forgotten."""


@dataclass(slots=True)
class Request:
    """An operation of the test's own client.

    Attributes:
        at: seconds since the epoch, as everywhere here.
        ended: None while it runs.
        body: of the answer.
    """

    query: str
    variables: JSON
    at: float = field(default_factory=time)
    ended: float | None = None
    status: int = 0
    body: JSON = None


@dataclass(slots=True)
class Step:
    """A call of a data source by a resolver or one of its functions.

    Attributes:
        name: such as `Query.posts/loadAuthors`.
        document: what the request handler gave.
    """

    name: str
    source: str
    document: JSON
    replaced: bool
    at: float = field(default_factory=time)
    ended: float | None = None
    result: JSON = None
    error: BaseException | None = None

    def done(self, result: JSON) -> None:
        """Note the result."""
        self.ended, self.result = time(), result

    def failed(self, error: BaseException) -> None:
        """Note the failure."""
        self.ended, self.error = time(), error


class Recorder:
    """Keeps what the emulator tells, until the next test begins."""

    def __init__(self) -> None:
        self.started = time()
        self.requests: deque[Request] = deque(maxlen=KEPT)
        self.steps: deque[Step] = deque(maxlen=KEPT)
        self.attempts: deque[tuple[float, Attempt]] = deque(maxlen=KEPT)
        self.notes: deque[tuple[float, str]] = deque(maxlen=KEPT)

    def clear(self) -> None:
        """Forget everything."""
        self.started = time()
        for kept in (self.requests, self.steps, self.attempts, self.notes):
            kept.clear()

    def attempted(self, attempt: Attempt) -> None:
        """Take a finished attempt to run a function."""
        self.attempts.append((time(), attempt))

    def note(self, text: str) -> None:
        """Take what the test itself did."""
        self.notes.append((time(), text))

    def request(self, query: str, variables: Any) -> Request:
        """Take the beginning of an operation."""
        entry = Request(query, variables)
        self.requests.append(entry)
        return entry
