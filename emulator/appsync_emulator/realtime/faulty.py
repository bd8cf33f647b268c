"""Deliveries that come late, twice, in another order or not at all, on purpose."""

import asyncio
from collections import deque
from random import Random
from typing import Protocol, runtime_checkable

from appsync_emulator.background import Background
from appsync_emulator.faults import Faults, SubscriptionFault
from appsync_emulator.realtime.subscription import Outbox

LONGEST = 10_000
"""Events of one subscription that may be held back; more are dropped."""

Event = tuple[bytes, bytes]


@runtime_checkable
class Connection(Outbox, Protocol):
    """An outbox that can be cut off."""

    def abort(self) -> None:
        """End the connection at once."""
        ...


class FaultyOutbox:
    """Stands between a subscription and its connection.

    Args:
        outbox: the connection.
        field: of the subscription, for notes.
        fault: what happens to its events.
        faults: gives the dice and takes notes.
        background: owns what is late.
    """

    def __init__(
        self,
        outbox: Outbox,
        field: str,
        fault: SubscriptionFault,
        faults: Faults,
        background: Background,
    ) -> None:
        self._outbox = outbox
        self._field = field
        self._fault = fault
        self._faults = faults
        self._background = background
        self._dice: Random = faults.dice(field)
        self._held: Event | None = None
        self._late: deque[tuple[float, Event]] = deque()
        self._sending: asyncio.Task[None] | None = None
        self._number = 0
        self._cut = False

    @property
    def name(self) -> str:
        """What the connection is called."""
        return self._outbox.name

    def revoke(self, id: str) -> None:  # noqa: A002 -- as `Outbox`
        """End the subscription `id`, and with it the connection."""
        self._outbox.revoke(id)

    def deliver(self, head: bytes, tail: bytes) -> None:
        """Throw the dice, always the same number of times, for each event."""
        if self._cut:
            return
        fault, dice = self._fault, self._dice
        self._number += 1
        drop, twice, swap, wait = (dice.random() for _ in range(4))
        event = (head, tail)
        if drop < fault.drop:
            self._note("is dropped")
        elif swap < fault.reorder and self._held is None:
            self._note("is overtaken")
            self._held = event
            # Nobody can overtake the last one; it comes when the loop is free.
            self._background.start(self._let_go(), "event that is overtaken")
        else:
            self._send(event, fault.delay + wait * fault.jitter)
            if twice < fault.duplicate:
                self._note("comes twice")
                self._send(event, fault.delay + wait * fault.jitter)
            if self._held is not None:
                held, self._held = self._held, None
                self._send(held, fault.delay + wait * fault.jitter)
        if fault.cut_after is not None and self._number >= fault.cut_after:
            self._break()

    async def _let_go(self) -> None:
        """Send an event that nothing has overtaken for a while."""
        held = self._held
        await asyncio.sleep(0.2 + self._fault.delay)
        if held is not None and self._held is held:
            self._held = None
            self._send(held, 0.0)

    def _send(self, event: Event, seconds: float) -> None:
        if seconds <= 0 and not self._late:
            self._outbox.deliver(*event)
            return
        if len(self._late) >= LONGEST:
            self._note("is dropped, because too many are late")
            return
        due = asyncio.get_running_loop().time() + seconds
        self._late.append((due, event))
        if self._sending is None or self._sending.done():
            self._sending = self._background.start(self._send_late(), "late event")

    async def _send_late(self) -> None:
        """Send what is late in its order, as a slow network would."""
        loop = asyncio.get_running_loop()
        while self._late:
            due, event = self._late[0]
            await asyncio.sleep(max(due - loop.time(), 0.0))
            if self._cut:
                self._late.clear()
                return
            self._late.popleft()
            self._outbox.deliver(*event)

    def _break(self) -> None:
        self._cut = True
        self._note("is the last one, the connection breaks")
        if isinstance(self._outbox, Connection):
            # Not in the call that publishes: others still get the event.
            asyncio.get_running_loop().call_soon(self._outbox.abort)

    def _note(self, what: str) -> None:
        self._faults.note(f"event {self._number} of {self._field} {what}")
