"""`$util` itself: JSON, encoding, ids, checks, errors and the way of authorization."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError
from appsync_resolvers.vtl import compile_template

pytestmark = pytest.mark.aws_doc("devguide utility-helpers-in-util")

Evaluate = Callable[..., Any]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("$util.toJson($ctx.args)", '{"a":[1,null,"x"]}'),
        ("$utils.toJson($ctx.args.a)", '[1,null,"x"]'),
        ("$util.toJson($ctx.args.nope)", "null"),
        ('$util.toJson("a\\b")', '"a\\\\b"'),
        ("$util.toJson({'b': 1, 'a': [true, 2.50]})", '{"b":1,"a":[true,2.5]}'),
        ("$util.toJson($ctx.args.a.size())", "3"),
        ("$util.toJson($ctx.args.keySet())", '["a"]'),
        ("$util.toJson([1..3])", "[1,2,3]"),
    ],
)
def test_to_json_writes_compact_json(show: Evaluate, call: str, text: str) -> None:
    assert show(call, {"a": [1, None, "x"]}) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, true, null]}', {"a": [1, 2.5, True, None]}),
        ("[]", []),
        ('"x"', "x"),
        ("5", 5),
        ("null", None),
    ],
)
def test_parse_json_reads_json(evaluate: Evaluate, text: str, value: Any) -> None:
    assert evaluate("$util.toJson($util.parseJson($ctx.args.t))", {"t": text}) == value


@pytest.mark.aws_observed("amplify-cli PR #10739: what is no JSON has no value")
@pytest.mark.parametrize("text", ["{", "", "nope", "{'a': 1}", "1 2", None])
def test_parse_json_has_no_value_for_anything_else(
    evaluate: Evaluate, text: str | None
) -> None:
    template = "#if($util.isNull($util.parseJson($ctx.args.t)))1#{else}2#end"
    assert evaluate(template, {"t": text}) == 1


def test_a_parsed_value_can_be_changed(evaluate: Evaluate) -> None:
    template = (
        "#set($v = $util.parseJson('{\"a\": [1]}'))$util.qr($v.a.add(2))"
        "$util.qr($v.put('b', 3))$util.toJson($v)"
    )
    assert evaluate(template) == {"a": [1, 2], "b": 3}


@pytest.mark.parametrize("name", ["qr", "quiet"])
def test_quiet_calls_print_nothing(show: Evaluate, name: str) -> None:
    template = f"#set($m = {{}})[$util.{name}($m.put('a', 1))]$m"
    assert show(template) == "[]{a=1}"


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("$util.escapeJavaScript($ctx.args.t)", "it\\'s \\\"\\\\\\/\\n\\u00E9\\u0001"),
        ("$util.urlEncode('a b&c=é*~')", "a+b%26c%3D%C3%A9*%7E"),
        ("$util.urlDecode('a+b%26c%3D%C3%A9')", "a b&c=é"),
        ("$util.base64Encode('héllo')", "aMOpbGxv"),
        ("$util.base64Encode($ctx.args.t.getBytes())", "aXQncyAiXC8Kw6kB"),
        ("$util.base64Decode('aMOpbGxv')", "héllo"),
        ("$util.base64Decode('YQ==')$util.base64Decode('YQ')", "aa"),
        ("$util.escapeJavaScript($nope)", "$util.escapeJavaScript($nope)"),
        ("$util.base64Encode([1])", "$util.base64Encode([1])"),
    ],
)
def test_texts_are_encoded(show: Evaluate, call: str, text: str) -> None:
    assert show(call, {"t": "it's \"\\/\né\x01"}) == text


@pytest.mark.ours("Java's own messages")
@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("$util.urlDecode('%zz')", "URLDecoder: Illegal hex characters in escape"),
        ("$util.base64Decode('%%')", "Input byte array has incorrect ending byte"),
        ("$util.urlEncode($nope)", "java.lang.NullPointerException"),
        ("$util.matches('(', 'a')", "java.util.regex.PatternSyntaxException"),
        ("$util.matches($nope, 'a')", "java.lang.NullPointerException"),
    ],
)
def test_what_cannot_be_done_is_an_error(
    evaluate: Evaluate, call: str, message: str
) -> None:
    with pytest.raises(EvaluationError, match=re.escape(message)) as caught:
        evaluate(call)
    assert caught.value.error_type == "MappingTemplate"


def test_ids_are_made(show: Evaluate) -> None:
    made = show("$util.autoId()")
    assert str(uuid.UUID(made)) == made
    assert uuid.UUID(made).version == 4
    assert re.fullmatch("[0-7][0-9A-HJKMNP-TV-Z]{25}", show("$util.autoUlid()"))
    assert re.fullmatch("[0-9A-Za-z]{27}", show("$util.autoKsuid()"))
    texts = {show("$util.autoId() $util.autoUlid() $util.autoKsuid()") for _ in "123"}
    assert len(texts) == 3


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("$util.isNull($nope)", True),
        ("$util.isNull('')", False),
        ("$util.isNull(0)", False),
        ("$util.isNull($ctx.args.z)", True),
        ("$util.isNullOrEmpty('')", True),
        ("$util.isNullOrEmpty($nope)", True),
        ("$util.isNullOrEmpty(' ')", False),
        ("$util.isNullOrEmpty($ctx.args.s)", False),
        ("$util.isNullOrBlank(' ')", True),
        ("$util.isNullOrBlank($nope)", True),
        ("$util.isNullOrBlank('x')", False),
        ("$util.defaultIfNull($nope, 'd')", "d"),
        ("$util.defaultIfNull('', 'd')", ""),
        ("$util.defaultIfNull($ctx.args.l, [])", [1]),
        ("$util.defaultIfNullOrEmpty('', 'd')", "d"),
        ("$util.defaultIfNullOrEmpty(' ', 'd')", " "),
        ("$util.defaultIfNullOrBlank(' ', 'd')", "d"),
        ("$util.defaultIfNullOrBlank('x', 'd')", "x"),
        ("$util.isString('a')", True),
        ("$util.isString(1)", False),
        ("$util.isNumber(1)", True),
        ("$util.isNumber(1.5)", True),
        ("$util.isNumber('1')", False),
        ("$util.isNumber(true)", False),
        ("$util.isBoolean(false)", True),
        ("$util.isBoolean('false')", False),
        ("$util.isList([])", True),
        ("$util.isList({})", False),
        ("$util.isMap({})", True),
        ("$util.isMap([])", False),
        ("$util.isMap($ctx.args)", True),
        ("$util.typeOf($nope)", "Null"),
        ("$util.typeOf(1)", "Number"),
        ("$util.typeOf(1.5)", "Number"),
        ("$util.typeOf('')", "String"),
        ("$util.typeOf({})", "Map"),
        ("$util.typeOf([])", "List"),
        ("$util.typeOf(true)", "Boolean"),
        ("$util.typeOf($ctx.args.keySet())", "Object"),
        ("$util.matches('a*b', 'aaaaab')", True),
        ("$util.matches('a*b', 'aaaaabc')", False),
    ],
)
def test_values_are_looked_at(evaluate: Evaluate, call: str, value: Any) -> None:
    args = {"s": "x", "z": None, "l": [1]}
    assert evaluate(f"$util.toJson({call})", args) == value
    assert evaluate(f"#set($v = {call})$util.toJson($v)", args) == value


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("$util.isNull($ctx.args.z)", True),
        ("!$util.isNull($ctx.args.s)", True),
        ("$util.isNullOrEmpty($ctx.args.e)", True),
        ("$util.isNullOrEmpty($ctx.args.s)", False),
        ("$util.isNullOrEmpty('')", True),
        ("$util.isNull('x') || $util.isNullOrEmpty('x')", False),
        ("$util.isNullOrBlank('  ') && $util.isString('x')", True),
        ("$util.defaultIfNull($nope, false)", False),
        ("$util.defaultIfNull($nope, true)", True),
    ],
)
def test_conditions_ask_the_helpers(
    evaluate: Evaluate, condition: str, holds: bool
) -> None:
    template = f"#if({condition})true#{{else}}false#end"
    assert evaluate(template, {"s": "x", "e": "", "z": None}) is holds


@pytest.mark.aws_observed(
    "aws-appsync-community #100: a call that fits nothing is printed"
)
@pytest.mark.parametrize(
    "call",
    [
        "$util.nope()",
        "$util.toJson()",
        "$util.error(5)",
        "$util.isNullOrEmpty([1])",
        "$util.nope.deeper('x')",
        "$util.time.nope()",
        "$extensions.nope()",
    ],
)
def test_helpers_that_do_not_exist_print_their_call(show: Evaluate, call: str) -> None:
    assert show(call) == call


def test_an_error_ends_the_template(evaluate: Evaluate) -> None:
    template = "$util.qr($ctx.stash.put('a', 1))$util.error('m', 'T', {'d': [1]}, 'i')x"
    with pytest.raises(EvaluationError) as caught:
        evaluate(template)
    error = caught.value
    assert (error.message, error.error_type) == ("m", "T")
    assert (error.data, error.error_info) == ({"d": [1]}, "i")
    assert not error.unauthorized


@pytest.mark.parametrize(
    ("call", "members"),
    [
        ("$util.error('m')", ("m", None, None, None)),
        ("$util.error('m', 'T')", ("m", "T", None, None)),
        ("$util.error('m', 'T', 5)", ("m", "T", 5, None)),
        ("$util.error('m', $nope, $ctx.args, $nope)", ("m", None, {"a": 1}, None)),
        ("$util.error($nope)", ("null", None, None, None)),
        ("$util.error($ctx.error.message, $ctx.error.type)", ("em", "et", None, None)),
        ("$util.validate(false, 'm')", ("m", None, None, None)),
        ("$util.validate(false, 'm', 'T')", ("m", "T", None, None)),
        ("$util.validate(false, 'm', 'T', [1])", ("m", "T", [1], None)),
        ("$util.qr($util.validate($ctx.args.b, 'm'))", ("m", None, None, None)),
        ("#set($x = $util.error('in set'))", ("in set", None, None, None)),
        ("#if($util.error('in if'))x#end", ("in if", None, None, None)),
    ],
)
def test_errors_have_these_members(
    evaluate: Evaluate, call: str, members: tuple[Any, ...]
) -> None:
    error = {"message": "em", "type": "et"}
    if "$ctx.args.b" in call:
        args: dict[str, Any] = {"b": False}
    else:
        args = {"a": 1}
    with pytest.raises(EvaluationError) as caught:
        evaluate(call, args, error=error)
    found = caught.value
    shown = (found.message, found.error_type, found.data, found.error_info)
    assert shown == members


def test_a_condition_that_holds_is_no_error(evaluate: Evaluate) -> None:
    assert evaluate("$util.validate(true, 'm')1") == 1


def test_unauthorized_ends_the_template(evaluate: Evaluate) -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate("$util.unauthorized()")
    assert caught.value.unauthorized
    assert caught.value.error_type == "Unauthorized"


def test_appended_errors_do_not_end_the_template() -> None:
    context = Context({"a": 1})
    handler = compile_template(
        "$util.appendError('one')$utils.appendError('two', 'T')"
        "$util.qr($util.appendError('three', 'T', $ctx.args))"
        "$util.appendError('four', 'T', [1], {'i': 1})$util.toJson($ctx.outErrors)"
    )
    value = handler(context)
    assert context.effects is not None
    listed = [
        (error.message, error.error_type, error.data, error.error_info)
        for error in context.effects.errors
    ]
    assert listed == [
        ("one", None, None, None),
        ("two", "T", None, None),
        ("three", "T", {"a": 1}, None),
        ("four", "T", [1], {"i": 1}),
    ]
    assert [error["message"] for error in value] == ["one", "two", "three", "four"]


IAM = {
    "accountId": "1",
    "sourceIp": ["::1"],
    "username": "u",
    "userArn": "arn",
    "cognitoIdentityPoolId": None,
}
POOL = {
    "sourceIp": ["::1"],
    "username": "u",
    "sub": "s",
    "issuer": "i",
    "claims": {},
    "defaultAuthStrategy": "ALLOW",
}
OPEN_ID = {"sub": "s", "issuer": "i", "claims": {}}


@pytest.mark.aws_observed("recorded from AWS: LocalStack's authType snapshots")
@pytest.mark.parametrize(
    ("identity", "name"),
    [
        (None, "API Key Authorization"),
        ("x", "API Key Authorization"),
        (IAM, "IAM Authorization"),
        (IAM | {"sourceIp": None}, "API Key Authorization"),
        (POOL, "User Pool Authorization"),
        (POOL | {"groups": ["g"]}, "User Pool Authorization"),
        (OPEN_ID, "Open ID Connect Authorization"),
        (OPEN_ID | {"username": "u"}, "API Key Authorization"),
        ({"claims": {}}, "API Key Authorization"),
        ({"resolverContext": {"a": "b"}}, "Lambda Authorization"),
        ({}, "Lambda Authorization"),
    ],
)
def test_auth_type_goes_by_the_identity(
    show: Evaluate, identity: Any, name: str
) -> None:
    assert show("$util.authType()", identity=identity) == name


@pytest.mark.aws_doc("devguide utility-helpers-in-util, $util.log")
def test_logs_are_kept_with_their_level() -> None:
    context = Context({"a": {"b": [1]}})
    template = (
        "$util.log.info($ctx.args.a)$util.log.error('x {} y {} z', 1, [2])"
        "$util.log.debug('only {}', 1, 2)$util.log.info('no mark', 1)"
        "$util.log.info('left {} {}', 'one')$util.log.info($nope){}"
    )
    assert compile_template(template)(context) == {}
    assert context.effects is not None
    assert context.effects.logs == [
        "INFO - {b=[1]}",
        "ERROR - x 1 y [2] z",
        "DEBUG - only 1",
        "INFO - no mark",
        "INFO - left one {}",
        "INFO - null",
    ]


@pytest.mark.parametrize(
    ("name", "path", "arguments"),
    [
        ("util", "isNull", "'x'"),
        ("util.time", "epochMilliSecondsToSeconds", "1999"),
        ("util.str", "toUpper", "'x'"),
    ],
)
@pytest.mark.ours("a namespace may be put into a variable")
def test_namespaces_are_values(
    evaluate: Evaluate, name: str, path: str, arguments: str
) -> None:
    direct = evaluate(f"$util.toJson(${name}.{path}({arguments}))")
    indirect = f"#set($n = ${name})$util.toJson($n.{path}({arguments}))"
    assert evaluate(indirect) == direct
    assert evaluate(f"#set($n = ${name})#if($n.nope('x'))1#{{else}}2#end") == 2
