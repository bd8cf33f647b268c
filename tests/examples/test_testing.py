"""The example of tests: they pass, and the README shows what is in them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "examples" / "testing"
SECTION = re.compile(r"^## Test your app\n(.*?)^## ", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.ours("the example's own promise")


def run_tests(folder: Path, data_dir: Path, *options: str) -> str:
    """Run the example's tests with the plug-ins that it names."""
    plugins = ("appsync_emulator.pytest_plugin", "pytest_asyncio.plugin")
    given = [part for name in plugins for part in ("-p", name)]
    variables = {
        "APPSYNC_EMULATOR_DATA_DIR": str(data_dir),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *given, *options],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(120)
def test_its_tests_pass_under_xdist(tmp_path: Path, data_dir: Path) -> None:
    folder = tmp_path / "chat"
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns("__pycache__"))
    output = run_tests(folder, data_dir, "-p", "xdist.plugin", "-n", "2")
    assert "18 passed" in output


def test_the_readme_shows_what_is_in_it() -> None:
    section = SECTION.search((ROOT / "README.md").read_text())
    assert section
    files = "\n".join(path.read_text() for path in PROJECT.rglob("*.py"))
    blocks = BLOCK.findall(section[1])
    assert blocks
    for block in blocks:
        for part in block.strip().split("\n\n\n"):
            assert part in files


def test_the_workflow_runs_what_the_project_says() -> None:
    path = PROJECT / ".github" / "workflows" / "tests.yml"
    workflow = yaml.safe_load(path.read_text())
    (job,) = workflow["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands[1:] == ["pip install --group test", "pytest -n auto"]
