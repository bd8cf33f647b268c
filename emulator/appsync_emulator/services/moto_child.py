"""The process that moto's server runs in: `python -m …moto_child DESCRIPTOR`.

It gets a listening socket, and on standard input one line of JSON: the application's
user pools with their keys, and the requests that make its queues and topics. All of it
is there, and they are answered, before the first connection
is accepted, so whoever connects early waits and finds everything there. It prints
`ready`, or why it cannot be, and ends when standard input does: with its parent,
however that ends. moto alone takes 60 MB and a third of a second to import, which is
why it is not in the emulator's own process.
"""

import contextlib
import json
import logging
import os
import socket
import sys
import threading
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server
from werkzeug.test import Client


def main() -> None:
    """Serve until standard input ends."""
    setup = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    descriptor = int(sys.argv[1])
    with socket.socket(fileno=os.dup(descriptor)) as listening:
        port = listening.getsockname()[1]
    app = DomainDispatcherApplication(create_backend_app)
    if setup["user_pools"]:
        problem = _make_pools(setup)
        if problem is not None:
            print(f"failed user pools: {problem}", flush=True)
            return
    for one in setup["requests"]:
        problem = _ask(app, one, f"http://127.0.0.1:{port}")
        if problem is not None:
            print(f"failed {one['action']}: {problem}", flush=True)
            return
    print("ready", flush=True)
    server = make_server(
        "127.0.0.1",
        port,
        app,
        threaded=True,
        request_handler=MotoRequestHandler,
        fd=descriptor,
    )
    server.serve_forever()


def _make_pools(setup: dict[str, Any]) -> str | None:
    """Make the user pools; gives why they cannot be made."""
    # Imported here: most applications have none, and it takes time.
    from appsync_emulator.services.cognito_child import install  # noqa: PLC0415
    from appsync_emulator.services.user_pools import read_pools  # noqa: PLC0415

    try:
        pools = read_pools(setup["user_pools"])
        install(pools, setup["account"], setup["region"])
    except Exception as error:  # noqa: BLE001 -- another moto may have another inside
        return f"{type(error).__name__}: {error}"
    return None


def _ask(app: Any, one: dict[str, Any], base: str) -> str | None:
    """Answer a request in this process; gives what was wrong with it."""
    answer = Client(app).post(
        "/", base_url=base, headers=one["headers"], data=one["body"].encode()
    )
    return None if answer.status_code < 300 else answer.get_data(as_text=True)


def _end_with_parent() -> None:
    with contextlib.suppress(OSError):
        sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
