"""One version, told everywhere."""

import importlib.metadata
import re
import tomllib

import pytest

import appsync_emulator

from .conftest import ROOT

pytestmark = pytest.mark.ours("the version stands in one place")


def test_the_newest_entry_of_the_changelog_is_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+\S*?)\]?(?: |$)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == appsync_emulator.__version__


def test_the_version_is_written_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["dynamic"] == ["version"]
    assert "version" not in project


def test_the_installation_is_of_this_version() -> None:
    installed = importlib.metadata.version("appsync-emulator")
    assert installed == appsync_emulator.__version__
