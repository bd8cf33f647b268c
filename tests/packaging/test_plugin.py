"""The plug-in, installed, where the project has a `resolvers` package of its own."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import ROOT, run
from .dockerfile import Image

pytestmark = [
    pytest.mark.ours("the plug-in must work in every layout of tests"),
    pytest.mark.timeout(600),
]

PLUGINS = ("pytest", "pytest-asyncio", "pytest-xdist")
BESIDE = """
from resolvers.orders import order


def test_the_projects_own_package_is_found(appsync):
    assert order(7) == {"id": 7}
    assert appsync.url.startswith("http://")
"""


@pytest.fixture(scope="session")
def installed(image: Image) -> Path:
    """Add pytest and two plug-ins to the clean environment; gives its interpreter."""
    python = image.bin / "python"
    run([python, "-m", "pip", "install", "--quiet", *PLUGINS])
    return python


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Copy the example of tests and make its `resolvers/` a Python package, too."""
    folder = tmp_path / "chat"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "examples" / "testing", folder, ignore=ignored)
    (folder / "resolvers" / "__init__.py").write_text("")
    orders = "def order(id):\n    return {'id': id}\n"
    (folder / "resolvers" / "orders.py").write_text(orders)
    (folder / "tests" / "test_orders.py").write_text(BESIDE)
    return folder


@pytest.mark.parametrize(
    ("imports", "asyncio_mode", "workers"),
    [
        ("prepend", "strict", 0),
        ("append", "auto", 2),
        ("importlib", "strict", 2),
        ("importlib", "auto", 0),
    ],
)
def test_the_example_passes(
    installed: Path, foreign: Path, imports: str, asyncio_mode: str, workers: int
) -> None:
    options = [
        *("-q", "-p", "no:cacheprovider", "-n", str(workers)),
        *(f"--import-mode={imports}", f"--asyncio-mode={asyncio_mode}"),
    ]
    done = subprocess.run(
        [installed, "-m", "pytest", *options],
        cwd=foreign,
        env={**os.environ, "XDG_DATA_HOME": str(foreign.parent)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "19 passed" in done.stdout
