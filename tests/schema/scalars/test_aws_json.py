import json
from typing import Any

import pytest

from appsync_emulator.schema.scalars import ScalarError
from appsync_emulator.schema.scalars.aws_json import AWS_JSON


@pytest.mark.aws_doc("devguide scalars: AWSJSON, valid examples")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"upvotes": 10}', {"upvotes": 10}),
        ("[1,2,3]", [1, 2, 3]),
        ('"AWSJSON example string"', "AWSJSON example string"),
        ("true", True),
        ("null", None),
        ("10", 10),
    ],
)
def test_resolvers_see_the_value_of_the_text(text: str, value: object) -> None:
    assert AWS_JSON.parse(text) == value


@pytest.mark.aws_doc("devguide scalars: AWSJSON, invalid examples")
@pytest.mark.parametrize("text", ["{a: 1}", "{'a': 1}", "Unquoted string", "", "NaN"])
def test_texts_that_are_not_json_are_refused(text: str) -> None:
    with pytest.raises(ScalarError, match=r"^Unable to parse `.*` as valid JSON.$"):
        AWS_JSON.parse(text)


@pytest.mark.ours("AWS documents the scalar as a string; the text follows Java")
def test_a_value_that_is_no_string_is_refused() -> None:
    with pytest.raises(ScalarError) as refused:
        AWS_JSON.parse({"a": [1, None]})
    assert str(refused.value) == "Unable to parse `{a=[1, null]}` as valid JSON."


@pytest.mark.ours("nothing nested like this is JSON that a person writes")
def test_deep_nesting_does_no_harm() -> None:
    with pytest.raises(ScalarError):
        AWS_JSON.parse("[" * 100_000)


@pytest.mark.aws_doc("devguide scalars: AWSJSON travels as a string")
@pytest.mark.parametrize("value", [{"a": 1}, [1, "x"], 5, True, 1.5])
def test_values_go_out_as_json_text(value: object) -> None:
    text = AWS_JSON.serialize(value)
    assert isinstance(text, str)
    assert json.loads(text) == value


@pytest.mark.ours("what Java makes of half a character on the way to UTF-8")
def test_half_a_character_goes_out_as_a_question_mark() -> None:
    assert AWS_JSON.serialize(["\ud800"]) == '["?"]'


@pytest.mark.ours("no reader would take JSON as deep as this")
def test_values_that_cannot_be_written_are_refused() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(ScalarError, match=r"^Unable to serialize as valid JSON"):
        AWS_JSON.serialize(value)


@pytest.mark.ours("what a function returning JSON.stringify(...) means")
def test_a_text_that_is_json_already_is_not_encoded_again() -> None:
    assert AWS_JSON.serialize('{"a": 1}') == '{"a": 1}'


@pytest.mark.ours("so that a client can parse whatever it gets")
def test_any_other_text_is_encoded() -> None:
    assert AWS_JSON.serialize("hello") == '"hello"'
