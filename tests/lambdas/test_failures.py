"""Every way in which a function can fail, and Lambda's words for it."""

import os
import signal
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest

from appsync_emulator.lambdas.logs import LogLine

pytestmark = pytest.mark.aws_observed(
    "localstack tests/aws/services/lambda_/test_lambda.snapshot.json, TestLambdaErrors"
)

ID = "<request id>"

# code, error type, error message; the handler is app.handler
FAILURES: dict[str, tuple[str, str, str]] = {
    "an exception": (
        "def handler(event, context): raise ValueError('wrong')",
        "ValueError",
        "wrong",
    ),
    "an exception of its own class": (
        """
        class TooBusy(Exception): pass
        def handler(event, context): raise TooBusy('come back')
        """,
        "TooBusy",
        "come back",
    ),
    "exit status 0": (
        "import sys\ndef handler(event, context): sys.exit(0)",
        "Runtime.ExitError",
        f"RequestId: {ID} Error: Runtime exited without providing a reason",
    ),
    "exit status 1": (
        "import sys\ndef handler(event, context): sys.exit(1)",
        "Runtime.ExitError",
        f"RequestId: {ID} Error: Runtime exited with error: exit status 1",
    ),
    "os._exit": (
        "import os\ndef handler(event, context): os._exit(42)",
        "Runtime.ExitError",
        f"RequestId: {ID} Error: Runtime exited with error: exit status 42",
    ),
    "its own SIGKILL": (
        "import os\ndef handler(event, context): os.kill(os.getpid(), 9)",
        "Runtime.ExitError",
        f"RequestId: {ID} Error: Runtime exited with error: signal: killed",
    ),
    "a segmentation fault": (
        "import os\ndef handler(event, context): os.kill(os.getpid(), 11)",
        "Runtime.ExitError",
        f"RequestId: {ID} Error: Runtime exited with error: signal: segmentation fault",
    ),
    "a set as result": (
        "def handler(event, context): return {1, 2}",
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type set is not JSON serializable",
    ),
    "a coroutine as result": (
        "async def handler(event, context): return 1",
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type coroutine is not JSON serializable",
    ),
    "7 MB as result": (
        "def handler(event, context): return 'x' * 7_000_000",
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    ),
    "an exception while it is imported": (
        "raise Exception('Runtime startup fails')",
        "Exception",
        "Runtime startup fails",
    ),
    "an exit while it is imported": (
        "import sys\nsys.exit(0)",
        "Runtime.ExitError",
        f"RequestId: {ID} Error: Runtime exited without providing a reason",
    ),
    "a syntax error": (
        "def handler(event, context) return 1",
        "Runtime.UserCodeSyntaxError",
        "Syntax error in module 'app': expected ':' (app.py, line 1)",
    ),
    "a missing module": (
        "import not_there\ndef handler(event, context): return 1",
        "Runtime.ImportModuleError",
        "Unable to import module 'app': No module named 'not_there'",
    ),
    "a missing handler": (
        "def other(event, context): return 1",
        "Runtime.HandlerNotFound",
        "Handler 'handler' missing on module 'app'",
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failure_is_told_in_lambdas_words(
    failure: str, make_function: Any, start: Any
) -> None:
    code, error_type, message = FAILURES[failure]
    lambdas = await start(make_function(code))
    answer = await lambdas.invoke("fn", b"{}")
    error = orjson.loads(answer.payload)
    assert answer.function_error == "Unhandled"
    assert error["errorType"] == error_type
    assert error["errorMessage"].replace(answer.request_id, ID) == message


@pytest.mark.parametrize("failure", FAILURES)
async def test_after_a_failure_the_next_event_is_worked_on(
    failure: str, make_function: Any, start: Any
) -> None:
    code, error_type, _ = FAILURES[failure]
    lambdas = await start(make_function(code))
    await lambdas.invoke("fn", b"{}")
    again = await lambdas.invoke("fn", b"{}")
    assert orjson.loads(again.payload)["errorType"] == error_type


async def test_an_exception_has_the_function_s_own_stack(
    make_function: Any, start: Any
) -> None:
    function = make_function(
        "def handler(event, context):\n    raise Exception('Handler fails')\n"
    )
    lambdas = await start(function)
    answer = await lambdas.invoke("fn", b"{}")
    frame = f'  File "{function.code}/app.py", line 2, in handler\n'
    assert orjson.loads(answer.payload) == {
        "errorMessage": "Handler fails",
        "errorType": "Exception",
        "requestId": answer.request_id,
        "stackTrace": [f"{frame}    raise Exception('Handler fails')\n"],
    }


async def test_an_exception_is_in_the_log(make_function: Any, start: Any) -> None:
    code = "def handler(event, context):\n    raise KeyError('some error')\n"
    lambdas = await start(make_function(code))
    tail = (await lambdas.invoke("fn", b"{}")).log_tail
    assert (
        "[ERROR] KeyError: 'some error'\nTraceback (most recent call last):\n" in tail
    )
    assert "\n\u00a0\u00a0\u00a0\u00a0raise KeyError('some error')\nEND" in tail


async def test_a_function_that_hangs_is_timed_out(
    make_function: Any, start: Any, lines: list[LogLine]
) -> None:
    code = """
    import time
    def handler(event, context):
        print('going to sleep')
        time.sleep(60)
    """
    lambdas = await start(make_function(code, timeout=1))
    answer = await lambdas.invoke("fn", b"{}")
    assert orjson.loads(answer.payload) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {answer.request_id} "
        "Error: Task timed out after 1.00 seconds",
    }
    assert "going to sleep\n" in answer.log_tail
    assert lines[-1].text.endswith("\tStatus: timeout\t")


async def test_after_a_timeout_tmp_is_kept_and_memory_is_not(
    make_function: Any, start: Any
) -> None:
    code = """
    import os, tempfile, time
    number = 0
    def handler(event, context):
        global number
        path = os.path.join(tempfile.gettempdir(), 'file')
        if event == 'write':
            number = 42
            open(path, 'w').write('some-content')
        if event == 'hang':
            time.sleep(60)
        return [number, open(path).read()]
    """
    lambdas = await start(make_function(code, timeout=1))
    assert (await lambdas.invoke("fn", b'"write"')).payload == b'[42, "some-content"]'
    assert (await lambdas.invoke("fn", b'"hang"')).function_error == "Unhandled"
    assert (await lambdas.invoke("fn", b'"read"')).payload == b'[0, "some-content"]'


@pytest.mark.aws_doc("Lambda developer guide, execution environment, init phase")
async def test_a_slow_initialisation_starts_again_on_the_function_s_time(
    make_function: Any, start: Any, lines: list[LogLine]
) -> None:
    code = """
    import os, pathlib, tempfile, time
    seen = pathlib.Path(tempfile.gettempdir(), 'seen')
    if not seen.exists():
        seen.touch()
        time.sleep(60)
    def handler(event, context): return context.get_remaining_time_in_millis() > 0
    """
    lambdas = await start(make_function(code, timeout=10), init_limit=0.3)
    assert (await lambdas.invoke("fn", b"{}")).payload == b"true"
    texts = [line.text for line in lines]
    report = "INIT_REPORT Init Duration: 300.00 ms\tPhase: init\tStatus: timeout"
    assert report in texts


@pytest.mark.aws_doc("Lambda developer guide, execution environment, init phase")
async def test_an_initialisation_that_never_ends_is_a_timeout(
    make_function: Any, start: Any
) -> None:
    function = make_function("import time\ntime.sleep(60)", timeout=1)
    lambdas = await start(function, init_limit=0.2)
    answer = await lambdas.invoke("fn", b"{}")
    assert orjson.loads(answer.payload)["errorType"] == "Sandbox.Timedout"


async def test_a_process_killed_from_outside_is_an_exit_error(
    make_function: Any, start: Any, lines: list[LogLine]
) -> None:
    code = """
    import os, signal, subprocess, sys
    def handler(event, context):
        print('ready', flush=True)
        subprocess.run(['/bin/kill', '-9', str(os.getpid())])
        signal.pause()
    """
    lambdas = await start(make_function(code, timeout=30))
    answer = await lambdas.invoke("fn", b"{}")
    assert b"Runtime exited with error: signal: killed" in answer.payload
    assert "Status: error\tError Type: Runtime.ExitError" in lines[-1].text


@pytest.mark.ours("an idle process that ended must not cost an event")
async def test_a_process_killed_while_idle_is_replaced(
    make_function: Any, start: Any, until: Any
) -> None:
    code = "import os\ndef handler(event, context): return os.getpid()"
    lambdas = await start(make_function(code))
    first = int((await lambdas.invoke("fn", b"{}")).payload)
    os.kill(first, signal.SIGKILL)
    (environment, _) = lambdas._pools["fn"]._idle[0]
    await until(lambda: not environment.warm)
    answer = await lambdas.invoke("fn", b"{}")
    assert int(answer.payload) != first


async def test_a_response_of_just_6_mb_passes(make_function: Any, start: Any) -> None:
    code = "def handler(event, context): return 'x' * (6291556 - 2)"
    lambdas = await start(make_function(code))
    answer = await lambdas.invoke("fn", b"{}")
    assert answer.function_error is None
    assert len(answer.payload) == 6291556


@pytest.mark.ours("a log must not be able to stop the emulator")
async def test_a_megabyte_without_a_line_end_hurts_nobody(
    make_function: Any, start: Any, lines: list[LogLine]
) -> None:
    code = "def handler(event, context): print('x' * 1_000_000, end=''); return 1"
    lambdas = await start(make_function(code))
    answer = await lambdas.invoke("fn", b"{}")
    printed = [line.text for line in lines if not line.platform]
    assert answer.payload == b"1"
    assert sum(map(len, printed)) == 1_000_000
    assert max(map(len, printed)) <= 65_536
    assert len(answer.log_tail) == 4096


@pytest.mark.ours("grandchildren must not outlive a time-out")
async def test_a_timeout_ends_what_the_function_has_started(
    make_function: Any, start: Any, lifeline: Any
) -> None:
    code = """
    import os, signal, subprocess
    def handler(event, context):
        subprocess.Popen(['sleep', '60'], stdout=open(os.environ['LIFELINE'], 'w'))
        signal.pause()
    """
    lambdas = await start(make_function(code, timeout=1), environment=lifeline.env)
    await lambdas.invoke("fn", b"{}")
    await lifeline.gone()


def archive(path: Path, *, encrypted: bool) -> Path:
    """Make an archive that looks like one and cannot be unpacked."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("app.py", "def handler(event, context): return 1\n" * 100)
    content = bytearray(path.read_bytes())
    if encrypted:
        content[6] |= 1
        content[content.index(b"PK\1\2") + 8] |= 1
    else:
        content[40:60] = b"\xff" * 20
    path.write_bytes(content)
    return path


@pytest.mark.ours("nobody waits for ever; AWS does not take such archives")
@pytest.mark.parametrize("encrypted", [True, False])
async def test_an_archive_that_cannot_be_unpacked_is_an_error(
    encrypted: bool, tmp_path: Path, make_function: Any, start: Any
) -> None:
    code = archive(tmp_path / "code.zip", encrypted=encrypted)
    lambdas = await start(make_function(code))
    answer = await lambdas.invoke("fn", b"{}")
    assert orjson.loads(answer.payload)["errorType"] == "Runtime.InvalidEntrypoint"


@pytest.mark.ours("nobody waits for ever for a process that cannot be")
@pytest.mark.parametrize(
    ("name", "value"), [("A", "x\0y"), ("A=B", ""), ("A", "\ud800")]
)
async def test_a_variable_that_no_process_can_have_is_an_error(
    name: str, value: str, make_function: Any, start: Any
) -> None:
    code = "def handler(event, context): return 1"
    lambdas = await start(make_function(code, environment={name: value}))
    answer = await lambdas.invoke("fn", b"{}")
    assert orjson.loads(answer.payload)["errorType"] == "Runtime.InvalidEntrypoint"
