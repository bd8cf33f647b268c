"""An emulator without pytest: as a block, in unittest, on any event loop."""

import asyncio
import os
import sys
import threading
import unittest
from pathlib import Path
from typing import Any, ClassVar

import pytest

from appsync_emulator.errors import ProjectError
from appsync_emulator.testing import Appsync, start

from .project import ECHO, ON_TOKEN, PUBLISH

pytestmark = pytest.mark.ours("starting an emulator in tests is our own")


@pytest.fixture
def settings(data_dir: Path) -> dict[str, Any]:
    return {"data_dir": str(data_dir)}


def test_it_runs_for_the_length_of_a_block(
    project_template: Path, settings: dict[str, Any]
) -> None:
    before = threading.active_count()
    with start(project_template, **settings) as appsync:
        assert appsync.client.execute(ECHO).data == {"echo": "hello"}
        assert appsync.template == project_template.resolve()
    assert threading.active_count() == before


async def test_it_runs_for_the_length_of_an_async_block(
    project_template: Path, settings: dict[str, Any]
) -> None:
    async with start(project_template.parent, **settings) as appsync:
        answer = await appsync.client.execute(ECHO)
        assert answer.data == {"echo": "hello"}


def test_several_run_side_by_side(
    project_template: Path, settings: dict[str, Any]
) -> None:
    with (
        start(project_template, **settings) as one,
        start(project_template, stack_name="other", **settings) as other,
    ):
        assert one.url != other.url
        one.functions["Echo"] = lambda _event, _context: "one"
        assert one.client.execute(ECHO).data == {"echo": "one"}
        assert other.client.execute(ECHO).data == {"echo": "hello"}


def test_without_a_name_the_template_of_the_folder_is_taken(
    project_template: Path, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project_template.parent)
    with start(**settings) as appsync:
        assert appsync.template == project_template.resolve()


def test_what_is_wrong_with_the_project_is_raised(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="There is no template"), start(tmp_path):
        pass
    with pytest.raises(ValueError, match="--port"), start(tmp_path, port=-1):
        pass
    (tmp_path / "template.json").write_text('{"Resources": {}}')
    with pytest.raises(ValueError, match="has no API"), start(tmp_path):
        pass


def test_under_a_debugger_nothing_is_out_of_time(
    project_template: Path, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "debugpy", sys)
    with start(project_template, **settings) as appsync:
        assert appsync.timeout > 3_600
        appsync.functions["Echo"] = lambda _event, context: str(
            context.get_remaining_time_in_millis()
        )
        remaining = appsync.client.execute(ECHO).data["echo"]
        assert int(remaining) > 3_600_000


def test_a_handle_serves_many_event_loops(
    project_template: Path, settings: dict[str, Any]
) -> None:
    async def query(appsync: Appsync) -> Any:
        return (await appsync.client.execute(ECHO)).data

    with start(project_template, **settings) as appsync:
        for _ in range(2):
            assert asyncio.run(query(appsync)) == {"echo": "hello"}


def test_unittest_uses_it_as_well(
    project_template: Path, settings: dict[str, Any]
) -> None:
    class Chat(unittest.TestCase):
        appsync: ClassVar[Appsync]

        @classmethod
        def setUpClass(cls) -> None:
            cls.appsync = cls.enterClassContext(start(project_template, **settings))

        def test_echo(self) -> None:
            answer = self.appsync.client.execute(ECHO)
            assert answer.data == {"echo": "hello"}

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Chat).run(result)
    assert result.wasSuccessful(), result
    assert result.testsRun == 1


def test_an_event_loop_of_another_kind_is_blocked_for_it(
    project_template: Path, settings: dict[str, Any]
) -> None:
    async def chat() -> None:
        async with (
            start(project_template, **settings) as appsync,
            appsync.subscribe(ON_TOKEN) as events,
        ):
            answer = await appsync.client.execute(PUBLISH, {"text": "x"})
            assert answer.status == 200
            assert (await anext(events))["text"] == "x"
            assert await events.take(0) == []

    with pytest.raises(StopIteration):  # it came to its end, and nobody drove it
        chat().send(None)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_is_told_that_it_has_no_emulator(
    project_template: Path, settings: dict[str, Any]
) -> None:
    with start(project_template, **settings) as appsync:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                appsync.client.execute(ECHO)
            except RuntimeError as error:
                os.write(writer, str(error).encode())
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as told:
            assert "from which this one was forked" in told.read()
        os.waitpid(child, 0)
