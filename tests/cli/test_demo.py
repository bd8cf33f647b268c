"""`appsync-emulator demo`: the streaming loop, from the example that deploys to AWS."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("appsync-emulator")
ANSWER = re.compile(r"^ +(\d+) ms  the mutation is answered: (.*)$", re.MULTILINE)


def demo(data_dir: Path) -> str:
    """Run the demo to its end and give what it prints."""
    done = subprocess.run(
        [COMMAND, "demo", "--model-rate", "300", "--data-dir", data_dir],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.aws_doc("Lambda resolver reference: invocationType Event answers null")
def test_the_mutation_is_answered_null_before_the_first_token(data_dir: Path) -> None:
    text = demo(data_dir)
    answers = ANSWER.findall(text)
    assert [body for _, body in answers][:2] == [
        '{"data":{"ask":null}}',
        '{"data":{"askVtl":null}}',
    ]
    assert text.count("     ok  ") == len(answers)


@pytest.mark.ours("the example's Node function runs where Node is")
def test_the_node_function_streams_too(data_dir: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("needs node (Debian package nodejs)")
    assert '{"data":{"askNode":null}}' in demo(data_dir)
