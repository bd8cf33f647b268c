"""Settings that name single functions."""

from typing import Any

import pytest

from appsync_emulator.lambdas.overrides import (
    check_overrides,
    debug_port_of,
    endpoint_of,
)
from appsync_emulator.settings import Settings

pytestmark = pytest.mark.ours("--function and --debug-function")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"function": ("fnn=http://a",)},
            r"--function 'fnn=http://a': .* no function 'fnn'\. Did you mean 'fn'",
        ),
        ({"debug_function": ("x=1",)}, r"--debug-function 'x=1': .* no function 'x'\."),
    ],
)
def test_a_function_that_there_is_not_is_told(
    settings: Any, message: str, make_function: Any
) -> None:
    functions = {"fn": make_function()}
    with pytest.raises(ValueError, match=message):
        check_overrides(functions, Settings(**settings))


def test_the_last_entry_for_a_function_counts(make_function: Any) -> None:
    settings = Settings(
        function=("fn=http://a", "fn=http://b?x=y", "other=http://c"),
        debug_function=("other=1",),
    )
    assert endpoint_of(make_function(), settings) == "http://b?x=y"
    assert debug_port_of(make_function(), settings) is None
    assert debug_port_of(make_function(name="other"), settings) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"function": ("fn",)},
        {"function": ("fn=ftp://a",)},
        {"debug_function": ("fn=port",)},
        {"debug_function": ("=1",)},
        {"layer": ("name",)},
        {"requirements": "maybe"},
    ],
)
def test_settings_have_a_form(settings: Any) -> None:
    with pytest.raises(ValueError, match="write "):
        Settings(**settings)
