"""A wheel, and the environment that the Dockerfile makes of it."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from .dockerfile import Image, build_image

ROOT = Path(__file__).parents[2]


def run(command: Sequence[str | Path], *, cwd: Path = ROOT) -> str:
    """Run a command that must succeed; gives its output."""
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the working tree, with the build back end at hand."""
    out = tmp_path_factory.mktemp("wheel")
    options: list[str | Path] = ["--wheel", "--no-isolation", "--outdir", out]
    run([sys.executable, "-m", "build", *options, ROOT])
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """Follow the Dockerfile in a folder and a clean virtual environment."""
    return build_image(ROOT, tmp_path_factory.mktemp("image"))
