"""A subscription, and the seams to who cuts events for it and who carries them."""

import math
from collections.abc import Callable, Mapping
from typing import Protocol

from appsync_emulator.realtime.protocol import data_prefix
from appsync_emulator.types import JSON

Project = Callable[[JSON], bytes]
"""Completed value of the mutation field -> JSON text of the payload of `data`."""

Accept = Callable[[JSON], bool]
"""Completed value of the mutation field -> whether the event is for the subscriber."""


class Outbox(Protocol):
    """Where a subscriber's messages go; it must neither block nor raise."""

    @property
    def name(self) -> str:
        """What the connection is called, for people."""
        ...

    def deliver(self, head: bytes, tail: bytes) -> None:
        """Write `head` and `tail` as one text message.

        `tail` is shared between subscribers.
        """
        ...

    def revoke(self, id: str) -> None:  # noqa: A002 -- the wire's name for it
        """End the subscription `id`, and with it the connection."""
        ...


class Subscription:
    """A subscription that may be, or is, registered with a hub.

    Args:
        id: the client's.
        field: name of the subscription field.
        arguments: those the client gave, an explicit null as None.
        project: called once per event for all subscriptions that share it.
        outbox: the subscriber's connection.
        accept: an enhanced filter; it takes the place of filtering by arguments.
        revoked_by: an invalidation filter: the payloads that end the subscription.

    Attributes:
        registered: whether a hub delivers to it.
        since: number of the last event before it.
        until: number of the last event that could be for it; infinite while registered.
    """

    __slots__ = (
        "accept",
        "arguments",
        "field",
        "id",
        "outbox",
        "prefix",
        "project",
        "registered",
        "revoked_by",
        "since",
        "until",
    )

    def __init__(
        self,
        id: str,  # noqa: A002 -- the wire's name for it
        field: str,
        arguments: Mapping[str, JSON],
        project: Project,
        outbox: Outbox,
        *,
        accept: Accept | None = None,
        revoked_by: Accept | None = None,
    ) -> None:
        self.id = id
        self.field = field
        self.arguments = arguments
        self.project = project
        self.outbox = outbox
        self.accept = accept
        self.revoked_by = revoked_by
        self.prefix = data_prefix(id)
        self.registered = False
        self.since: float = 0
        self.until: float = math.inf
