"""`$ctx`: its members, what may be changed in them, and what may not."""

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError
from appsync_resolvers.context import Info
from appsync_resolvers.vtl import compile_template, render

pytestmark = pytest.mark.aws_doc("devguide resolver-mapping-template-context-reference")

Evaluate = Callable[..., Any]

MEMBERS: dict[str, Any] = {
    "source": {"id": "s", "n": [1]},
    "identity": {"sub": "me", "claims": {"a": 1}},
    "request": {"headers": {"x-api-key": "k"}, "domainName": None},
    "env": {"KEY": "value"},
    "stash": {"kept": 1},
    "result": {"items": [1]},
    "prev": {"before": True},
    "error": {"message": "m", "type": "T"},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("args.a", [1]),
        ("arguments.a", [1]),
        ("args", {"a": [1]}),
        ("source.id", "s"),
        ("source.n[0]", 1),
        ("identity.sub", "me"),
        ("identity.claims.a", 1),
        ("request.headers.x-api-key", "k"),
        ("request.headers['x-api-key']", "k"),
        ("request.domainName", None),
        ("env.KEY", "value"),
        ("env.get('KEY')", "value"),
        ("stash.kept", 1),
        ("result.items", [1]),
        ("prev.result.before", True),
        ("prev.result", {"before": True}),
        ("prev", {"result": {"before": True}}),
        ("error.message", "m"),
        ("error.type", "T"),
        ("error", {"message": "m", "type": "T"}),
        ("info.fieldName", "post"),
        ("info.parentTypeName", "Query"),
        ("info.variables.a", 1),
        ("info.selectionSetList", ["id", "author/name"]),
        ("info.selectionSetList[1]", "author/name"),
        ("info.selectionSetGraphQL", "{\n  post\n}"),
        ("outErrors", []),
        ("nope", None),
        ("get('args').a", [1]),
        ("getArgs()", None),
    ],
)
def test_the_context_has_these_members(
    evaluate: Evaluate, info: Info, path: str, value: Any
) -> None:
    for form in ("$util.toJson($%s)", "#set($v = $%s)$util.toJson($v)"):
        for name in ("ctx", "context"):
            members = copy.deepcopy(MEMBERS)
            found = evaluate(form % f"{name}.{path}", {"a": [1]}, info=info, **members)
            assert found == value


@pytest.mark.parametrize("path", ["prev", "error", "result", "source", "identity"])
def test_what_a_run_does_not_have_is_null(evaluate: Evaluate, path: str) -> None:
    assert evaluate(f"$util.toJson($ctx.{path})") is None
    assert evaluate(f"#if($ctx.{path})1#{{else}}2#end") == 2


@pytest.mark.aws_observed(
    "ctx.info prints without its selection (amplify-cli templates)"
)
def test_info_hides_its_selection_from_json(evaluate: Evaluate, info: Info) -> None:
    shown = {"fieldName": "post", "parentTypeName": "Query", "variables": {"a": 1}}
    assert evaluate("$util.toJson($ctx.info)", info=info) == shown
    assert evaluate("#set($i = $ctx.info)$util.toJson($i)", info=info) == shown
    assert evaluate("#set($c = $ctx)$util.toJson($c.info)", info=info) == shown
    keys = evaluate("$util.toJson($ctx.info.keySet())", info=info)
    assert keys == ["fieldName", "parentTypeName", "variables"]


@pytest.mark.ours("the whole context is seldom printed; empty members are left out")
def test_the_context_is_a_map(evaluate: Evaluate, info: Info) -> None:
    template = "#set($c = $ctx)$util.toJson($c.keySet())"
    keys = evaluate(template, {"a": 1}, info=info, **copy.deepcopy(MEMBERS))
    assert set(keys) == {*MEMBERS, "info", "arguments", "args", "outErrors"}
    assert evaluate("$util.toJson($ctx)", {"a": 1})["args"] == {"a": 1}
    assert evaluate("#foreach($k in $ctx.keySet())#if($k == 'prev')1#end#end 2") == 2


def test_arguments_and_stash_may_be_changed() -> None:
    context = Context({"a": {"b": [1]}})
    template = (
        "$util.qr($ctx.stash.put('x', $ctx.args.a))$util.qr($ctx.args.a.b.add(2))"
        "#set($ctx.args.c = 3)#set($ctx.stash.y.z = 4)#set($ctx.stash['k'] = 5)"
        "#set($context.arguments.a.b[0] = 0){}"
    )
    compile_template(template)(context)
    assert context.arguments == {"a": {"b": [0, 2]}, "c": 3}
    assert context.stash == {"x": {"b": [0, 2]}, "k": 5}


def test_changes_are_seen_by_the_next_step() -> None:
    context = Context({})
    compile_template("$util.qr($ctx.stash.put('n', [1])){}")(context)
    compile_template("$util.qr($ctx.stash.n.add(2)){}")(context)
    assert compile_template("$util.toJson($ctx.stash.n)")(context) == [1, 2]


def test_the_result_may_be_changed() -> None:
    context = Context({})
    context.result = {"items": [{"a": 1}]}
    template = (
        "#foreach($i in $ctx.result.items)$util.qr($i.put('b', 2))#end"
        "$util.toJson($ctx.result.items)"
    )
    assert compile_template(template)(context) == [{"a": 1, "b": 2}]


@pytest.mark.ours("several resolvers share these members")
@pytest.mark.parametrize("member", ["source", "identity", "request", "env"])
@pytest.mark.parametrize(
    "change",
    [
        "$util.qr($ctx.{0}.put('new', 1))",
        "#set($ctx.{0}.new = 1)",
        "#set($v = $ctx.{0})$util.qr($v.put('new', 1))",
        "#set($c = $ctx)$util.qr($c.{0}.put('new', 1))",
        "#foreach($m in $ctx.{0})$util.qr($m.put('new', 1))#end",
        "$util.qr($ctx.{0}.clear())",
        "$util.qr($ctx.{0}.keySet().clear())",
        "#set($ctx.{0}['new'] = 1)",
        "#foreach($e in $ctx.{0}.entrySet())#set($e.value = 1)#end",
    ],
)
def test_shared_members_are_never_changed(
    make_context: Callable[..., Context], member: str, change: str
) -> None:
    members = {member: {"kept": {"x": 1}}}
    context = make_context({}, **copy.deepcopy(members))
    compile_template(change.replace("{0}", member) + "{}")(context)
    value = context.source if member == "source" else getattr(context, member).value
    assert value == members[member]


@pytest.mark.ours("several resolvers share these members")
def test_info_is_never_changed(
    make_context: Callable[..., Context], info: Info
) -> None:
    context = make_context({}, info=info)
    template = (
        "$util.qr($ctx.info.variables.put('new', 1))#set($ctx.info.x = 1)"
        "#set($i = $ctx.info)$util.qr($i.variables.clear())"
        "$util.qr($ctx.info.selectionSetList.add('x')){}"
    )
    compile_template(template)(context)
    assert info.value["variables"] == {"a": 1}
    assert "x" not in info.value
    assert info.selection_set_list == ["id", "author/name"]


@pytest.mark.ours("a value that was read must stay what it was")
def test_what_leaves_a_template_is_a_copy() -> None:
    context = Context({"a": {"b": [1]}}, {"s": [1]})
    context.result = {"r": [1]}
    template = '{"a": $util.toJson($ctx.args.a), "s": $util.toJson($ctx.source)}'
    value = compile_template(template)(context)
    value["a"]["b"].append(2)
    value["s"]["s"].append(2)
    assert context.arguments == {"a": {"b": [1]}}
    assert context.source == {"s": [1]}


@pytest.mark.aws_doc("Velocity user guide: a variable may be called anything")
def test_a_template_may_set_the_context_itself(show: Evaluate) -> None:
    assert show("#set($ctx = {'args': 5})$ctx.args $context.args.a", {"a": 1}) == "5 1"
    assert show("#foreach($ctx in [1])$ctx#end$ctx.args.a", {"a": 2}) == "12"


@pytest.mark.ours("anything may be asked of anything")
@pytest.mark.parametrize(
    "receiver",
    [
        *("$util", "$util.time", "$extensions", "$ctx", "$ctx.info", "$ctx.args.class"),
        *("$ctx.args.keySet()", "$ctx.args.t.charAt(0)", "$ctx.args.t.split('')"),
        *("$ctx.args.l.iterator()", "$ctx.args.entrySet().iterator().next()", "$block"),
        *("$ctx.args.t", "$ctx.args.n", "$ctx.args.l", "$ctx.args.f", "$foreach"),
    ],
)
def test_no_value_stops_the_process(receiver: str) -> None:
    context = Context({"t": "text", "n": 99999999999, "l": [1], "f": 1.5})
    for use in (
        "$v $v.nope $v.nope() $!v['x'] $v[0] $v.class.name $v.hashCode() $v.size()",
        "#set($v.new = 1)#set($v['x'] = 1)#set($v[0] = 1)$v",
        "#if($v == $v)=#end#if($v == 1 || $v < 2)<#end#if($v && !$v)!#end",
        "#foreach($i in $v)$i#end#foreach($i in $v)$i#end",
        '$v.equals(1)#set($w = $v + 1)#set($w = "$v")$w$util.typeOf($v)',
        "$util.toJson($v)$util.qr($ctx.stash.put('v', $v))",
        "$util.toJson([$v, {'a': $v}])$util.dynamodb.toDynamoDBJson($v)",
    ):
        template = (
            f"#define($block)x#end#foreach($q in [1])#set($v = {receiver}){use}#end"
        )
        with suppress(EvaluationError):
            render(template, context)
    json.dumps(context.stash)


@pytest.mark.ours("what was put into itself is gone, and the template fails")
@pytest.mark.parametrize(
    "template",
    [
        "$util.qr($ctx.stash.put('v', $ctx.stash))",
        "$util.qr($ctx.stash.put('v', $ctx))",
        "#set($m = {})$util.qr($m.put('m', $m))$util.qr($ctx.stash.put('m', $m))",
        "#set($ctx.args.x = [$ctx.args])",
        "#set($ctx.args.x = {'a': {'b': $ctx.args}})",
        "#foreach($i in [1])$util.qr($ctx.stash.put('v', [$ctx.stash]))#end",
    ],
)
def test_nothing_contains_itself_afterwards(template: str) -> None:
    context = Context({"a": 1})
    with pytest.raises(EvaluationError, match="StackOverflowError"):
        compile_template(template + "{}")(context)
    json.dumps((context.stash, context.arguments))


@pytest.mark.aws_doc("devguide: numbers of any size")
def test_big_numbers_may_be_kept() -> None:
    context = Context({"a": [10**30]})
    compile_template("$util.qr($ctx.stash.put('v', $ctx.args.a)){}")(context)
    assert context.stash == {"v": [10**30]}
