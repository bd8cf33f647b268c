"""One subprocess: its output, its end, and the end of all it has started.

Not `asyncio.subprocess`: the output of a function must be readable at the very moment
its answer arrives (so that a log tail holds what was printed before), stdout and stderr
share one pipe to keep their order, and nothing here depends on how an event loop
watches children, so it also works in a loop that runs in a thread.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

CHUNK = 65_536
LAST_WAIT = 5.0
"""Seconds to wait for a killed process; the kernel may hold it for a moment."""

DRAINS = 4
"""How many chunks to read at most when all output so far is wanted."""


class Process:
    """A process in a process group of its own, with its output on the event loop.

    Args:
        command: program and arguments.
        environment: all of its environment variables.
        folder: its working directory.
        on_output: called with each piece of stdout and stderr.
        on_exit: called once, when it has ended and its output was read, with the text
            of Go's `os/exec` for it (`exit status 1`, `signal: killed`), which is what
            Lambda prints; None for exit status 0.

    Raises:
        OSError, ValueError: the program cannot be started with this environment.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        on_output: Callable[[bytes], None],
        on_exit: Callable[[str | None], None],
    ) -> None:
        self._on_output = on_output
        self._on_exit = on_exit
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._watch: int | None = None
        self._pipe, write_end = os.pipe()
        os.set_blocking(self._pipe, False)
        try:
            self._popen = subprocess.Popen(  # noqa: S603 - the user's own function
                command,
                stdin=subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
                env=environment,
                cwd=folder,
                start_new_session=True,
            )
        except (OSError, ValueError):
            os.close(self._pipe)
            raise
        finally:
            os.close(write_end)
        # One chunk at a time, lest a chatty process holds up the loop.
        self._loop.add_reader(self._pipe, self._read_chunk)
        self._watch_exit()

    @property
    def pid(self) -> int:
        """The process id, which is the id of its group as well."""
        return self._popen.pid

    @property
    def running(self) -> bool:
        """Whether its end has not been noticed yet."""
        return not self._ended.is_set()

    def read_output(self) -> None:
        """Pass on what it has printed so far."""
        for _ in range(DRAINS):
            if self._read_chunk() < CHUNK:
                return

    def _read_chunk(self) -> int:
        try:
            data = os.read(self._pipe, CHUNK)
        except BlockingIOError:
            return 0
        if data:
            self._on_output(data)
        else:
            self._loop.remove_reader(self._pipe)
        return len(data)

    def peak_memory(self) -> int | None:
        """Give the most memory it has used so far in MB; None where unknown."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_bytes()
        except OSError:
            return None
        _, found, rest = status.partition(b"VmHWM:")
        return int(rest.split(None, 1)[0]) // 1024 if found else None

    def kill(self) -> None:
        """End it and everything it has started, at once."""
        self._signal(signal.SIGKILL)

    async def stop(self, patience: float) -> None:
        """Ask it to end, wait up to `patience` seconds, then kill it and its group."""
        self._signal(signal.SIGTERM)
        await self._wait_until_ended(patience)
        self.kill()
        await self._wait_until_ended(LAST_WAIT)

    async def _wait_until_ended(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ended.wait()

    def _signal(self, number: signal.Signals) -> None:
        # Only while the leader was not reaped: until then nobody else has this id.
        if self.running:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    def _watch_exit(self) -> None:
        try:
            self._watch = os.pidfd_open(self.pid)
        except (AttributeError, OSError):  # not Linux, or a kernel without pidfd
            name = f"wait for {self.pid}"
            threading.Thread(target=self._wait, name=name, daemon=True).start()
        else:
            self._loop.add_reader(self._watch, self._exited)

    def _wait(self) -> None:
        # WNOWAIT leaves it a zombie, so that its id stays ours until the group is dead.
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody cares
            self._loop.call_soon_threadsafe(self._exited)

    def _exited(self) -> None:
        if self._watch is not None:
            self._loop.remove_reader(self._watch)
            os.close(self._watch)
        self.kill()
        status = self._popen.wait()
        self._ended.set()
        self.read_output()
        self._loop.remove_reader(self._pipe)
        os.close(self._pipe)
        self._on_exit(_exit_text(status))


def _exit_text(status: int) -> str | None:
    if status == 0:
        return None
    if status > 0:
        return f"exit status {status}"
    return f"signal: {(signal.strsignal(-status) or str(-status)).lower()}"
