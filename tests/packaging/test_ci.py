"""`.ci/run` on a machine that lacks some commands."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT

pytestmark = pytest.mark.ours("what CI runs is our choice")


def machine(folder: Path, *commands: str) -> Path:
    """Make a folder of commands that only tell how they were called."""
    folder.mkdir()
    for name in commands:
        script = f'#!/bin/sh\necho "{name} $*" "CI=${{CI-}}"\n'
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    for name in ("bash", "dirname"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    (folder / "python3").symlink_to(sys.executable)
    return folder


def ci(commands: Path) -> list[str]:
    done = subprocess.run(
        [ROOT / ".ci" / "run"],
        env={"PATH": str(commands)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_complete_machine_only_runs_the_tests(tmp_path: Path) -> None:
    needed = ("git", "make", "node", "npm", "chromium", "certutil")
    commands = machine(tmp_path / "bin", *needed, "apt-get")
    assert ci(commands) == ["make test CI=1"]


def test_what_is_missing_is_installed_and_no_more(tmp_path: Path) -> None:
    commands = machine(tmp_path / "bin", "make", "git", "apt-get")
    lines = ci(commands)
    installs = [line for line in lines if "apt-get install" in line]
    assert len(installs) == 1
    assert installs[0].split(" CI=")[0].split()[-5:] == [
        "ca-certificates",
        "nodejs",
        "npm",
        "chromium",
        "libnss3-tools",
    ]
    assert lines[-1] == "make test CI=1"
