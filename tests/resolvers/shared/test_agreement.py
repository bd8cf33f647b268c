"""Both runtimes give the same of what nobody thought of."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appsync_resolvers import Context, EvaluationError

pytestmark = pytest.mark.ours("one service stands behind both languages")

Run = Callable[..., Any]

bounded = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,  # a difference found by chance belongs into a table
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

TEXTS = st.text(st.sampled_from("ab1 <>/&'\"\\é🎉\n\t%+=-_.*~\u2028\x00"), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-9999, 9999) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner)
    ),
    max_leaves=4,
)
DYNAMODB = (
    "eq ne lt le gt ge contains notContains beginsWith between in attributeExists"
)
OPENSEARCH = "eq ne gt gte lt lte range match matchPhrase multiMatch exists wildcard"


def _filters(operators: str) -> st.SearchStrategy[Any]:
    names = st.sampled_from([*operators.split(), "attributeType", "bogus"])
    conditions = st.dictionaries(names, VALUES, max_size=2)
    sized = st.dictionaries(
        st.just("size") | names, conditions | VALUES, min_size=1, max_size=2
    )
    fields = st.dictionaries(
        st.sampled_from(["a", "b", "c.d"]), conditions | sized | VALUES, max_size=2
    )
    groups = st.sampled_from(["and", "or", "not", "a"])
    return st.recursive(
        fields,
        lambda inner: st.dictionaries(
            groups, st.lists(inner, max_size=3) | inner | VALUES, max_size=3
        ),
        max_leaves=6,
    )


def _outcome(run: Run, runtime: str, call: str, arguments: list[Any]) -> Any:
    given_arguments = json.loads(json.dumps(arguments))
    try:
        value = run(runtime, call, Context({"a": given_arguments}))
    except EvaluationError:
        return "an error"
    if call.startswith(("transform.toD", "transform.toE")):
        return value and json.loads(value)
    return value


def _agree(run: Run, call: str, *arguments: Any) -> None:
    ours, theirs = (
        _outcome(run, runtime, call, list(arguments)) for runtime in ("js", "vtl")
    )
    assert ours == theirs


@bounded
@given(source=_filters(DYNAMODB))
def test_dynamodb_expressions(run: Run, source: Any) -> None:
    _agree(run, "transform.toDynamoDBFilterExpression", source)


@bounded
@given(source=_filters(OPENSEARCH))
def test_opensearch_queries(run: Run, source: Any) -> None:
    _agree(run, "transform.toElasticsearchQueryDSL", source)


@bounded
@given(source=_filters(DYNAMODB), ignored=st.lists(st.sampled_from("ab")))
def test_subscription_filters(run: Run, source: Any, ignored: list[str]) -> None:
    _agree(run, "transform.toSubscriptionFilter", source, ignored)


@bounded
@given(value=VALUES)
def test_typed_values(run: Run, value: Any) -> None:
    _agree(run, "dynamodb.toDynamoDB", value)


@bounded
@given(text=TEXTS)
@pytest.mark.parametrize(
    "call",
    ["escapeJavaScript", "urlEncode", "urlDecode", "base64Encode", "base64Decode"],
)
def test_encoded_texts(run: Run, call: str, text: str) -> None:
    _agree(run, call, text)


CONTENTS = st.sampled_from(
    ["", "t", "12", "0.50", "-3", "1e3", "null", " ", "&amp;", "<![CDATA[<x>]]>", "007"]
)
DOCUMENTS = st.recursive(
    CONTENTS,
    lambda inner: st.builds(
        lambda name, value, parts: f'<{name} x="{value}">{"".join(parts)}</{name}>',
        st.sampled_from(["a", "b", "n:c"]),
        st.sampled_from(["1", "t", "true", "&lt;"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)


@bounded
@given(document=DOCUMENTS)
def test_xml(run: Run, document: str) -> None:
    _agree(run, "xml.toMap", f"<root>{document}</root>")


LETTERS = """
yyyy yy uuuu YYYY MM MMM MMMM d dd D E EEEE e F H HH h hh k K m mm s ss S SSS a Q QQQ
G ww W Z ZZZZ ZZZZZ X XX XXX x xxx O OOOO VV z 'T' '' [MM] pppd
"""
REGIONS = "UTC Z +08:00 -07:00:30 Europe/Madrid America/New_York Asia/Kolkata Nowhere"
PATTERNS = st.lists(st.sampled_from(LETTERS.split()), min_size=1, max_size=6)
ZONES = st.sampled_from(REGIONS.split())
MOMENTS = st.integers(-62_000_000_000_000, 5_600_000_000_000)
"""Milliseconds of years 5 to 2147: later, APPSYNC_JS knows no clock changes."""


@bounded
@given(moment=MOMENTS, pattern=PATTERNS.map("|".join), zone=ZONES)
def test_written_times(run: Run, moment: int, pattern: str, zone: str) -> None:
    _agree(run, "time.epochMilliSecondsToFormatted", moment, pattern, zone)


@bounded
@given(moment=MOMENTS, pattern=PATTERNS.map("|".join), zone=ZONES)
def test_read_times(run: Run, moment: int, pattern: str, zone: str) -> None:
    write = "time.epochMilliSecondsToFormatted"
    text = _outcome(run, "vtl", write, [moment, pattern, zone])
    _agree(run, "time.parseFormattedToEpochMilliSeconds", text, pattern, zone)


@bounded
@given(number=st.floats(-1e9, 1e9) | st.integers(-(10**9), 10**9))
def test_rounded_numbers(run: Run, number: float) -> None:
    _agree(run, "math.roundNum", number)
