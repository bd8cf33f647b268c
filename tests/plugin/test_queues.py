"""Queues between functions: their messages are work as well."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appsync_emulator.testing import Appsync, WaitFailed
from appsync_emulator.testing.servers import Servers

PROJECT = Path(__file__).parents[2] / "examples" / "queue-worker"
ASK = 'mutation { ask(session: "s", prompt: "Why?") }'
ON_TOKEN = 'subscription { onToken(session: "s") { sequence done } }'

pytestmark = pytest.mark.ours("waiting for queues is our own")


@pytest.fixture
def appsync(servers: Servers, data_dir: Path) -> Iterator[Appsync]:
    """Serve the example with a queue."""
    with servers.lend(PROJECT, 20.0, {"data_dir": str(data_dir)}) as appsync:
        yield appsync


def test_idle_waits_for_what_is_in_a_queue(appsync: Appsync) -> None:
    with appsync.subscribe(ON_TOKEN) as events:
        appsync.client.execute(ASK)
        appsync.idle()
        assert events.received[-1]["done"]
    assert len(appsync.invocations) == 2


def test_a_message_that_comes_back_later_is_told_and_not_left_behind(
    appsync: Appsync,
) -> None:
    appsync.faults.function("WorkerPython", crash_after=0)
    appsync.client.execute(ASK)
    with pytest.raises(WaitFailed, match=r"queue \S+ holds 1 messages"):
        appsync.idle(1)
    appsync.reset()
    appsync.idle(1)
