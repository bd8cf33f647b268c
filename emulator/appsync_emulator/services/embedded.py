"""moto's server in a process of its own."""

import asyncio
import contextlib
import importlib.util
import json
import logging
import os
import socket
import sys
from collections.abc import Sequence

from appsync_emulator.background import Background
from appsync_emulator.services.user_pools import SigningPool
from appsync_emulator.services.wire import ServiceRequest

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
INHERITED = ("PATH", "HOME", "LANG", "PYTHONPATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What the process gets of our environment: credentials and AWS settings stay out."""

LINE = 65_536
"""Bytes of a line that it prints, at most."""


def missing() -> str | None:
    """Tell why moto's server cannot be run; None when it can.

    Nothing is imported for it.
    """
    for name in ("moto", "flask", "flask_cors"):
        if importlib.util.find_spec(name) is None:
            return (
                "SQS, SNS, EventBridge and Cognito's sign-in are served by moto, which "
                "is not installed: "
                "pip install 'appsync-emulator[services]', or name what serves them "
                "with --aws-endpoint."
            )
    return None


class Embedded:
    """A socket from the beginning, and later the process that serves it.

    The port is known before templates are loaded, as it is part of queues' URLs; and
    connections are taken by the kernel before the process has come up, so nobody has to
    wait for it but those who need it.
    """

    def __init__(self) -> None:
        # Answers come in two pieces: without this each would wait for an ACK, 40 ms.
        self._socket = socket.socket(proto=socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.bind((HOST, 0))
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self._process: asyncio.subprocess.Process | None = None
        self._ready = asyncio.Event()
        self.problem: str | None = None
        self._closing = False

    def __del__(self) -> None:
        """Give back the port of a project that was loaded and never served."""
        self.release()

    async def start(
        self,
        setup: Sequence[ServiceRequest],
        user_pools: Sequence[SigningPool] = (),
        *,
        account: str,
        region: str,
        tasks: Background,
    ) -> None:
        """Start the process; it is ready some time after this returns.

        Args:
            setup: what it answers before anything else.
            user_pools: what Cognito has from the beginning.
            account: of everything in it.
            region: where no request says one.
            tasks: owns the reading of what it prints.
        """
        self._socket.listen(1_024)
        environment = {
            name: os.environ[name] for name in INHERITED if name in os.environ
        }
        made_up = {
            "AWS_ACCESS_KEY_ID": "emulator",
            "AWS_SECRET_ACCESS_KEY": "emulator",
            "AWS_DEFAULT_REGION": region,
            "MOTO_ACCOUNT_ID": account,
        }
        # -P: a `flask.py` in the user's folder is not what is meant. A session of its
        # own: Ctrl-C must not end it before the functions that use it.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-m", "appsync_emulator.services.moto_child"),
            str(self._socket.fileno()),
            env={**environment, **made_up},
            pass_fds=(self._socket.fileno(),),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            limit=LINE,
        )
        self._socket.close()  # once it has ended, connections are refused
        tasks.start(self._follow(self._process), "the embedded AWS services")
        begin = {
            "account": account,
            "region": region,
            "requests": [one.as_json() for one in setup],
            "user_pools": [one.as_json() for one in user_pools],
        }
        line = json.dumps(begin) + "\n"
        stdin = self._process.stdin
        if stdin is not None:
            stdin.write(line.encode())
            with contextlib.suppress(ConnectionError):
                await stdin.drain()

    async def ready(self) -> bool:
        """Wait until it serves; gives whether it does."""
        await self._ready.wait()
        return self.problem is None

    @property
    def pid(self) -> int | None:
        """Its process id, None before it was started."""
        return None if self._process is None else self._process.pid

    def release(self) -> None:
        """Give back the port; once the process runs, nothing more happens."""
        self._socket.close()

    async def close(self) -> None:
        """End the process."""
        self._closing = True
        self.release()
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()  # there is nothing that it would have to save
        await process.wait()

    async def _follow(self, process: asyncio.subprocess.Process) -> None:
        """Read what it prints until it ends."""
        stdout = process.stdout
        while stdout is not None:
            try:
                line = await stdout.readline()
            except ValueError:  # a line beyond the limit; the rest of it follows
                continue
            if not line:
                break
            self._hear(line.decode("utf-8", "replace").rstrip())
        status = await process.wait()
        if self._closing:
            return
        self.problem = self.problem or f"their process has ended (status {status})"
        log.error(
            "The embedded AWS services are gone, and what was in queues is lost: %s",
            self.problem,
        )
        self._ready.set()

    def _hear(self, text: str) -> None:
        if text == "ready":
            self._ready.set()
        elif text.startswith("failed "):
            self.problem = text.removeprefix("failed ")
        else:
            log.debug("moto: %s", text)
