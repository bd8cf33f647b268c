"""What every client is put through; ../node/checks.mjs is the same in JavaScript."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from .lines import Lines

MESSAGE = "room number text last"
ECHO = "query Echo($text: String!) { echo(text: $text) echoVtl(text: $text) }"
SAY = f"""
mutation Say($room: ID!, $number: Int!, $text: String!, $last: Boolean!) {{
  say(room: $room, number: $number, text: $text, last: $last) {{ {MESSAGE} }}
}}
"""
SAY_VTL = SAY.replace("say(", "sayVtl(")
ASK = """
mutation Ask($room: ID!, $count: Int!, $gate: String!) {
  ask(room: $room, count: $count, gate: $gate)
}
"""
ON_SAY = f"subscription ($room: ID) {{ onSay(room: $room) {{ {MESSAGE} }} }}"
ON_UNKNOWN = "subscription ($room: ID) { onSay(room: $room) { nothing } }"
ON_SAY_CLOSED = (
    f"subscription ($room: ID) {{ onSayClosed(room: $room) {{ {MESSAGE} }} }}"
)

Variables = dict[str, Any]
Unsubscribe = Callable[[], Awaitable[None]]


async def nothing() -> None:
    """Unsubscribe from what was refused."""


class Client(Protocol):
    """A client, connected when it has something to subscribe to."""

    async def call(self, document: str, variables: Variables) -> None:
        """Tell `answer`, or why it was `refused`."""

    async def subscribe(self, document: str, variables: Variables) -> Unsubscribe:
        """Tell what is `heard`, and why it `failed`."""
        ...

    async def lost(self) -> None:
        """Wait until its user knows that a subscription has to be made again."""


Connect = Callable[..., AbstractAsyncContextManager[Client]]


class Checks:
    """The checks for one client.

    Args:
        connect: gives a client for a key; with `lasting` one that connects again.
        lines: where it tells.
        options: what whoever started this process wants.
    """

    def __init__(self, connect: Connect, lines: Lines, options: dict[str, Any]) -> None:
        self.connect = connect
        self.lines = lines
        self.options = options
        self.key = options["key"]

    async def play(self) -> None:
        """Do one after the other; one that breaks does not keep the next back."""
        checks = [self.query, self.mutation, self.subscription]
        checks += [self.two_subscriptions, self.unsubscribe, self.error_at_subscribe]
        checks += [self.stream, self.restart, self.denied]
        for check in checks:
            head, *rest = check.__name__.split("_")
            self.lines.start(head + "".join(map(str.capitalize, rest)))
            try:
                async with asyncio.timeout(self.options["seconds"]):
                    await check()
            except Exception:  # noqa: BLE001 -- the report tells it
                self.lines.tell("broken", traceback.format_exc())

    async def query(self) -> None:
        async with self.connect(self.key) as client:
            await client.call(ECHO, {"text": "hällo"})
            await client.call("query Nothing { nothing }", {})

    async def mutation(self) -> None:
        async with self.connect(self.key) as client:
            await client.call(SAY, self.message("a", 1))
            await client.call(SAY_VTL, self.message("a", 2))

    async def subscription(self) -> None:
        async with self.connect(self.key) as client:
            unsubscribe = await client.subscribe(ON_SAY, self.room("a"))
            await self.acknowledged(1)
            await client.call(SAY, self.message("b", 0))
            await client.call(SAY, self.message("a", 1))
            await client.call(SAY_VTL, self.message("a", 2))
            await self.heard("a", 2)
            await unsubscribe()
            await self.completed(1)

    async def two_subscriptions(self) -> None:
        async with self.connect(self.key) as client:
            first = await client.subscribe(ON_SAY, self.room("a"))
            second = await client.subscribe(ON_SAY, self.room("b"))
            await self.acknowledged(2)
            await client.call(SAY, self.message("a", 1))
            await self.heard("a", 1)
            await client.call(SAY_VTL, self.message("b", 2))
            await self.heard("b", 2)
            await first()
            await second()
            await self.completed(2)

    async def unsubscribe(self) -> None:
        async with self.connect(self.key) as client:
            leave = await client.subscribe(ON_SAY, self.room("a"))
            leave_too = await client.subscribe(ON_SAY, self.room("b"))
            await self.acknowledged(2)
            await leave()
            await self.completed(1)
            await client.call(SAY, self.message("a", 1))
            await client.call(SAY, self.message("b", 2))
            await self.heard("b", 2)
            await leave_too()
            await self.completed(2)

    async def error_at_subscribe(self) -> None:
        async with self.connect(self.key) as client:
            leave = await client.subscribe(ON_SAY, self.room("a"))
            await self.acknowledged(1)
            await client.subscribe(ON_UNKNOWN, self.room("b"))
            await self.lines.told("failed")
            await client.subscribe(ON_SAY_CLOSED, self.room("c"))
            await self.lines.told("failed", times=2)
            await client.call(SAY, self.message("a", 1))
            await self.heard("a", 1)
            await leave()
            await self.completed(1)

    async def stream(self) -> None:
        count, gate = self.options["count"], self.options["gate"]
        async with self.connect(self.key) as client:
            leave = await client.subscribe(ON_SAY, self.room("a"))
            await self.acknowledged(1)
            variables = {**self.room("a"), "count": count, "gate": gate}
            await client.call(ASK, variables)
            await self.lines.ask("open gate")
            await self.lines.told("heard", lambda token: token["last"])
            await leave()
            await self.completed(1)

    async def restart(self) -> None:
        async with self.connect(self.key, lasting=True) as client:
            await client.subscribe(ON_SAY, self.room("a"))
            await self.acknowledged(1)
            await client.call(SAY, self.message("a", 1))
            await self.heard("a", 1)
            await self.lines.ask("restart")
            await client.lost()
            self.lines.tell("again")
            leave = await client.subscribe(ON_SAY, self.room("a"))
            await self.acknowledged(2)
            await client.call(SAY, self.message("a", 2))
            await self.heard("a", 2)
            await leave()
            await self.completed(1)

    async def denied(self) -> None:
        async with self.connect("da2-wrong") as client:
            await client.call(ECHO, {"text": "x"})
            await client.subscribe(ON_SAY, self.room("a"))
            await self.lines.told("failed")

    def room(self, letter: str) -> Variables:
        return {"room": f"{self.options['name']}/{letter}"}

    def message(self, letter: str, number: int) -> Variables:
        text = f"äß€😀{number}"
        return {**self.room(letter), "number": number, "text": text, "last": False}

    async def heard(self, letter: str, number: int) -> None:
        message = self.message(letter, number)
        await self.lines.told("heard", lambda heard: heard == message)

    async def acknowledged(self, times: int) -> None:
        await self.frames("start_ack", times)

    async def completed(self, times: int) -> None:
        await self.frames("complete", times)

    async def frames(self, type_: str, times: int) -> None:
        await self.lines.told("frame", lambda frame: frame["type"] == type_, times)
