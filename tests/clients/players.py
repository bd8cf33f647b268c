"""All clients at once, each in a process of its own, against one server."""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .server import Server
from .ways import HERE, WAYS, Way, node_scripts

TOKENS = 500
CHECK_SECONDS = 120
"""For one check; the restart's is spent waiting for the slowest client."""
ALL_SECONDS = 300


class Lines(list[dict[str, Any]]):
    """What a client told: one JSON object with one name a line."""

    def all(self, name: str) -> list[Any]:
        """Give every value with a name, in order."""
        return [line[name] for line in self if name in line]

    def one(self, name: str) -> Any:
        """Give the only value with a name."""
        (value,) = self.all(name)
        return value

    def place(self, name: str) -> int:
        """Tell where a name comes first."""
        return next(place for place, line in enumerate(self) if name in line)


@dataclass
class Played:
    """What a client's process has told.

    Attributes:
        lines: for each check, in order.
        ended: how the process ended, and what it said besides.
    """

    lines: dict[str, Lines] = field(default_factory=dict)
    ended: str = f"it had not ended after {ALL_SECONDS} s"


class Restart:
    """Restarts the server once all clients that are still there have asked for it."""

    def __init__(self, server: Server, clients: int) -> None:
        self._server = server
        self._clients = clients
        self._asked = 0
        self._all_asked = asyncio.Event()
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def ask(self) -> None:
        """Return when the server is there again."""
        self._asked += 1
        self._look()
        await asyncio.shield(self._done)

    def leave(self) -> None:
        """Be counted no longer."""
        self._clients -= 1
        self._look()

    async def run(self) -> None:
        """Do it, once."""
        await self._all_asked.wait()
        await asyncio.to_thread(self._server.restart)
        self._done.set_result(None)

    def _look(self) -> None:
        if self._asked >= self._clients:
            self._all_asked.set()


async def play_all(
    names: Collection[str], server: Server, folder: Path
) -> dict[str, Played]:
    """Run all checks with the clients of these names."""
    if not names:
        return {}
    needs_node = any(WAYS[name].place != "Python" for name in names)
    scripts = node_scripts(folder / "node") if needs_node else folder
    restart = Restart(server, len(names))
    played = {name: Played() for name in names}
    with suppress(TimeoutError):  # what was told until then counts
        async with asyncio.timeout(ALL_SECONDS), asyncio.TaskGroup() as group:
            group.create_task(restart.run())
            for number, name in enumerate(names):
                own = folder / str(number)
                own.mkdir()
                player = Player(name, WAYS[name], server, own, restart, played[name])
                group.create_task(player.play(scripts))
    return played


@dataclass
class Player:
    """One client's process."""

    name: str
    way: Way
    server: Server
    folder: Path
    restart: Restart
    played: Played

    async def play(self, scripts: Path) -> None:
        """Run it to its end."""
        gate = self.folder / "gate"
        options = self.way.options(self.server) | {
            "name": self.name,
            "gate": str(gate),
            "count": TOKENS,
            "seconds": CHECK_SECONDS,
        }
        with (self.folder / "errors").open("w+") as errors:
            process = await asyncio.create_subprocess_exec(
                *self.way.command(scripts),
                json.dumps(options),
                cwd=HERE.parent if self.way.place == "Python" else scripts,
                env=self.way.environment(self.server.ca, self.folder),
                stdin=PIPE,
                stdout=PIPE,
                stderr=errors,
                limit=2**20,
            )
            asked = False
            try:
                asked = await self._follow(process, gate)
                code = await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
                if not asked:
                    self.restart.leave()
            errors.seek(0)
            self.played.ended = f"it ended with {code}\n{errors.read()}"

    async def _follow(self, process: Process, gate: Path) -> bool:
        """Sort its lines by check and do what it asks for.

        Returns:
            Whether it has asked for the restart.
        """
        assert process.stdin is not None
        assert process.stdout is not None
        asked = False
        current = self.played.lines.setdefault("", Lines())
        async for text in process.stdout:
            line = json.loads(text)
            if "check" in line:
                current = self.played.lines.setdefault(line["check"], Lines())
                continue
            current.append(line)
            if line.get("asked") == "open gate":
                await asyncio.to_thread(gate.touch)
            elif line.get("asked") == "restart":
                asked = True
                await self.restart.ask()
            else:
                continue
            process.stdin.write(b"\n")
        return asked
