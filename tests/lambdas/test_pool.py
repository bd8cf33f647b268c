"""Execution environments: cold, warm, several, throttled, replaced, retired."""

import asyncio
import os
from typing import Any

import orjson
import pytest

from appsync_emulator.background import Background
from appsync_emulator.errors import EmulatorError, NotEmulated
from appsync_emulator.lambdas import pool as pool_module
from appsync_emulator.lambdas.invocation import (
    Done,
    Event,
    Invocation,
    InvokeRejected,
    new_event,
)
from appsync_emulator.lambdas.pool import Pool
from appsync_emulator.settings import Settings

pytestmark = pytest.mark.aws_doc("Lambda developer guide, function scaling")

PID = """
import os, time
def handler(event, context):
    if event: time.sleep(event)
    return os.getpid()
"""


async def test_one_environment_serves_events_one_after_another(
    make_function: Any, start: Any
) -> None:
    lambdas = await start(make_function(PID))
    pids = {(await lambdas.invoke("fn", b"0")).payload for _ in range(5)}
    assert len(pids) == 1


async def test_events_at_the_same_time_get_environments_of_their_own(
    make_function: Any, start: Any
) -> None:
    lambdas = await start(make_function(PID))
    calls = [lambdas.invoke("fn", b"0.3") for _ in range(3)]
    pids = {answer.payload for answer in await asyncio.gather(*calls)}
    assert len(pids) == 3


@pytest.mark.ours("the setting limits what one machine has to carry")
async def test_beyond_the_limit_events_wait(make_function: Any, start: Any) -> None:
    lambdas = await start(make_function(PID), settings=Settings(max_environments=2))
    calls = [lambdas.invoke("fn", b"0.05") for _ in range(8)]
    pids = {answer.payload for answer in await asyncio.gather(*calls)}
    assert len(pids) == 2


@pytest.mark.aws_observed("localstack lambda snapshots, test_reserved_concurrency")
@pytest.mark.parametrize("reserved", [0, 1])
async def test_reserved_concurrency_throttles(
    reserved: int, make_function: Any, start: Any
) -> None:
    function = make_function(PID, reserved_concurrency=reserved, timeout=10)
    lambdas = await start(function)
    async with asyncio.TaskGroup() as group:
        running = [
            group.create_task(lambdas.invoke("fn", b"0.2")) for _ in range(reserved)
        ]
        await asyncio.sleep(0)
        with pytest.raises(InvokeRejected) as rejected:
            await lambdas.invoke("fn", b"0")
    error = rejected.value
    assert (error.error_type, error.status) == ("TooManyRequestsException", 429)
    assert error.message == "Rate Exceeded."
    assert error.reason == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert all(task.result().function_error is None for task in running)


CODE = "def handler(event, context): return '%s'"


@pytest.mark.ours("edit and try again, without a restart")
async def test_changed_code_gets_new_environments(
    make_function: Any, start: Any
) -> None:
    function = make_function(CODE % "first")
    lambdas = await start(function)
    assert (await lambdas.invoke("fn", b"{}")).payload == b'"first"'
    (function.code / "app.py").write_text(CODE % "second version")
    assert await eventually(lambdas, b'"second version"')


@pytest.mark.ours("edit and try again, without a restart")
async def test_new_files_deep_in_the_folder_count_as_well(
    make_function: Any, start: Any
) -> None:
    code = """
    import os
    found = os.path.exists('lib/deep/new.txt')
    def handler(event, context): return found
    """
    function = make_function(code)
    lambdas = await start(function)
    assert (await lambdas.invoke("fn", b"{}")).payload == b"false"
    (function.code / "lib" / "deep").mkdir(parents=True)
    (function.code / "lib" / "deep" / "new.txt").touch()
    assert await eventually(lambdas, b"true")


async def eventually(lambdas: Any, payload: bytes) -> bool:
    """Invoke until the code was looked at again: at most 2 % of the time goes there."""
    while (await lambdas.invoke("fn", b"{}")).payload != payload:
        pass
    return True


@pytest.mark.ours("what runs is not disturbed by an edit")
async def test_running_work_ends_in_the_old_code(
    make_function: Any, start: Any, until_printed: Any
) -> None:
    code = """
    import os, time
    def handler(event, context):
        if event == 'wait':
            print('waiting')
            while not os.path.exists('go'): time.sleep(0.01)
        return '%s'
    """
    function = make_function(code % "old", timeout=20)
    lambdas = await start(function)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(lambdas.invoke("fn", b'"wait"'))
        await until_printed("waiting")
        make_function(code % "new", timeout=20)
        assert await eventually(lambdas, b'"new"')
        (function.code / "go").touch()
    assert waiting.result().payload == b'"old"'


@pytest.mark.ours("Python's compiled files know the second and the size only")
async def test_two_changes_of_the_same_size_in_a_second_are_seen(
    make_function: Any, start: Any
) -> None:
    lambdas = await start(make_function(CODE % 0))
    for number in range(1, 6):
        make_function(CODE % number)
        assert await eventually(lambdas, b'"%d"' % number)


@pytest.mark.ours("the interpreter's own files are no change of the code")
async def test_compiled_files_are_no_change(make_function: Any, start: Any) -> None:
    function = make_function("import other\n" + PID)
    (function.code / "other.py").write_text("")
    for file in function.code.iterdir():
        os.utime(file, (0, 0))
    lambdas = await start(function)
    pids = {(await lambdas.invoke("fn", b"0")).payload for _ in range(100)}
    assert (function.code / "__pycache__").exists()
    assert len(pids) == 1


UNSUPPORTED = {
    "java21": "E001 The Lambda runtime java21 (of fn) is not emulated.",
    "dotnet8": "E001 The Lambda runtime dotnet8 (of fn) is not emulated.",
    "ruby3.3": "E001 The Lambda runtime ruby3.3 (of fn) is not emulated.",
    "": "E001 A Lambda function without a runtime, such as an image (fn) is not "
    "emulated.",
}


@pytest.mark.ours("never a false success")
@pytest.mark.parametrize("runtime", UNSUPPORTED)
async def test_other_runtimes_are_named(
    runtime: str, make_function: Any, start: Any
) -> None:
    function = make_function(runtime=runtime)
    lambdas = await start(function)
    assert lambdas.runner_problem(function) == UNSUPPORTED[runtime]
    with pytest.raises(NotEmulated):
        await lambdas.invoke("fn", b"{}")
    with pytest.raises(NotEmulated):
        lambdas.invoke_event("fn", b"{}")


PROBLEMS: dict[str, tuple[dict[str, Any], str]] = {
    "no Node": (
        {"runtime": "nodejs20.x"},
        (
            "It needs Node (runtime nodejs20.x), but there is no 'no-such-node'; "
            "install Node or name it with --node."
        ),
    ),
    "no Python": (
        {"runtime": "python3.12"},
        (
            "It needs Python (runtime python3.12), but there is no 'no-such-python'; "
            "name another interpreter with --python."
        ),
    ),
}


@pytest.mark.ours("the developer is told what is missing")
@pytest.mark.parametrize("problem", PROBLEMS)
async def test_a_missing_interpreter_is_told(
    problem: str, make_function: Any, start: Any
) -> None:
    about, text = PROBLEMS[problem]
    settings = Settings(node="no-such-node", python="no-such-python")
    function = make_function(**about)
    lambdas = await start(function, settings=settings)
    assert lambdas.runner_problem(function) == text
    with pytest.raises(EmulatorError, match=r"E020 Function fn cannot run\. It needs"):
        await lambdas.invoke("fn", b"{}")
    with pytest.raises(EmulatorError, match="E020"):
        lambdas.invoke_event("fn", b"{}")


@pytest.mark.ours("the developer is told what is missing")
async def test_missing_code_is_told(make_function: Any, start: Any) -> None:
    function = make_function(runtime="provided.al2023")
    lambdas = await start(function)
    problem = lambdas.runner_problem(function)
    assert problem == f"There is no file `bootstrap` in {function.code} to run it with."
    function = make_function(function.code / "nowhere")
    assert lambdas.runner_problem(function) == (
        f"Its code {function.code} does not exist."
    )


class FakeEnvironment:
    """An environment that is done when the test says so."""

    warm = True

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.done: Done | None = None
        self.closed = False

    def run(self, event: Event, done: Done) -> None:
        self.events.append(event)
        self.done = done

    def finish(self) -> None:
        done, self.done = self.done, None
        assert done is not None
        done(Invocation(b"1", None, self.events[-1].request_id))

    async def close(self) -> None:
        self.closed = True


class FakeRunner:
    """Makes such environments."""

    def __init__(self) -> None:
        self.made: list[FakeEnvironment] = []

    def problem(self) -> str | None:
        return None

    def changed(self) -> bool:
        return False

    def environment(self) -> FakeEnvironment:
        self.made.append(FakeEnvironment())
        return self.made[-1]


def event() -> Event:
    return new_event(b"{}", "arn", None, 0.0)


@pytest.mark.ours("an idle environment costs memory, a cold start costs time")
async def test_the_environment_used_last_is_used_next_and_the_others_end(
    monkeypatch: Any, until: Any
) -> None:
    monkeypatch.setattr(pool_module, "KEEP", 0.05)
    background, runner = Background(), FakeRunner()
    pool = Pool("fn", runner, limit=3, reserved=None, background=background)
    for _ in range(3):
        pool.submit(event(), lambda _: None, may_refuse=True)
    for environment in runner.made:
        environment.finish()
    pool.submit(event(), lambda _: None, may_refuse=True)
    assert [len(environment.events) for environment in runner.made] == [1, 1, 2]
    await until(lambda: runner.made[0].closed and runner.made[1].closed)
    assert not runner.made[2].closed
    await pool.close()
    assert runner.made[2].closed
    await background.idle()


@pytest.mark.ours("a bound for every queue")
async def test_a_long_queue_refuses_synchronous_events_only(monkeypatch: Any) -> None:
    monkeypatch.setattr(pool_module, "LONGEST_QUEUE", 2)
    pool = Pool("fn", FakeRunner(), limit=1, reserved=None, background=Background())
    for _ in range(3):
        pool.submit(event(), lambda _: None, may_refuse=True)
    with pytest.raises(InvokeRejected) as rejected:
        pool.submit(event(), lambda _: None, may_refuse=True)
    assert rejected.value.status == 429
    assert rejected.value.reason == "ConcurrentInvocationLimitExceeded"
    pool.submit(event(), lambda _: None, may_refuse=False)
    await pool.close()


@pytest.mark.ours("AWS would not let them wait")
async def test_that_events_wait_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    pool = Pool("fn", FakeRunner(), limit=2, reserved=None, background=Background())
    for _ in range(2):
        pool.submit(event(), lambda _: None, may_refuse=True)
    assert caplog.messages == []
    for _ in range(3):
        pool.submit(event(), lambda _: None, may_refuse=True)
    (told,) = caplog.messages
    assert "Function fn is working on 2 events at once" in told
    assert "--max-environments" in told
    await pool.close()


class SlowRunner(FakeRunner):
    """Makes environments that have to start."""

    def environment(self) -> FakeEnvironment:
        made = super().environment()
        made.warm = False
        return made


@pytest.mark.ours("a burst must not keep the machine from everything else")
async def test_only_some_environments_start_at_the_same_time(
    monkeypatch: Any, until: Any
) -> None:
    monkeypatch.setattr(pool_module, "STARTS", 2)
    monkeypatch.setattr(pool_module, "PATIENCE", 60.0)
    runner = SlowRunner()
    pool = Pool("fn", runner, limit=9, reserved=None, background=Background())
    for _ in range(5):
        pool.submit(event(), lambda _: None, may_refuse=True)
    assert len(runner.made) == 2
    runner.made[0].warm = True  # it has started, and works on its event
    await until(lambda: len(runner.made) == 3)
    runner.made[1].warm = True
    runner.made[1].finish()  # it takes an event that would have needed a start
    assert [len(environment.events) for environment in runner.made] == [1, 2, 1]
    await until(lambda: len(runner.made) == 4)
    assert len(runner.made[3].events) == 1
    await pool.close()


@pytest.mark.ours("a start that waits for something else needs no machine")
async def test_a_start_that_takes_long_holds_up_no_others(
    monkeypatch: Any, until: Any
) -> None:
    monkeypatch.setattr(pool_module, "STARTS", 1)
    monkeypatch.setattr(pool_module, "PATIENCE", 0.01)
    runner = SlowRunner()
    pool = Pool("fn", runner, limit=3, reserved=None, background=Background())
    for _ in range(4):
        pool.submit(event(), lambda _: None, may_refuse=True)
    await until(lambda: len(runner.made) == 3)
    await pool.close()


async def test_a_function_may_invoke_others_through_the_emulator(
    make_function: Any, start: Any
) -> None:
    """While a function runs, the loop is free to run another one for it."""
    outer = make_function(
        """
        import os, urllib.request
        def handler(event, context):
            return urllib.request.urlopen(os.environ['INNER'], b'7').read().decode()
        """,
        name="outer",
        timeout=20,
    )
    inner = make_function("def handler(event, context): return event * 6", name="inner")
    lambdas: Any = None

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"7")
        answer = (await lambdas.invoke("inner", b"7")).payload
        writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    lambdas = await start(outer, inner, environment={"INNER": url})
    answer = await lambdas.invoke("outer", b"{}")
    assert orjson.loads(answer.payload) == "42"
    server.close()


@pytest.mark.ours("nothing is left of a function when the emulator ends in good order")
async def test_closing_leaves_no_process(make_function: Any, start: Any) -> None:
    lambdas = await start(make_function(PID))
    calls = [lambdas.invoke("fn", b"0.1") for _ in range(3)]
    pids = [int(answer.payload) for answer in await asyncio.gather(*calls)]
    await lambdas.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
