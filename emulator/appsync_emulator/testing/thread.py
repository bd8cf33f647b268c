"""An event loop in a thread, and ways to have it do things from outside."""

import asyncio
import os
import threading
import warnings
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Generic, NoReturn, Self, TypeVar

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

    def _not_yet(self, *_: object) -> NoReturn:
        raise TypeError(f"In an async test, await {self._what} to use what it gives.")

    __bool__ = __contains__ = __getitem__ = __iter__ = __len__ = _not_yet

    def __del__(self) -> None:
        if not self._awaited:
            text = f"{self._what} was never awaited"
            warnings.warn(text, RuntimeWarning, stacklevel=2)


class LoopThread:
    """Runs one asynchronous context in a thread, from `open` to `close`.

    Whoever waits for something of it is told when the thread has ended, for whatever
    reason; nobody waits for ever.
    """

    def __init__(self) -> None:
        self._ended: asyncio.Event
        self._loop: asyncio.AbstractEventLoop
        self._thread: threading.Thread | None = None
        self._process = os.getpid()
        self._awaited: set[Future[Any]] = set()
        self._reason = "its block or its fixture is over"

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
                if not ready.done():
                    ready.set_exception(error)
                    return
                self._reason = f"{type(error).__name__}: {error}"
                raise
            finally:
                for future in list(self._awaited):
                    with suppress(InvalidStateError):  # it is done by now
                        future.set_exception(self._gone())

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
        if thread is None or self._process != os.getpid():
            return
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._ended.set)
        thread.join()

    @property
    def alive(self) -> bool:
        """Whether there is something that works."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def inside(self) -> bool:
        """Whether the caller is in the thread itself."""
        return threading.current_thread() is self._thread

    def call(self, work: Callable[[], _T]) -> _T:
        """Call `work` in the thread and wait for it: a moment.

        Raises:
            RuntimeError: the thread has ended, or is another process's.
        """
        if self.inside:
            return work()
        self._check()
        done: Future[_T] = Future()

        def run() -> None:
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001 -- it is the caller's
                done.set_exception(error)

        self._expect(done)
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

        Raises:
            RuntimeError: the thread has ended, or is another process's.
        """
        __tracebackhide__ = True  # pytest shows the test's own line
        future = self._start(work)
        if running_loop() is not None:
            return Pending(future, what)
        return self._result(future)

    async def awaited(self, work: Coroutine[Any, Any, _T], what: str) -> _T:
        """Have a coroutine run in the thread and wait for it in an async test.

        On a loop that is not asyncio's, such as Trio's, this blocks.
        """
        __tracebackhide__ = True  # pytest shows the test's own line
        given: Any = self.do(work, what)
        value: _T = await given if isinstance(given, Pending) else given
        return value

    def wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Have a coroutine run in the thread and block for it in any case."""
        return self._result(self._start(work))

    def _start(self, work: Coroutine[Any, Any, _T]) -> "Future[_T]":
        try:
            self._check()
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError as error:
            work.close()
            raise (self._gone() if self._loop.is_closed() else error) from None
        self._expect(future)
        return future

    def _result(self, future: "Future[_T]") -> _T:
        __tracebackhide__ = True  # pytest shows the test's own line
        try:
            return future.result()
        except WaitFailed as error:
            raise error.with_traceback(None) from None
        except CancelledError:
            if self._ended.is_set():
                raise self._gone() from None
            raise
        except BaseException:
            future.cancel()  # a KeyboardInterrupt, say
            raise

    def _expect(self, future: "Future[Any]") -> None:
        self._awaited.add(future)
        future.add_done_callback(self._awaited.discard)

    def _check(self) -> None:
        if self._process != os.getpid():
            raise RuntimeError(
                f"The emulator runs in the process {self._process}, from which this "
                "one was forked. It is reached at appsync.url."
            )
        if not self.alive:
            raise self._gone()

    def _gone(self) -> RuntimeError:
        return RuntimeError(f"The emulator has ended: {self._reason}.")


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Give the event loop that the caller runs in, None outside of one."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
