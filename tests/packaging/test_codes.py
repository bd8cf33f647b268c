"""Every error code stands in the README; every code raised has a sentence."""

import re

import pytest

from appsync_emulator.config.codes import CODES as TEMPLATE_CODES
from appsync_emulator.errors import EMULATOR_CODES
from appsync_emulator.evaluatefile import CODES as EVALUATE_CODES
from appsync_emulator.execution.codes import CODES as RESOLVER_CODES
from appsync_emulator.schema.codes import CODES as SCHEMA_CODES
from appsync_emulator.server.model.scriptfile import CODES as SCRIPT_CODES

from .conftest import ROOT

pytestmark = pytest.mark.ours("error codes are our own")

CODES = {
    **TEMPLATE_CODES,
    **SCHEMA_CODES,
    **RESOLVER_CODES,
    **EVALUATE_CODES,
    **SCRIPT_CODES,
    **EMULATOR_CODES,
}


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_line_of_the_readme_tells_a_code(code: str) -> None:
    readme = (ROOT / "README.md").read_text()
    assert f"| `{code}` | {CODES[code]} |" in readme


def test_a_code_that_is_raised_has_a_sentence() -> None:
    raised: set[str] = set()
    for path in (ROOT / "emulator").rglob("*.py"):
        raised |= set(re.findall(r'"([PE]\d{3})"', path.read_text()))
    assert raised <= set(CODES)
