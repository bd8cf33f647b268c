"""Settings stand in a table, and with it in the README and the command line."""

import re
import sys
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.settings import PREFIX, Settings, environment_name

from .conftest import ROOT, run

pytestmark = pytest.mark.ours("settings are our own")

SETTINGS = fields(Settings)


def option(name: str) -> str:
    return "--" + name.replace("_", "-")


@pytest.mark.parametrize("about", SETTINGS, ids=lambda about: about.name)
def test_a_line_of_the_readme_has_option_variable_and_sentence(
    about: Field[Any],
) -> None:
    wanted = (
        f"`{option(about.name)}",
        f"`{environment_name(about.name)}`",
        about.metadata["sentence"],
    )
    lines = (ROOT / "README.md").read_text().splitlines()
    found = [line for line in lines if all(part in line for part in wanted)]
    assert len(found) == 1, f"One line of README.md should have all of {wanted}"


def test_the_readme_names_no_variable_that_is_not_there() -> None:
    readme = (ROOT / "README.md").read_text()
    named = set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", readme))
    assert named <= {environment_name(about.name) for about in SETTINGS}


def test_every_setting_is_an_option_of_start() -> None:
    command = Path(sys.executable).with_name("appsync-emulator")
    text = run([command, "start", "--help"])
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))
    missing = {option(about.name) for about in SETTINGS} - options
    assert not missing
