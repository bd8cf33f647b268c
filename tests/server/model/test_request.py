import json
from typing import Any

import pytest

from appsync_emulator.server.model.request import Pace, Refused, parse
from appsync_emulator.server.model.text import answer

pytestmark = pytest.mark.ours("the stand-in follows OpenAI's API reference")

PACE = Pace(rate=30.0, first=0.3)
ASKED = {"model": "any", "messages": [{"role": "user", "content": "Hello?"}]}


def body(**changes: Any) -> bytes:
    return json.dumps({**ASKED, **changes}).encode()


def refusal(request: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(request, PACE)
    return caught.value


def test_the_answer_is_to_the_last_user_message() -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "First?"},
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": "Second?"},
        {"role": "tool", "content": "42"},
    ]
    assert "".join(parse(body(messages=messages), PACE).tokens) == answer("Second?")


def test_without_a_user_the_last_message_is_answered() -> None:
    messages = [{"role": "system", "content": "Begin."}]
    assert "".join(parse(body(messages=messages), PACE).tokens) == answer("Begin.")


def test_the_text_parts_of_a_message_are_read() -> None:
    parts = [
        {"type": "text", "text": "What is "},
        {"type": "image_url", "image_url": {"url": "data:,"}},
        {"type": "text", "text": "this?"},
    ]
    question = parse(body(messages=[{"role": "user", "content": parts}]), PACE)
    assert "".join(question.tokens) == answer("What is this?")


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_a_limit_cuts_the_answer_and_says_so(name: str) -> None:
    question = parse(body(**{name: 3}), PACE)
    assert (question.tokens, question.finish_reason) == (
        ["You", " asked", ":"],
        "length",
    )
    assert question.usage["completion_tokens"] == 3


def test_the_newer_limit_wins() -> None:
    question = parse(body(max_tokens=9, max_completion_tokens=2), PACE)
    assert len(question.tokens) == 2


def test_a_limit_beyond_the_answer_changes_nothing() -> None:
    question = parse(body(max_tokens=10**6), PACE)
    assert question.finish_reason == "stop"


@pytest.mark.parametrize("stop", ['"', ['"', "never"]])
def test_the_answer_ends_before_a_stop_sequence(stop: Any) -> None:
    question = parse(body(stop=stop), PACE)
    assert ("".join(question.tokens), question.finish_reason) == ("You asked: ", "stop")


def test_usage_counts_all_messages() -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello?"},
    ]
    usage = parse(body(messages=messages), PACE).usage
    assert usage["prompt_tokens"] == 5
    assert usage["total_tokens"] == 5 + usage["completion_tokens"]


def test_what_only_changes_the_choice_of_words_is_accepted() -> None:
    question = parse(body(temperature=0.2, top_p=1, seed=7, user="u", tools=[]), PACE)
    assert question.model == "any"


def test_null_counts_as_not_given() -> None:
    assert parse(body(stop=None, max_tokens=None, n=None), PACE).stream is False


@pytest.mark.parametrize(
    ("model", "pace"),
    [
        ("gpt-4o-mini", PACE),
        ("gpt-4o-mini@rate=200", Pace(200.0, 0.3)),
        ("gpt-4o-mini@first=1.5", Pace(30.0, 1.5)),
        ("gpt-4o-mini@rate=0,first=0", Pace(0.0, 0.0)),
        ("@cf/meta/llama", PACE),
        ("gpt@rate=fast", PACE),
        ("gpt@rate=" + "9" * 400, PACE),
    ],
)
def test_a_models_name_may_carry_its_pace(model: str, pace: Pace) -> None:
    question = parse(body(model=model), PACE)
    assert (question.pace, question.model) == (pace, model)


def test_the_pace_is_counted_from_the_start() -> None:
    assert [PACE.due(0), PACE.due(30)] == [0.3, 1.3]
    assert Pace(0.0, 0.5).due(1000) == 0.5


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
        ("tool_choice", "required"),
        ("function_call", {"name": "f"}),
    ],
)
def test_a_value_that_cannot_be_honoured_is_refused(name: str, value: Any) -> None:
    error = refusal(body(**{name: value}))
    assert error.param is not None
    assert error.param.startswith(name)
    assert error.code == "invalid_value"
