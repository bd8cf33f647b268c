"""The seam to a JavaScript engine: evaluate a script, limit memory, close.

Another engine needs a class with these methods. Only strings, None and functions the
engine gave cross the border, in both directions.
"""

from collections.abc import Callable
from typing import Any, Protocol

Function = Callable[..., Any]


class EngineFailure(Exception):
    """The engine could not go on; its heap must not be used again.

    Attributes:
        interrupted: whether the time limit was the reason.
    """

    def __init__(self, message: str, *, interrupted: bool = False) -> None:
        super().__init__(message)
        self.interrupted = interrupted


class Interpreter(Protocol):
    """One JavaScript heap; used by one thread at a time."""

    def evaluate(self, script: str) -> Function:
        """Evaluate an expression that gives a function.

        The function takes and gives strings, None and other such functions. Whatever
        it raises, `failure` tells what it means.

        Raises:
            Exception: the engine's own; its text starts with the JavaScript error's
                name.
        """
        ...

    def limit_memory(self, size: int) -> None:
        """Set the most bytes the heap may have."""
        ...

    def failure(self, error: Exception) -> EngineFailure:
        """Tell what an exception out of a call means."""
        ...

    def close(self) -> None:
        """Free the heap."""
        ...


class QuickJs:
    """QuickJS-ng in this process.

    What its binding wants: no callbacks into Python (they exclude the time limit and
    corrupt the call when they raise), no numbers above 32 bits, no strings built by
    concatenation as results. The time limit is CPU time of the whole process, per call.
    """

    # The binding's default of 1 MB is all a thread of musl's has.
    _STACK = 512 * 1024

    def __init__(self, seconds: float, memory: int) -> None:
        # The extension module itself: the package around it starts a thread of its own.
        from _quickjs import (  # type: ignore[import-not-found] # noqa: PLC0415 (when used)
            Context,
        )

        self._context: Any = Context()
        self._context.set_max_stack_size(self._STACK)
        self._context.set_time_limit(seconds)
        self._context.set_memory_limit(memory)

    def evaluate(self, script: str) -> Function:
        """See `Interpreter`."""
        function: Function = self._context.eval(script)
        return function

    def limit_memory(self, size: int) -> None:
        """See `Interpreter`."""
        self._context.set_memory_limit(size)

    def failure(self, error: Exception) -> EngineFailure:
        """See `Interpreter`."""
        text = str(error)
        return EngineFailure(text, interrupted=text.startswith("InternalError: interr"))

    def close(self) -> None:
        """See `Interpreter`."""
        self._context = None
