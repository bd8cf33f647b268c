"""The public surface: what can be imported, and what importing it costs."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT

pytestmark = pytest.mark.ours("the public surface is our choice")

ROOTS = (ROOT / "emulator", ROOT / "resolvers")

HEAVY = {
    "boto3",
    "cryptography",
    "graphql",
    "httpx",
    "phonenumbers",
    "quickjs",
    "samtranslator",
    "starlette",
    "tree_sitter",
    "trustme",
    "uvicorn",
    "websockets",
}


def modules() -> dict[str, Path]:
    """Give our modules that can be imported, without the functions' bootstraps."""
    found = {}
    for root in ROOTS:
        for path in root.rglob("*.py"):
            parts = path.relative_to(root).with_suffix("").parts
            if "bootstrap" not in parts:
                name = ".".join(parts).removesuffix(".__init__")
                found[name] = path
    return dict(sorted(found.items()))


MODULES = modules()


def exported(path: Path) -> list[str] | None:
    """Give a module's `__all__` as it is written, None without one."""
    for node in ast.parse(path.read_text()).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                names: list[str] = list(ast.literal_eval(value))
                return names
    return None


@pytest.mark.parametrize("package", ["appsync_emulator", "appsync_resolvers"])
def test_a_top_level_package_says_what_is_public(package: str) -> None:
    assert exported(MODULES[package])


@pytest.mark.parametrize(
    "name", [name for name, path in MODULES.items() if exported(path) is not None]
)
def test_what_is_exported_exists_and_stands_in_order(name: str) -> None:
    module = importlib.import_module(name)
    assert [each for each in module.__all__ if not hasattr(module, each)] == []
    assert len(set(module.__all__)) == len(module.__all__)


@pytest.mark.parametrize(
    "name",
    [
        "appsync_emulator",
        "appsync_emulator.cli",
        "appsync_resolvers",
    ],
)
def test_importing_is_light(name: str) -> None:
    script = f"import json, sys, {name}; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert HEAVY & set(json.loads(done.stdout)) == set()
