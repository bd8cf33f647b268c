"""The script as the command takes it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support import js, template

pytestmark = pytest.mark.ours("scripts are our own")

COMMAND = Path(sys.executable).with_name("appsync-emulator")


def check(folder: Path, script: str, **environ: str) -> tuple[int, str, str]:
    content = template("type Query { q: String }", {"Query.q": js()})
    (folder / "template.yaml").write_text(yaml.safe_dump(content))
    (folder / "script.yaml").write_text(script)
    options = [] if environ else ["--model-script", "script.yaml"]
    done = subprocess.run(
        [COMMAND, "check", *options],
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_wrong_script_is_told_before_anything_is_served(tmp_path: Path) -> None:
    script = "- reply: Hello.\n- match: x\n  fualt: {kind: cut}\n"
    for environ in ({}, {"APPSYNC_EMULATOR_MODEL_SCRIPT": "script.yaml"}):
        code, out, told = check(tmp_path, script, **environ)
        assert (code, out) == (2, "")
        assert told == (
            "script.yaml:3: P501 There is no 'fualt' in a rule. Did you mean 'fault'?\n"
        )


def test_a_good_script_is_no_matter(tmp_path: Path) -> None:
    code, out, told = check(tmp_path, "- reply: Hello.\n")
    assert (code, told) == (0, "")
    assert "can be served" in out
