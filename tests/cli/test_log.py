"""The log: whose line is it?"""

import re
import signal
from pathlib import Path
from typing import Any

import pytest

from support import inline_python, lambda_js

from .command import ask, project, started

pytestmark = pytest.mark.ours("the log is our own")

CODE = """\
import logging
def handler(event, context):
    print("about to fail")
    logging.getLogger().error("out of luck")
"""


def test_a_line_of_a_function_has_its_name_and_no_level_of_ours(
    tmp_path: Path, data_dir: Path
) -> None:
    parts: Any = {
        "resolvers": {"Query.slow": {"DataSourceName": "fn", **lambda_js()}},
        "functions": {"fn": inline_python(CODE)},
    }
    project(tmp_path, **parts)
    with started(tmp_path, data_dir) as (process, lines):
        text = "\n".join(lines)
        url = re.search(r"GraphQL +(\S+)", text)
        key = re.search(r"API key +(\S+)", text)
        assert url is not None
        assert key is not None
        ask(url[1], key[1], "{ slow }")
        process.send_signal(signal.SIGINT)
        _, log = process.communicate(timeout=10)
    at = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} "
    assert re.search(at + "fn: about to fail$", log, re.MULTILINE)
    assert re.search(at + r"fn: \[ERROR\].*out of luck$", log, re.MULTILINE)
    assert re.search(at + "INFO    ending: ", log, re.MULTILINE)
