"""Mistakes of tests: each is told where it is made, and harms no other test."""

import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.faults import SubscriptionFault
from appsync_emulator.testing import Appsync, start

from .project import ECHO, ON_TOKEN, PUBLISH

pytestmark = pytest.mark.ours("what tests are told is our own")

ITEM = 'query { item(id: "1") }'


def leave(_request: Any) -> None:
    sys.exit(3)


def interrupt(_request: Any) -> None:
    raise KeyboardInterrupt


def stop(_request: Any) -> None:
    raise StopIteration


async def leave_later(_request: Any) -> None:
    sys.exit(3)


@pytest.mark.parametrize(
    ("handler", "error_type"),
    [
        (leave, "SystemExit"),
        (leave_later, "SystemExit"),
        (interrupt, "KeyboardInterrupt"),
        (stop, "StopIteration"),
    ],
)
def test_nothing_that_a_data_source_raises_ends_the_emulator(
    appsync: Appsync, handler: Any, error_type: str
) -> None:
    appsync.data_sources["Table"] = handler
    assert appsync.client.execute(ITEM).error_types == [error_type]
    assert appsync.client.execute(ECHO).data == {"echo": "hello"}


def test_a_data_source_that_hangs_does_not_hold_up_the_end(
    project_template: Path, data_dir: Path
) -> None:
    go_on, begun = threading.Event(), threading.Event()

    def table(_request: Any) -> None:
        begun.set()
        go_on.wait(30)

    def ask(appsync: Appsync) -> None:
        with pytest.raises(RuntimeError, match="The emulator has ended"):
            appsync.client.execute(ITEM)

    with start(project_template, data_dir=str(data_dir)) as appsync:
        appsync.data_sources["Table"] = table
        asking = threading.Thread(target=ask, args=(appsync,))
        asking.start()
        assert begun.wait(5)
    assert not go_on.is_set()
    asking.join(5)
    assert not asking.is_alive()
    go_on.set()
    with pytest.raises(RuntimeError, match="The emulator has ended: its block"):
        appsync.client.execute(ECHO)


def test_what_cannot_be_called_takes_nobodys_place(appsync: Appsync) -> None:
    wrong: Any = {"id": "1"}
    with pytest.raises(TypeError, match=r"functions\['Ask'\] takes handler"):
        appsync.functions["Ask"] = wrong
    with pytest.raises(TypeError, match="this is a dict"):
        appsync.data_sources["Table"] = wrong


def test_an_object_may_be_an_asynchronous_handler(appsync: Appsync) -> None:
    class Table:
        async def __call__(self, _request: Any) -> str:
            return "found"

    appsync.data_sources["Table"] = Table()
    assert appsync.client.execute(ITEM).data == {"item": "found"}


def test_what_is_not_replaced_is_told(appsync: Appsync) -> None:
    with pytest.raises(KeyError, match="Did you mean 'Table'"):
        appsync.data_sources["Tabel"]
    with pytest.raises(KeyError, match="the data source 'Table'"):
        del appsync.data_sources["Table"]
    with pytest.raises(KeyError, match="the function 'Ask'"):
        del appsync.functions["Ask"]


@pytest.mark.parametrize(
    ("field", "options", "words"),
    [
        ("onTokn", {"drop": 1}, "Did you mean 'onToken'"),
        ("onToken", {"dorp": 1}, "no option 'dorp'. Did you mean 'drop'"),
        ("onToken", {"name": "x"}, "no option 'name'"),
    ],
)
def test_a_fault_that_could_not_happen_is_told(
    appsync: Appsync, field: str, options: dict[str, Any], words: str
) -> None:
    with pytest.raises((KeyError, TypeError), match=words):
        appsync.faults.subscription(field, **options)


@pytest.mark.parametrize(
    "options", [{"delay": "1"}, {"cut_after": 1.5}, {"jitter": float("nan")}]
)
def test_a_fault_has_numbers(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="from 0 up"):
        SubscriptionFault(**options)


async def test_nothing_is_done_with_what_is_not_awaited(appsync: Appsync) -> None:
    answer: Any = appsync.client.execute(ECHO)
    with pytest.raises(TypeError, match=r"await client.execute\(…\)"):
        assert answer
    with pytest.raises(TypeError, match="await"):
        answer[0]
    await answer


def test_a_subscription_that_is_left_open_ends_with_its_test(appsync: Appsync) -> None:
    left = appsync.subscribe(ON_TOKEN)
    events = left.__enter__()
    appsync.reset()
    assert events.closed
    appsync.client.execute(PUBLISH, {"text": "x"})
    assert events.received == []
    assert appsync.deliveries[0].verdicts == ()
    left.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"stak_name": "x"}, "no setting 'stak_name'. Did you mean 'stack_name'"),
        ({"api_key": ""}, "printable"),
    ],
)
def test_a_setting_that_is_none_is_told(
    project_template: Path, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words), start(project_template, **settings):
        pass


def test_settings_that_may_be_several_may_be_one(
    project_template: Path, data_dir: Path
) -> None:
    with start(
        project_template,
        data_dir=str(data_dir),
        api_key="da2-mine",
        fault="subscription onToken drop=1",
    ) as appsync:
        assert appsync.api_key == "da2-mine"
        for _ in range(2):
            with appsync.subscribe(ON_TOKEN) as events:
                appsync.client.execute(PUBLISH, {"text": "x"})
                assert events.received == []
                assert len(appsync.faults.happened) == 1
            appsync.reset()


def test_a_long_story_has_its_beginning(appsync: Appsync) -> None:
    appsync.client.execute(ECHO)
    for number in range(80):
        appsync.client.execute(PUBLISH, {"text": str(number)})
    told = appsync.timeline()
    assert told.splitlines()[0].endswith(ECHO)
    assert "further entries" in told
    assert '"text":"79"' in told
