"""The two source roots, which are no packages."""

import subprocess
import sys

import pytest

from .conftest import ROOT

pytestmark = pytest.mark.ours("two source roots with one package each")


@pytest.mark.parametrize("root", ["emulator", "resolvers"])
def test_a_root_holds_exactly_one_thing_that_can_be_imported(root: str) -> None:
    """An editable install makes all of a root importable, stray files too."""
    importable = {
        path.name
        for path in (ROOT / root).iterdir()
        if path.suffix in {".py", ".so"} or (path.is_dir() and path.name.isidentifier())
    }
    assert importable - {"__pycache__"} == {f"appsync_{root}"}


@pytest.mark.parametrize(
    "line",
    [
        "import emulator",
        "import resolvers",
        "from emulator.appsync_emulator.settings import Settings",
        "from resolvers import appsync_resolvers",
        "import asyncio\n\nasyncio.create_task(work())",
        "import asyncio\n\nasyncio.ensure_future(work())",
    ],
)
def test_a_banned_name_does_not_pass_the_linter(line: str) -> None:
    """From the repository's root a root is a namespace package: classes twice."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "ruff", "check", "--select=TID251", "-"),
            "--stdin-filename=emulator/appsync_emulator/example.py",
        ],
        input=line + "\n",
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, "TID251" in done.stdout) == (1, True), done
