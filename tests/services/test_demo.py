"""The demo's second half: the queue, where moto is."""

from pathlib import Path
from typing import Any

import pytest

from appsync_emulator import process
from appsync_emulator.settings import Settings

pytestmark = pytest.mark.ours("what the demo shows is our choice")


def settings(data_dir: Path) -> Settings:
    return Settings(
        port=0, data_dir=str(data_dir), model_rate=500.0, model_first_token=0.0
    )


def test_both_ways_are_shown_side_by_side(data_dir: Path, capsys: Any) -> None:
    assert process.run_the_demo(settings(data_dir)) == 0
    text = capsys.readouterr().out
    assert "ask: Python worker behind a queue" in text
    assert "ask: the same again, with all functions warm" in text
    rows = [line.split() for line in text.splitlines() if "answered" in line]
    cold, warm = (row for row in rows if row[0] in ("cold:", "warm:"))
    assert cold[1:-2] == warm[1:-2] == ["the", "mutation", "is", "answered"]
    # The mutation waits for a function that starts, or it does not.
    assert int(cold[-2]) < int(cold[-1])


def test_without_moto_the_rest_is_shown_and_it_is_said_what_is_missing(
    data_dir: Path, capsys: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(process, "missing", lambda: "moto is not installed.")
    assert process.run_the_demo(settings(data_dir)) == 0
    text = capsys.readouterr().out
    assert "Proved" in text
    last = "Left out: the older way, with a queue. moto is not installed."
    assert text.splitlines()[-1] == last
