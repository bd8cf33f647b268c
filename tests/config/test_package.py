"""The package as a whole: its surface, its codes, what importing it costs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import appsync_emulator.config as package
from appsync_emulator.config import codes

pytestmark = pytest.mark.ours("habits of this code base")


def test_the_surface() -> None:
    assert package.__all__ == ["Deployment", "find_template", "load"]
    assert all(hasattr(package, name) for name in package.__all__)


def test_every_code_is_listed_once_and_used() -> None:
    named = {
        value: name
        for name, value in vars(codes).items()
        if re.match("[A-Z]", name) and isinstance(value, str)
    }
    assert list(named) == list(codes.CODES) == sorted(named)
    folder = Path(package.__file__).parent
    text = "\n".join(
        path.read_text() for path in folder.rglob("*.py") if path.name != "codes.py"
    )
    assert [
        name for name in named.values() if not re.search(rf"\b{name}\b", text)
    ] == []
    assert all(sentence.endswith(".") for sentence in codes.CODES.values())


def test_importing_brings_yaml_and_nothing_else() -> None:
    code = """
import sys
before = set(sys.modules)
import appsync_emulator.config
new = {name.split(".")[0] for name in set(sys.modules) - before}
print(*sorted(new - set(sys.stdlib_module_names)))
"""
    found = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    ).stdout.split()
    brought = {name for name in found if "cython" not in name}
    assert brought <= {"_yaml", "appsync_emulator", "appsync_resolvers", "yaml"}
