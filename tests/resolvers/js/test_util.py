"""What `util` does in APPSYNC_JS beyond the tables that both runtimes share."""

from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError


@pytest.mark.ours("java.net.URLDecoder's words for a broken escape, at the call")
def test_a_refusal_has_the_position_of_the_call(js: Any) -> None:
    with pytest.raises(EvaluationError, match="Illegal hex characters") as failed:
        js.value("util.urlDecode('%zz')")
    assert failed.value.message.startswith("code.js:5:8: java.lang.Illegal")


@pytest.mark.ours("null in, null out, as the other helpers do")
@pytest.mark.parametrize(
    "name",
    ["escapeJavaScript", "urlEncode", "urlDecode", "base64Encode", "base64Decode"],
)
def test_encoding_nothing_gives_null(js: Any, name: str) -> None:
    assert js.value(f"[util.{name}(null), util.{name}()]") == [None, None]


@pytest.mark.aws_doc("@aws-appsync/utils types: null for undefined")
@pytest.mark.parametrize("name", ["toString", "toNumberSet", "toBoolean", "toMap"])
def test_typed_values_of_nothing_give_null(js: Any, name: str) -> None:
    assert js.value(f"util.dynamodb.{name}()") is None


@pytest.mark.ours("JSON has no undefined: such a member does not exist")
def test_undefined_members_are_left_out(js: Any) -> None:
    assert js.value("util.dynamodb.toMapValues({ a: 1, b: undefined })") == {
        "a": {"N": 1}
    }


# ---- ids -------------------------------------------------------------------------


@pytest.mark.aws_doc("devguide built-in-util-js: randomly generated")
@pytest.mark.parametrize("name", ["autoId", "autoUlid", "autoKsuid"])
def test_ids_differ(js: Any, name: str) -> None:
    handler = js.handler(f"return [util.{name}(), util.{name}()]")
    assert len({each for _ in range(200) for each in handler(Context({}))}) == 400


@pytest.mark.ours("ULIDs and KSUIDs begin with the time")
@pytest.mark.parametrize("name", ["autoUlid", "autoKsuid"])
def test_sortable_ids_share_their_beginning(js: Any, name: str) -> None:
    first, second = js.value(f"[util.{name}(), util.{name}()]")
    assert first[:4] == second[:4]


@pytest.mark.ours("a heap must not repeat what another heap gave")
def test_ids_differ_between_heaps(js: Any) -> None:
    handler = js.handler("return util.autoId()")
    first = handler(Context({}))
    js.engine._loader.inline.renew()
    assert handler(Context({})) != first


# ---- xml and http ----------------------------------------------------------------


@pytest.mark.ours("a document's type says nothing about its content")
def test_a_document_type_is_skipped(js: Any) -> None:
    assert js.value("util.xml.toMap('<!DOCTYPE a><a>x</a>')") == {"a": "x"}


@pytest.mark.aws_doc("devguide http-helpers-in-utils-http-js: the last one counts")
def test_a_header_may_be_set_again(js: Any) -> None:
    context = Context({})
    body = """util.http.addResponseHeader('itemsCount', 7);
      util.http.addResponseHeaders({ itemsCount: 8, other: true })"""
    js.run(body, context)
    assert context.effect().response_headers == {"itemsCount": "8", "other": "true"}


@pytest.mark.aws_doc("devguide http-helpers-in-utils-http-js: 4 KB")
def test_headers_are_limited_together(js: Any) -> None:
    context = Context({"text": "x" * 4093})
    js.run(
        "util.http.addResponseHeader('a', ctx.args.text);"
        "util.http.addResponseHeader('b', 'x');"
        "util.http.addResponseHeader('c', 'x')",
        context,
    )
    effects = context.effect()
    assert list(effects.response_headers) == ["a", "b"]
    assert [error.error_type for error in effects.errors] == ["ResponseHeaderError"]


@pytest.mark.ours("no header may break the response's head")
@pytest.mark.parametrize("header", ["'bad name', 'x'", "'n', 'a\\r\\nb: c'", "'', 'x'"])
def test_what_is_no_header_is_an_error_instead(js: Any, header: str) -> None:
    context = Context({})
    body = f"util.http.addResponseHeader({header}); return 'data'"
    assert js.run(body, context) == "data"
    assert context.effect().response_headers == {}
    assert [e.error_type for e in context.effect().errors] == ["ResponseHeaderError"]


# ---- effects ---------------------------------------------------------------------


@pytest.mark.aws_doc("devguide extensions-js")
def test_invalidations_add_up(js: Any) -> None:
    context = Context({})
    js.run(
        """extensions.invalidateSubscriptions({ subscriptionField: 'a', payload: {} });
        extensions.invalidateSubscriptions({ subscriptionField: 'b', payload: {} })""",
        context,
    )
    invalidations = context.effect().invalidations
    assert [each["subscriptionField"] for each in invalidations] == ["a", "b"]


@pytest.mark.ours("most handlers have no effects, and pay nothing for them")
def test_without_effects_there_is_no_record(js: Any) -> None:
    context = Context({})
    js.run("return util.time.nowEpochSeconds()", context)
    assert context.effects is None
