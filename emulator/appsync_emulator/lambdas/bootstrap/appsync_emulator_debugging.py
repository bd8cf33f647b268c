"""Lets a debugger into a Python function: debugpy, or pdb over a socket.

Imported by `bootstrap.py` when `--debug-function` asks for it. The long name is to be
none of the function's own modules.
"""

from __future__ import annotations

import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socket import socket
    from types import FrameType
    from typing import Any

PATIENCE = 5.0
"""Seconds for which a process of the code before may still have the port."""


def let_debugger_in(port: int) -> None:
    """Wait for a debugger of debugpy's kind; without debugpy wait in `breakpoint()`."""
    try:
        import debugpy  # type: ignore[import-not-found] # noqa: PLC0415, T100 - optional
    except ImportError:
        sys.breakpointhook = SocketBreakpoints(port)
        say(f"There is no debugpy here: breakpoint() waits for `nc 127.0.0.1 {port}`.")
        return
    until = time.monotonic() + PATIENCE
    while True:
        try:
            debugpy.listen(("127.0.0.1", port))  # noqa: T100 - the point of it all
            break
        except (OSError, RuntimeError):
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
    say(f"Waiting for a debugger at port {port}.")
    debugpy.wait_for_client()  # noqa: T100 - see above


def say(text: str) -> None:
    """Print for the emulator's log."""
    print(text, flush=True)


class SocketBreakpoints:
    """`breakpoint()` for a process without a terminal.

    Args:
        port: where whoever connects speaks to pdb; one conversation at a time.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: socket | None = None
        self._debugger: Any = None

    def __call__(self, *_args: Any, **_named: Any) -> None:
        """Stop where `breakpoint()` was called."""
        import pdb  # noqa: PLC0415, T100 - 20 ms that only debugging pays

        frame: FrameType = sys._getframe(1)  # noqa: SLF001 - as pdb itself does it
        if not self._connected():
            connection = self._accept()
            # Two files: one for both would forget what it has read when it writes.
            said = connection.makefile("r", encoding="utf-8")
            shown = connection.makefile("w", encoding="utf-8")
            self._debugger = pdb.Pdb(stdin=said, stdout=shown, nosigint=True)
            self._debugger.prompt = "(Pdb) "
        self._debugger.set_trace(frame)

    def _connected(self) -> bool:
        if self._connection is None:
            return False
        import socket  # noqa: PLC0415 - see above

        try:
            return bool(self._connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def _accept(self) -> socket:
        import socket  # noqa: PLC0415 - see above

        with socket.create_server(("127.0.0.1", self._port)) as listener:
            say(f"A breakpoint: `nc 127.0.0.1 {self._port}` speaks to pdb.")
            self._connection, _ = listener.accept()
        return self._connection
