import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_emulator.server.model.text import answer, split

pytestmark = pytest.mark.ours("what the stand-in says is our choice")


def test_the_same_prompt_gets_the_same_answer() -> None:
    assert answer("Why is the sky blue?") == answer("Why is the sky blue?")


def test_other_prompts_get_other_answers() -> None:
    assert answer("Why is the sky blue?") != answer("Why is the sea blue?")


def test_the_answer_quotes_the_prompt_on_one_line() -> None:
    assert answer("two\nlines").startswith('You asked: "two lines" ')


def test_a_long_prompt_is_shortened() -> None:
    assert len(answer("word " * 1000)) < 400


def test_a_token_has_its_space_in_front_and_long_words_come_in_pieces() -> None:
    assert split("The subscription, please.") == [
        "The",
        " subscript",
        "ion",
        ",",
        " please",
        ".",
    ]


@given(st.text())
def test_joined_tokens_give_the_text_back(text: str) -> None:
    assert "".join(split(text)) == text
