"""What we want of uvicorn, which serves ASGI over HTTP/1.1 for us."""

import asyncio
import logging
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

KEEP_ALIVE = 75
"""Seconds that an idle connection is kept."""


def make_config(app: Any) -> Config:
    """Give uvicorn's configuration for `app`, loaded.

    No `server` header, as AppSync has none; for `date` see `HttpState`.
    """
    config = Config(
        app,
        interface="asgi3",
        http=HttpToolsProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
    )
    config.load()
    return config


def _is_failure(record: logging.LogRecord) -> bool:
    """Tell a request that failed from one that was cut off when the server ended."""
    error = record.exc_info and record.exc_info[1]
    return not isinstance(error, asyncio.CancelledError)


logging.getLogger("uvicorn.error").addFilter(_is_failure)
