"""The plug-in in projects of users, each run by a pytest of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .project import write_project

pytestmark = pytest.mark.ours("the plug-in is our own")

OPTIONS = ("-q", "-p", "no:cacheprovider", "-p", "appsync_emulator.pytest_plugin")
USES_IT = """
def test_it(appsync):
    answer = appsync.client.execute('query { echo(text: "x") }')
    assert answer.data == {"echo": "x"}
"""


def run_pytest(folder: Path, data_dir: Path, *options: str, fails: int = 0) -> str:
    """Run the tests of `folder`; gives what pytest prints."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, *options],
        cwd=folder,
        env={
            **os.environ,
            "APPSYNC_EMULATOR_DATA_DIR": str(data_dir),
            # Whether or not the entry point of this environment is that of the tree.
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == (1 if fails else 0), done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a project whose root folder has no template."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    return tmp_path


def test_the_template_above_the_test_is_found(folder: Path, data_dir: Path) -> None:
    (folder / "service" / "tests").mkdir(parents=True)
    write_project(folder / "service")
    (folder / "service" / "tests" / "test_it.py").write_text(USES_IT)
    assert "1 passed" in run_pytest(folder, data_dir)


def test_the_settings_of_pytest_name_it(folder: Path, data_dir: Path) -> None:
    (folder / "app").mkdir()
    write_project(folder / "app")
    (folder / "pytest.ini").write_text("[pytest]\nappsync_template = app\n")
    (folder / "test_it.py").write_text(USES_IT)
    assert "1 passed" in run_pytest(folder, data_dir)


def test_a_marker_names_it_and_has_settings(folder: Path, data_dir: Path) -> None:
    (folder / "app").mkdir()
    write_project(folder / "app")
    marker = '@pytest.mark.appsync("app/template.json", timeout=1, stack_name="mine")'
    more = "    assert appsync.timeout == 1\n"
    test = f"import pytest\n\n\n{marker}\n{USES_IT.strip()}\n{more}"
    (folder / "test_it.py").write_text(test)
    assert "1 passed" in run_pytest(folder, data_dir, "--strict-markers")


def test_no_template_is_told_as_on_the_command_line(
    folder: Path, data_dir: Path
) -> None:
    (folder / "test_it.py").write_text(USES_IT)
    output = run_pytest(folder, data_dir, fails=1)
    assert "appsync cannot start: " in output
    assert "P100 There is no template" in output
    assert "Traceback" not in output
    assert "serving.py" not in output


def test_a_setting_that_is_none_is_told(folder: Path, data_dir: Path) -> None:
    write_project(folder)
    marker = '@pytest.mark.appsync(fault=("weather",))'
    (folder / "test_it.py").write_text(f"import pytest\n\n\n{marker}\n{USES_IT}")
    output = run_pytest(folder, data_dir, fails=1)
    assert "appsync cannot start: --fault" in output


SCOPES = """
import pytest

urls = []


@pytest.mark.parametrize("number", range(2))
def test_it(appsync, number):
    assert not appsync.functions
    appsync.functions["Echo"] = lambda event, context: number
    answer = appsync.client.execute('query { echo(text: "x") }')
    assert answer.data == {"echo": str(number)}
    assert len(appsync.invocations) == 1
    urls.append(appsync.url)


def test_servers():
    assert len(set(urls)) == EXPECTED
"""


@pytest.mark.parametrize(("scope", "expected"), [("session", 1), ("function", 2)])
def test_the_server_is_shared_or_not_but_always_as_new(
    folder: Path, data_dir: Path, scope: str, expected: int
) -> None:
    write_project(folder)
    (folder / "pytest.ini").write_text(f"[pytest]\nappsync_scope = {scope}\n")
    text = SCOPES.replace("EXPECTED", str(expected))
    (folder / "test_it.py").write_text(text)
    assert "3 passed" in run_pytest(folder, data_dir)


def test_another_scope_is_refused(folder: Path, data_dir: Path) -> None:
    write_project(folder)
    (folder / "pytest.ini").write_text("[pytest]\nappsync_scope = module\n")
    (folder / "test_it.py").write_text(USES_IT)
    output = run_pytest(folder, data_dir, fails=1)
    assert "appsync_scope is 'module': write session or function." in output


FAILS = """
ON_TOKEN = 'subscription { onToken(session: "s") { text } }'


def test_assertion(appsync):
    appsync.client.execute('query { echo(text: "x") }')
    assert not appsync.invocations


def test_wait(appsync):
    with appsync.subscribe(ON_TOKEN, timeout=0.05) as events:
        next(events)


def test_without():
    assert False
"""


def test_a_failure_shows_what_happened_once(folder: Path, data_dir: Path) -> None:
    write_project(folder)
    (folder / "test_it.py").write_text(FAILS)
    output = run_pytest(folder, data_dir, fails=3)
    assert "3 failed" in output
    assert output.count("- appsync timeline -") == 1
    assert "resolver Query.echo asks Echo" in output
    body, _ = output.split("short test summary", 1)
    assert body.count("Waited in vain for an event of onToken in 0.05 s.") == 1
    assert "Nothing was published to onToken." in output
    assert "subscription.py" not in output  # nobody needs to see how we wait


ASYNC = """
import pytest


@pytest.mark.asyncio
async def test_it(appsync):
    answer = await appsync.client.execute('query { echo(text: "x") }')
    assert answer.data == {"echo": "x"}
"""


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_async_tests_run_in_both_modes_of_pytest_asyncio(
    folder: Path, data_dir: Path, mode: str
) -> None:
    write_project(folder)
    (folder / "test_it.py").write_text(ASYNC)
    loop = "asyncio_default_fixture_loop_scope=function"
    options = ("-p", "pytest_asyncio.plugin", f"--asyncio-mode={mode}", "-o", loop)
    output = run_pytest(folder, data_dir, *options)
    assert "1 passed" in output


def test_anyio_runs_them_as_well(folder: Path, data_dir: Path) -> None:
    write_project(folder)
    (folder / "test_it.py").write_text(ASYNC.replace("mark.asyncio", "mark.anyio"))
    fixture = "import pytest\n\n\n@pytest.fixture\ndef anyio_backend():\n"
    (folder / "conftest.py").write_text(f"{fixture}    return 'asyncio'\n")
    assert "1 passed" in run_pytest(folder, data_dir, "-p", "anyio.pytest_plugin")


def test_each_worker_of_xdist_has_its_own(folder: Path, data_dir: Path) -> None:
    write_project(folder)
    for number in range(4):
        (folder / f"test_{number}.py").write_text(USES_IT)
    options = ("-p", "xdist.plugin", "-n", "2", "--dist", "loadfile")
    output = run_pytest(folder, data_dir, *options)
    assert "4 passed" in output


def test_whoever_does_not_use_it_does_not_pay_for_it() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import pytest, json\n" + LAZY],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    ours = re.findall(r"import time: +(\d+) \| +\d+ \| +(appsync\S*)", done.stderr)
    assert {name for _, name in ours} == {
        "appsync_emulator",
        "appsync_emulator.pytest_plugin",
    }
    # Files are read and compiled code is loaded, nothing else: microseconds.
    assert sum(int(time) for time, _ in ours) < 10_000
    heavy = {"graphql", "httpx", "uvicorn", "starlette", "asyncio"}
    assert not heavy & set(done.stdout.split())


LAZY = """
import sys
before = set(sys.modules)
import appsync_emulator.pytest_plugin
print(*{name.partition(".")[0] for name in set(sys.modules) - before})
"""
