"""What settings may be, wherever they come from."""

import math
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.settings import Settings, environment_name, option_name

from .command import project, run

pytestmark = pytest.mark.ours("settings are our own")

REFUSED: list[tuple[str, Any, str]] = [
    ("port", -5, "a whole number from 0 to 65535"),
    ("port", 65_536, "a whole number from 0 to 65535"),
    ("port", 1.5, "a whole number"),
    ("port", "80", "a whole number"),
    ("time_scale", 0.0, "a number greater than 0"),
    ("time_scale", math.nan, "a number"),
    ("time_scale", math.inf, "a number"),
    ("request_timeout", -1.0, "a number greater than 0"),
    ("request_timeout", None, "a number"),
    ("model_rate", -0.1, "a number from 0 up"),
    ("model_first_token", -1.0, "a number from 0 up"),
    ("max_environments", 0, "a whole number from 1 up"),
    ("account_id", "xx", "12 digits"),
    ("account_id", "1234567890123", "12 digits"),
    ("account_id", "１２３４５６７８９０１２", "12 digits"),  # noqa: RUF001 - the case
    ("stack_name", "a b", "a letter, then at most 127"),
    ("stack_name", "1st", "a letter, then at most 127"),
    ("stack_name", "a" * 129, "a letter, then at most 127"),
    ("stack_name", "shop\n", "a letter, then at most 127"),
    ("region", "home", "a region such as us-east-1"),
    ("region", "", "a region such as us-east-1"),
    ("api_key", ("da2-good", ""), "printable"),
    ("api_key", ("da2 bad",), "printable"),
    ("api_key", ("da2-\x00",), "printable"),
    ("api_key", ("clé",), "printable"),
    ("log_level", "loud", "debug, info, warning or error"),
    ("function_env", ("=x",), "NAME or NAME=VALUE"),
    ("model_url", "localhost:11434", "a URL such as http://"),
]


@pytest.mark.parametrize(("name", "value", "words"), REFUSED)
def test_a_value_out_of_range_is_refused(name: str, value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        Settings(**{name: value})
    message = str(error.value)
    assert option_name(name) in message
    assert environment_name(name) in message
    wrong = value[-1] if isinstance(value, tuple) else value
    assert repr(wrong) in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", 0),
        ("port", 65_535),
        ("time_scale", 1e-3),
        ("time_scale", 60),
        ("request_timeout", 0.001),
        ("model_rate", 0.0),
        ("model_first_token", 0),
        ("max_environments", 1),
        ("account_id", "123456789012"),
        ("stack_name", ""),
        ("stack_name", "a" * 128),
        ("stack_name", "Shop-2"),
        ("region", "us-gov-west-1"),
        ("api_key", ("a", "da2-!~")),
        ("log_level", "DEBUG"),
        ("function_env", ("A", "B=", "C=two\nlines=3")),
        ("model_url", ""),
        ("model_url", "http://localhost:11434/v1"),
    ],
)
def test_a_value_at_the_edge_is_taken(name: str, value: Any) -> None:
    assert getattr(Settings(**{name: value}), name) == value


@pytest.mark.parametrize(
    ("arguments", "environ", "expected"),
    [
        (("--port", "99999"), {}, "--port (APPSYNC_EMULATOR_PORT) is 99999"),
        (("--port", "-5"), {}, "--port"),
        (("--time-scale", "nan"), {}, "--time-scale"),
        (("--api-key", ""), {}, "--api-key"),
        (("--stack-name", "a b"), {}, "--stack-name"),
        ((), {"APPSYNC_EMULATOR_ACCOUNT_ID": "xx"}, "(APPSYNC_EMULATOR_ACCOUNT_ID)"),
    ],
)
@pytest.mark.parametrize("command", ["start", "check"])
def test_the_command_line_refuses_it_before_it_does_anything(
    tmp_path: Path,
    command: str,
    arguments: tuple[str, ...],
    environ: dict[str, str],
    expected: str,
) -> None:
    project(tmp_path)
    done = run(command, *arguments, cwd=tmp_path, **environ)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
