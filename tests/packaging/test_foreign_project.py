"""A user's project that has packages named like our source roots."""

import sys
from pathlib import Path

import pytest

from .conftest import run
from .dockerfile import Image

pytestmark = [
    pytest.mark.ours("our packages and users' must not shadow each other"),
    pytest.mark.timeout(600),
]

TEST = """
import appsync_emulator
import appsync_resolvers
import emulator
from appsync_resolvers.errors import TemplateRejected
from emulator.machine import MODEL
from resolvers.orders import order


def test_both_are_there():
    assert order(7) == {"id": 7}
    assert MODEL == "mine"
    assert issubclass(TemplateRejected, Exception)
    for ours in (appsync_emulator, appsync_resolvers):
        assert "site-packages" in ours.__file__
"""

FILES = {
    "resolvers/__init__.py": "",
    "resolvers/orders.py": "def order(id):\n    return {'id': id}\n",
    "emulator/__init__.py": "",
    "emulator/machine.py": "MODEL = 'mine'\n",
    "tests/test_orders.py": TEST,
}


@pytest.fixture(scope="session")
def pytest_installed(image: Image) -> Path:
    """Add pytest to the clean environment; gives its interpreter."""
    python = image.bin / "python"
    run([python, "-m", "pip", "install", "--quiet", "pytest"])
    return python


@pytest.mark.parametrize("mode", ["prepend", "append", "importlib"])
def test_its_tests_run_beside_ours(
    pytest_installed: Path, tmp_path: Path, mode: str
) -> None:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    options = [f"--import-mode={mode}", "-q", "-p", "no:cacheprovider"]
    output = run([pytest_installed, "-m", "pytest", *options], cwd=tmp_path)
    assert "1 passed" in output


def test_the_clean_environment_is_not_the_one_that_runs_this(image: Image) -> None:
    where = "import appsync_emulator; print(appsync_emulator.__file__)"
    installed = run([image.bin / "python", "-c", where], cwd=image.workdir)
    assert Path(sys.prefix) not in Path(installed).parents
    assert "site-packages" in installed
    found = run(
        [
            *(image.bin / "python", "-c"),
            "from appsync_emulator.demo import example_folder; print(example_folder())",
        ],
        cwd=image.workdir,
    )
    assert "site-packages" in found
