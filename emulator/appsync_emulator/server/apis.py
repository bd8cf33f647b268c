"""Which API a request is for.

An API is named by the path, `/<apiId>/graphql`, or by the host,
`<apiId>.appsync-api.<region>.localhost`; without a name it is the first one.
"""

import re
from collections.abc import Mapping
from typing import Generic, TypeVar

T = TypeVar("T")

_PATH = re.compile(r"(?:/([A-Za-z0-9]+))?/graphql(/realtime)?/?")
_HOST = re.compile(r"([a-z0-9]+)\.appsync-(?:realtime-)?api\.", re.IGNORECASE)


class Apis(Generic[T]):
    """The APIs of an application, by where requests for them go.

    Args:
        apis: by id; the first is the one that needs no name.
    """

    def __init__(self, apis: Mapping[str, T]) -> None:
        self._by_path = apis
        # Names of hosts have no case, and browsers write them in lower case.
        self._by_host = {name.lower(): api for name, api in apis.items()}
        self._first = next(iter(apis.values()), None)

    def find(self, path: str, host: str) -> T | None:
        """Give the API that a websocket is for, None when there is none.

        Both `/graphql` and `/graphql/realtime` take websockets: default hosts use the
        one and custom domains the other (developer guide, building a real-time
        WebSocket client).
        """
        match = _PATH.fullmatch(path)
        return None if match is None else self._named(match[1], host)

    def find_graphql(self, path: str, host: str) -> T | None:
        """Give the API that a GraphQL request over HTTP is for, None for none."""
        match = _PATH.fullmatch(path)
        if match is None or match[2] is not None:
            return None
        return self._named(match[1], host)

    def _named(self, name: str | None, host: str) -> T | None:
        if name is not None:
            return self._by_path.get(name)
        by_host = _HOST.match(host)
        return self._first if by_host is None else self._by_host.get(by_host[1].lower())
