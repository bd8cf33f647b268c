"""An event loop in a thread, and ways to have it do things from outside."""

import asyncio
import threading
import warnings
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, Self, TypeVar

from appsync_emulator.testing.failures import WaitFailed

_T = TypeVar("_T")


class Awaited:
    """A value that may be awaited: in async tests it has to be, in others it is not."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, None, Self]:
        return self
        yield  # which makes it the generator that `await` wants


class Pending(Generic[_T]):
    """What a call gives in an async test: it runs already, and must be awaited."""

    def __init__(self, future: "Future[_T]", what: str) -> None:
        self._future = future
        self._what = what
        self._awaited = False

    def __await__(self) -> Generator[Any, None, _T]:
        __tracebackhide__ = True  # pytest shows the test's own line
        self._awaited = True
        try:
            return (yield from asyncio.wrap_future(self._future))
        except WaitFailed as error:
            raise error.with_traceback(None) from None

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"In an async test, await {self._what} to get {name!r}.")

    def __del__(self) -> None:
        if not self._awaited:
            text = f"{self._what} was never awaited"
            warnings.warn(text, RuntimeWarning, stacklevel=2)


class LoopThread:
    """Runs one asynchronous context in a thread, from `open` to `close`."""

    def __init__(self) -> None:
        self._ended: asyncio.Event
        self._loop: asyncio.AbstractEventLoop
        self._thread: threading.Thread | None = None

    def open(self, context: AbstractAsyncContextManager[_T]) -> _T:
        """Start the thread and enter `context` in it.

        Raises:
            BaseException: whatever entering raises; the thread has ended then.
        """
        ready: Future[_T] = Future()

        async def live() -> None:
            self._loop = asyncio.get_running_loop()
            self._ended = asyncio.Event()
            async with context as value:
                ready.set_result(value)
                await self._ended.wait()

        def run() -> None:
            try:
                asyncio.run(live())
            except BaseException as error:
                if ready.done():
                    raise
                ready.set_exception(error)

        self._thread = threading.Thread(target=run, name="appsync-emulator")
        self._thread.daemon = True  # a test run that dies shall not hang
        self._thread.start()
        try:
            return ready.result()
        except BaseException:
            self._thread.join()
            raise

    def close(self) -> None:
        """Leave the context and end the thread."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._loop.call_soon_threadsafe(self._ended.set)
            thread.join()

    @property
    def inside(self) -> bool:
        """Whether the caller is in the thread itself."""
        return threading.current_thread() is self._thread

    def call(self, work: Callable[[], _T]) -> _T:
        """Call `work` in the thread and wait for it: a moment."""
        if self.inside:
            return work()
        done: Future[_T] = Future()

        def run() -> None:
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001 -- it is the caller's
                done.set_exception(error)

        self._loop.call_soon_threadsafe(run)
        return done.result()

    def do(self, work: Coroutine[Any, Any, _T], what: str) -> Any:
        """Have a coroutine run in the thread.

        Args:
            work: the coroutine.
            what: how the caller names it, for whoever forgets to await.

        Returns:
            Its value; where an event loop runs, which must not be blocked, something to
            await for it.
        """
        __tracebackhide__ = True  # pytest shows the test's own line
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        if running_loop() is not None:
            return Pending(future, what)
        return _result(future)

    def wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Have a coroutine run in the thread and block for it in any case."""
        return _result(asyncio.run_coroutine_threadsafe(work, self._loop))


def _result(future: "Future[_T]") -> _T:
    __tracebackhide__ = True  # pytest shows the test's own line
    try:
        return future.result()
    except WaitFailed as error:
        raise error.with_traceback(None) from None
    except BaseException:
        future.cancel()  # a KeyboardInterrupt, say
        raise


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Give the event loop that the caller runs in, None outside of one."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
