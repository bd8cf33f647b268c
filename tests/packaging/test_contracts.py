"""The import contracts: kept, and able to fail."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .conftest import ROOT

pytestmark = pytest.mark.ours("the layers are our choice")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the packages in the source roots of `folder`."""
    paths = [str(folder / "emulator"), str(folder / "resolvers")]
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_all_contracts_are_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_every_contract_can_break(tmp_path: Path) -> None:
    for name in ("emulator", "resolvers"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path, line in {
        "emulator/appsync_emulator/types.py": "import appsync_emulator.settings",
        "emulator/appsync_emulator/clock.py": "import starlette",
        "emulator/appsync_emulator/demo.py": "import appsync_emulator.settings",
        "emulator/appsync_emulator/realtime/protocol.py": "import socket",
        "resolvers/appsync_resolvers/errors.py": "import asyncio",
    }.items():
        with (tmp_path / path).open("a") as file:
            file.write(f"\n{line}\n")
    done = lint(tmp_path)
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = config["tool"]["importlinter"]["contracts"]
    for contract in contracts:
        assert f"{contract['name']} BROKEN" in done.stdout, done.stdout


def test_a_module_without_a_layer_is_noticed(tmp_path: Path) -> None:
    for name in ("emulator", "resolvers"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "emulator/appsync_emulator/newcomer.py").touch()
    done = lint(tmp_path)
    assert done.returncode == 1
    assert "newcomer" in done.stdout
