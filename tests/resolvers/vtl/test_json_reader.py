"""How the text of a template is read as JSON, and what is said when it is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import EvaluationError
from appsync_resolvers.vtl.json_read import read_document, read_value

pytestmark = pytest.mark.aws_doc(
    "Jackson (whose messages AppSync shows), recorded by recording/record.py"
)

RECORDED = Path(__file__).parent / "recorded" / "json.json"
REQUEST = "Unable to parse the JSON document: '"
TRAILING = "Trailing characters at the end of the JSON string are not allowed."
EMPTY = "Template transformation yielded an empty response."
DUPLICATE = (
    "Duplicate field 'a' detected on Object. Duplicate JSON keys are not allowed."
)
APPSYNCS_OWN = {
    "": EMPTY,
    "   ": EMPTY,
    '{"a":1}}': TRAILING,
    '{"a":1} x': TRAILING,
    "1 2": TRAILING,
    '"a" "b"': TRAILING,
    '{"a":1,"a":2}': DUPLICATE,
}
"""What AppSync says itself where Jackson says something else."""


def _recorded() -> list[tuple[str, dict[str, Any]]]:
    cases = json.loads(RECORDED.read_text())["cases"]
    return [(text, answer) for text, answer in cases]


def _refusal(text: str, *, response: bool = False) -> EvaluationError:
    with pytest.raises(EvaluationError) as caught:
        read_document(text, response=response)
    return caught.value


def test_documents_have_the_values_that_jackson_gives() -> None:
    for text, answer in _recorded():
        if "o" in answer:
            assert (text, read_document(text, response=False)) == (text, answer["o"])


def test_what_is_no_document_is_refused_in_jacksons_words() -> None:
    for text, answer in _recorded():
        if "e" not in answer:
            continue
        error = _refusal(text)
        words = APPSYNCS_OWN.get(text, f"{REQUEST}{answer['e']}'")
        assert (text, error.message) == (text, words)
        assert error.error_type == "MappingTemplate"


@pytest.mark.aws_observed("aws-appsync-community #100: a response names no place")
def test_what_is_no_response_is_shown() -> None:
    for text, answer in _recorded():
        if "e" in answer and text not in APPSYNCS_OWN:
            message = _refusal(text, response=True).message
            assert message == f"Unable to convert {text} to Object."


@pytest.mark.aws_doc("devguide resolver-mapping-template-changelog")
@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        '{"a":1,"a":1}',
        '{"a"\n:1,"a":2}',
        '{"a"  :1,"b":2,"a":{"x":1}}',
        '[{"b":{"a":1,"\\u0061":2}}]',
        '{"a":"x:y","a":"\\u003a"}',
        '{"a":{"c":1},"b":":","a":2}',
    ],
)
def test_no_key_may_occur_twice(text: str) -> None:
    assert _refusal(text).message == DUPLICATE


@pytest.mark.aws_doc("devguide resolver-mapping-template-changelog")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a":":","b":"\\u003a"}', {"a": ":", "b": ":"}),
        (
            '{"a":{"a":1},"b":[{"a":2},{"a":3}]}',
            {"a": {"a": 1}, "b": [{"a": 2}, {"a": 3}]},
        ),
        ("[1]", [1]),
    ],
)
def test_the_same_key_may_occur_in_other_objects(text: str, value: Any) -> None:
    assert read_document(text, response=False) == value


@pytest.mark.ours("a document must not use up the stack")
def test_a_document_that_nests_too_deeply_is_an_error() -> None:
    deep = "[" * 2000 + "]" * 2000
    assert _refusal(deep).message.endswith("StackOverflowError")
    assert read_value(deep) is None


@pytest.mark.aws_observed("amplify-cli PR #10739: parseJson gives null for no JSON")
@pytest.mark.parametrize(
    ("text", "value"),
    [('{"a":1,"a":2}', {"a": 2}), ('{"a":1,}', {"a": 1}), ("{", None), ("1 2", None)],
)
def test_a_value_is_read_less_strictly(text: str, value: Any) -> None:
    assert read_value(text) == value


@pytest.mark.ours("numbers keep what Java's Long and BigInteger keep")
def test_whole_numbers_are_exact() -> None:
    text = "[9223372036854775808, -99999999999999999999999, 1.0, 1e2,]"
    value = read_document(text, response=False)
    assert value == [9223372036854775808, -99999999999999999999999, 1.0, 100.0]
    assert [type(member) for member in value] == [int, int, float, float]
