import json
from typing import Any

import pytest

from appsync_emulator.server.model.request import Question, Refused, parse

pytestmark = pytest.mark.ours("the stand-in follows OpenAI's API reference")

ASKED = {"model": "any", "messages": [{"role": "user", "content": "Hello?"}]}


def body(**changes: Any) -> bytes:
    return json.dumps({**ASKED, **changes}).encode()


def refusal(request: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(request)
    return caught.value


def asked(**changes: Any) -> Question:
    return parse(body(**changes))


def test_the_last_user_message_is_what_is_asked() -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "First?"},
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": "Second?"},
        {"role": "tool", "content": "42"},
    ]
    assert asked(messages=messages).asked.prompt == "Second?"


def test_without_a_user_the_last_message_is_what_is_asked() -> None:
    messages = [{"role": "system", "content": "Begin."}]
    assert asked(messages=messages).asked.prompt == "Begin."


def test_the_text_parts_of_a_message_are_read() -> None:
    parts = [
        {"type": "text", "text": "What is "},
        {"type": "image_url", "image_url": {"url": "data:,"}},
        {"type": "text", "text": "this?"},
    ]
    question = asked(messages=[{"role": "user", "content": parts}])
    assert question.asked.prompt == "What is this?"


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_a_limit_is_read(name: str) -> None:
    assert asked(**{name: 3}).asked.limit == 3


def test_the_newer_limit_wins() -> None:
    assert asked(max_tokens=9, max_completion_tokens=2).asked.limit == 2


@pytest.mark.parametrize("stop", ["end", ["end", "never"]])
def test_stop_sequences_are_one_or_several(stop: Any) -> None:
    assert asked(stop=stop).asked.stops[0] == "end"


def test_all_messages_count() -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello?"},
    ]
    assert asked(messages=messages).asked.count() == 5


@pytest.mark.parametrize(
    ("choice", "must"),
    [
        ("auto", False),
        ("none", False),
        ("required", True),
        ({"type": "function", "function": {"name": "f"}}, True),
    ],
)
def test_a_tool_may_have_to_be_called(choice: Any, must: bool) -> None:
    assert asked(tool_choice=choice).asked.must_call is must


def test_what_only_changes_the_choice_of_words_is_accepted() -> None:
    question = asked(temperature=0.2, top_p=1, seed=7, user="u", tools=[])
    assert question.asked.model == "any"


def test_null_counts_as_not_given() -> None:
    question = asked(stop=None, max_tokens=None, n=None)
    assert (question.stream, question.asked.limit) == (False, None)


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[]", b'"text"', b"null"])
def test_what_is_no_json_object_is_refused(text: bytes) -> None:
    error = refusal(text)
    assert (error.status, error.param, error.code) == (400, None, None)


@pytest.mark.parametrize("name", ["model", "messages"])
def test_what_is_missing_is_named(name: str) -> None:
    error = refusal(body(**{name: None}))
    assert error.message == f"Missing required parameter: '{name}'."
    assert (error.param, error.code) == (name, "missing_required_parameter")


def test_a_message_without_a_role_is_refused() -> None:
    error = refusal(body(messages=[{"content": "Hello?"}]))
    assert error.message == "Missing required parameter: 'messages[0].role'."
    assert error.param == "messages[0].role"


def test_an_unknown_parameter_is_refused() -> None:
    error = refusal(body(temprature=1))
    assert error.message == "Unknown parameter: 'temprature'."
    assert (error.param, error.code) == ("temprature", "unknown_parameter")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("messages", []),
        ("messages", "Hello?"),
        ("messages", ["Hello?"]),
        ("messages", [{"role": "robot", "content": ""}]),
        ("messages", [{"role": "user", "content": 7}]),
        ("model", ""),
        ("model", 4),
        ("stream", "yes"),
        ("stream_options", {"include_usage": True}),
        ("stream_options", {"include_usage": 1}),
        ("max_tokens", 0),
        ("max_tokens", True),
        ("max_tokens", 1.5),
        ("stop", ""),
        ("stop", [1]),
        ("n", 2),
        ("logprobs", True),
        ("top_logprobs", 3),
        ("modalities", ["text", "audio"]),
        ("response_format", {"type": "json_object"}),
        ("tool_choice", "always"),
        ("function_call", {"name": "f"}),
    ],
)
def test_a_value_that_cannot_be_honoured_is_refused(name: str, value: Any) -> None:
    error = refusal(body(**{name: value}))
    assert error.param is not None
    assert error.param.startswith(name)
    assert error.code == "invalid_value"
