"""Pieces of a streamed response: passed on as they come, held back by a slow reader."""

import asyncio

import pytest

from appsync_emulator.lambdas.parts import FULL, Parts

pytestmark = pytest.mark.ours("a bound for every queue")


class Source:
    """What pieces come from."""

    def __init__(self) -> None:
        self.paused = False

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


async def test_pieces_come_in_order_and_end() -> None:
    parts, source = Parts(), Source()
    parts.put(b"a", source)
    pieces = aiter(parts)
    assert await anext(pieces) == b"a"
    waiting = asyncio.get_running_loop().create_task(anext(pieces, None))
    await asyncio.sleep(0)
    assert not waiting.done()
    parts.put(b"b", source)
    parts.put(b"c", source)
    parts.end()
    assert await waiting == b"bc"
    assert await anext(pieces, None) is None


async def test_who_reads_later_gets_what_is_there() -> None:
    parts = Parts()
    assert not parts.begun.is_set()
    parts.put(b"a", Source())
    parts.end()
    assert parts.begun.is_set()
    assert [piece async for piece in parts] == [b"a"]


async def test_nothing_at_all_is_an_end_too() -> None:
    parts = Parts()
    parts.end()
    assert parts.begun.is_set()
    assert [piece async for piece in parts] == []


async def test_a_slow_reader_stops_the_source() -> None:
    parts, source = Parts(), Source()
    parts.put(bytes(FULL), source)
    assert not source.paused
    parts.put(b"more", source)
    assert source.paused
    assert len(await anext(aiter(parts))) == FULL + 4
    assert not source.paused


async def test_who_has_gone_stops_nothing() -> None:
    parts, source = Parts(), Source()
    parts.put(bytes(FULL + 1), source)
    assert source.paused
    parts.abandon()
    assert not source.paused
    parts.put(bytes(FULL + 1), source)
    assert not source.paused
