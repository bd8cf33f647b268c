"""The seam between the languages and whoever runs resolvers."""

from dataclasses import dataclass
from typing import Any, Protocol

from appsync_resolvers.context import Context


class Handler(Protocol):
    """One request or response handler, compiled once and called many times.

    Attributes:
        returns_result: calling it with no `ctx.error` gives `ctx.result` unchanged and
            has no other effect, so a caller may skip the call.
    """

    returns_result: bool

    def __call__(self, context: Context) -> Any:
        """Evaluate inside the inline time limit, on the calling thread.

        Returns:
            The handler's value as JSON value. A VTL template's text has been parsed.

        Raises:
            EvaluationError: the handler failed.
            EarlyReturn: it asked to leave.
            Interrupted: it needs longer; nothing was changed.
        """
        ...

    def patiently(self, context: Context) -> Any:
        """Evaluate with the full time limit; may be called on a worker thread.

        Raises:
            EvaluationError: the handler failed, or hit the full limit.
            EarlyReturn: it asked to leave.
        """
        ...


@dataclass(frozen=True, slots=True)
class Handlers:
    """The two handlers of a unit resolver, of a function, or around a pipeline."""

    request: Handler
    response: Handler
