import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_emulator.server.model.reply import Asked, ToolUse, compose, cut_at_stops

pytestmark = pytest.mark.ours("how an answer is cut is the same in all APIs")

WORDS = st.lists(st.text("ab ", min_size=1, max_size=4), max_size=8)
TOOL = ToolUse("t1", "weather", {"city": "Rome"})


def asked(**given: object) -> Asked:
    return Asked("any", [("user", "Hello?")], **given)  # type: ignore[arg-type]


@given(WORDS, st.lists(st.text("ab ", min_size=1, max_size=3), max_size=3))
def test_the_text_ends_before_the_first_stop_sequence(
    tokens: list[str], stops: list[str]
) -> None:
    text = "".join(tokens)
    kept, stop = cut_at_stops(tokens, stops)
    starts = [text.index(one) for one in stops if one in text]
    assert "".join(kept) == text[: min(starts, default=len(text))]
    assert (stop is None) == (not starts)
    assert all(kept)


def test_tools_come_after_the_text_and_end_the_answer() -> None:
    blocks, ending = compose(asked(), ["Look", "ing."], [TOOL])
    assert [block.text for block in blocks] == ["Looking.", '{"city":"Rome"}']
    assert [block.tool for block in blocks] == [None, TOOL]
    assert ending.reason == "tool"


def test_a_stop_sequence_in_the_text_keeps_tools_from_being_called() -> None:
    blocks, ending = compose(asked(stops=["ing"]), ["Look", "ing."], [TOOL])
    assert [block.text for block in blocks] == ["Look"]
    assert (ending.reason, ending.stop) == ("stop", "ing")


@pytest.mark.parametrize(("limit", "texts"), [(1, ["Look"]), (3, ["Looking.", "{"])])
def test_the_limit_counts_tools_too(limit: int, texts: list[str]) -> None:
    blocks, ending = compose(asked(limit=limit), ["Look", "ing."], [TOOL])
    assert [block.text for block in blocks] == texts
    assert (ending.reason, ending.said) == ("length", limit)


def test_an_empty_text_has_no_block() -> None:
    blocks, ending = compose(asked(), [], [])
    assert (blocks, ending.reason, ending.said) == ([], "end", 0)
