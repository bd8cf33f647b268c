"""What a compiled template gives, and how it fails."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from appsync_resolvers import (
    Context,
    EarlyReturn,
    EvaluationError,
    Handler,
    TemplateRejected,
)
from appsync_resolvers.vtl import compile_template, render

Evaluate = Callable[..., Any]


@pytest.mark.ours("the seam between languages and resolvers")
def test_a_template_is_a_handler(make_context: Callable[..., Context]) -> None:
    handler: Handler = compile_template('{"a": 1}')
    assert handler(make_context()) == {"a": 1}
    assert handler.patiently(make_context()) == {"a": 1}


@pytest.mark.aws_doc("devguide resolver-mapping-template-reference-programming-guide")
def test_a_request_document_gets_its_arguments(evaluate: Evaluate) -> None:
    template = """
    #set($args = $ctx.args)
    {
      "version": "2018-05-29",
      "operation": "Invoke",
      "payload": {"field": "$ctx.args.name", "arguments": $util.toJson($args)}
    }"""
    assert evaluate(template, {"name": "x", "n": [1, None]}) == {
        "version": "2018-05-29",
        "operation": "Invoke",
        "payload": {"field": "x", "arguments": {"name": "x", "n": [1, None]}},
    }


@pytest.mark.aws_observed("aws-utils #107, amplify-cli #5831: trailing commas work")
@pytest.mark.parametrize(
    ("template", "value"),
    [
        ('{"a": 1,}', {"a": 1}),
        ('{"a": [1, 2,],\n}', {"a": [1, 2]}),
        ('{#foreach($i in [1..2])"k$i": $i,#end}', {"k1": 1, "k2": 2}),
        ("[#foreach($i in [1..2])$i,#end]", [1, 2]),
    ],
)
def test_trailing_commas_are_tolerated(
    evaluate: Evaluate, template: str, value: Any
) -> None:
    assert evaluate(template) == value


@pytest.mark.aws_doc("devguide resolver-mapping-template-reference-overview")
@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("null", None),
        ("5", 5),
        (" true ", True),
        ('"text"', "text"),
        ("[]", []),
        ("$util.toJson($ctx.args)", {}),
        ("$util.toJson($ctx.nope)", None),
        ("1.50", 1.5),
    ],
)
def test_a_template_may_print_any_json_value(
    evaluate: Evaluate, template: str, value: Any
) -> None:
    assert evaluate(template) == value


@pytest.mark.aws_observed("serverless-components/aws-app-sync #25")
def test_nothing_may_follow_the_document(evaluate: Evaluate) -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate('{ "payload": $util.toJson($ctx.args) })')
    assert caught.value.error_type == "MappingTemplate"
    message = "Trailing characters at the end of the JSON string are not allowed."
    assert caught.value.message == message


@pytest.mark.aws_doc("devguide resolver-mapping-template-changelog")
@pytest.mark.parametrize(
    "template",
    [
        '{"aField": 1, "aField": 2}',
        '{"aField": 1, "b": {}, "aField" : 2}',
        '{"x": {"aField": 1, $util.toJson("aField"): 2}}',
        '{"x": [{"aField": "}", "aField": 2}]}',
        '{"\\u0061Field": 1, "aField": 2}',
    ],
)
def test_a_key_may_occur_once(evaluate: Evaluate, template: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate(template)
    assert caught.value.message == (
        "Duplicate field 'aField' detected on Object. "
        "Duplicate JSON keys are not allowed."
    )


@pytest.mark.aws_observed("Stack Overflow 76802190")
@pytest.mark.parametrize("template", ["", "  \n", "#set($x = 1)\n", "$!nope"])
def test_an_empty_output_is_an_error(evaluate: Evaluate, template: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate(template)
    message = "Template transformation yielded an empty response."
    assert (caught.value.message, caught.value.error_type) == (
        message,
        "MappingTemplate",
    )


@pytest.mark.aws_observed("aws-samples/aws-serverless-appsync-app #5")
def test_a_request_that_is_no_json_names_the_place(evaluate: Evaluate) -> None:
    template = (
        '\n{\n    {\n    "version" : "2017-02-28",\n    "operation": "Invoke",\n'
        '    "payload": {\n      "city":"New York"\n    }\n     \n}\n}'
    )
    with pytest.raises(EvaluationError) as caught:
        evaluate(template)
    assert caught.value.message == (
        "Unable to parse the JSON document: 'Unexpected character ('{' (code 123)): "
        'was expecting double-quote to start field name\n at [Source: (String)"\n{\n'
        '    {\n    "version" : "2017-02-28",\n    "operation": "Invoke",\n    "payload'
        '": {\n      "city":"New York"\n    }\n     \n}\n}"; line: 3, column: 6]\''
    )


@pytest.mark.aws_observed("aws-appsync-community #100, athena-app #9")
def test_a_response_that_is_no_json_is_shown() -> None:
    text = "  # a comment with one sign\n  $utils.appendError($ctx.args.m, $ctx.args.n)"
    handler = compile_template(text, response=True)
    with pytest.raises(EvaluationError) as caught:
        handler(Context({"m": "x", "n": 404}))
    assert caught.value.message == f"Unable to convert {text} to Object."
    assert caught.value.error_type == "MappingTemplate"


@pytest.mark.aws_observed(
    "functionless #230: the error comes when the field is resolved"
)
def test_a_template_without_syntax_is_rejected_in_velocitys_words() -> None:
    template = "\n\n\n\n\n\n#if( $identity         && $x in $y )x#end"
    with pytest.raises(TemplateRejected) as caught:
        compile_template(template)
    assert caught.value.message == (
        'Encountered "in" at velocity[line 7, column 30]\nWas expecting one of:\n'
        '    <RPAREN> ...\n    "-" ...\n    "+" ...\n    "*" ...\n    "/" ...\n'
        '    "%" ...\n    <LOGICAL_AND> ...\n    <LOGICAL_OR> ...\n'
        "    <LOGICAL_LT> ...\n    <LOGICAL_LE> ...\n    <LOGICAL_GT> ...\n"
        "    <LOGICAL_GE> ...\n    <LOGICAL_EQUALS> ...\n"
        "    <LOGICAL_NOT_EQUALS> ...\n    "
    )
    assert (caught.value.line, caught.value.column) == (7, 30)


@pytest.mark.aws_observed("users' reports of: … in [Ljava.lang.String; at velocity[…")
def test_a_missing_member_fails_in_velocitys_words(evaluate: Evaluate) -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate(
            '#set($parts = $ctx.args.path.split("/"))\n"$parts[3]"', {"path": "a/b"}
        )
    assert caught.value.message == (
        "Error invoking method 'get(java.lang.Integer)' in [Ljava.lang.String; "
        "at velocity[line 2, column 8]"
    )
    assert caught.value.error_type == "MappingTemplate"


@pytest.mark.aws_doc("devguide aws-appsync-directives")
@pytest.mark.parametrize(
    ("template", "value"),
    [
        ('text #return({"a": $ctx.args.x}) more', {"a": [1]}),
        ("#return", None),
        ("#return()", None),
        ("#if(true)#return($ctx.args.x)#end", [1]),
        ('#return("a")', "a"),
        ("#return($ctx.args.keySet())", ["x"]),
    ],
)
def test_return_leaves_with_a_value(
    evaluate: Evaluate, template: str, value: Any
) -> None:
    with pytest.raises(EarlyReturn) as caught:
        evaluate(template, {"x": [1]})
    assert caught.value.value == value
    assert caught.value.skip_to is None


@pytest.mark.ours("values that leave a template are JSON and nobody else's")
def test_returned_values_do_not_change_with_the_context() -> None:
    context = Context({"x": {"y": 1}})
    with pytest.raises(EarlyReturn) as caught:
        compile_template("#return($ctx.args.x)")(context)
    assert caught.value.value is not context.arguments["x"]
    value = compile_template('{"payload": $util.toJson($ctx.args)}')(context)
    value["payload"]["x"]["y"] = 2
    assert context.arguments == {"x": {"y": 1}}


@pytest.mark.ours("an identity response template costs nothing")
@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("$util.toJson($ctx.result)", True),
        ("\n$utils.toJson($context.result)\n", True),
        ("## comment\n${util.toJson($ctx.result)}", True),
        (
            (
                "#if($ctx.error)\n$util.error($ctx.error.message, $ctx.error.type)\n"
                "#end\n$util.toJson($ctx.result)"
            ),
            True,
        ),
        (
            (
                "#if($context.error) $util.error($ctx.error.message) "
                "#else $util.toJson($ctx.result) #end"
            ),
            True,
        ),
        ("#if($ctx.error)$util.error('x')#{else}a#end$util.toJson($ctx.result)", False),
        ("#if($ctx.args.x) $util.error('x') #end $util.toJson($ctx.result)", False),
        ("#if($ctx.error) x #end $util.toJson($ctx.result)", False),
        ("$util.toJson($ctx.result.items)", False),
        ("$util.toJson($ctx.prev.result)", False),
        ("$$util.toJson($ctx.result)", False),
        ("$util.toJson($ctx.result) x", False),
        ("$ctx.result", False),
        ('{"a": 1}', False),
        ("", False),
    ],
)
def test_templates_that_hand_the_result_on(template: str, expected: bool) -> None:
    handler = compile_template(template)
    assert handler.returns_result is expected
    if expected:
        context = Context({})
        context.result = {"a": [1, "x"]}
        assert handler(context) == {"a": [1, "x"]}
        assert handler.patiently(context) == {"a": [1, "x"]}
        context.error = {"message": "m", "type": "T"}
        if "error" in template:
            with pytest.raises(EvaluationError):
                handler(context)


@pytest.mark.ours("one handler serves many requests")
def test_a_handler_keeps_nothing_between_evaluations() -> None:
    handler = compile_template(
        "#set($list = [])#set($map = {})$util.qr($list.add($ctx.args.x))"
        "$util.qr($map.put('k', $list))$util.toJson($map)"
    )
    for number in range(3):
        assert handler(Context({"x": number})) == {"k": [number]}


@pytest.mark.ours("Java's own objects must not reach other languages")
@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("$util.qr($ctx.stash.put('a', $ctx.args.keySet()))1", ["s"]),
        (
            "#set($p = $ctx.args.s.split(','))$util.qr($ctx.stash.put('a', $p))1",
            ["x", "y"],
        ),
        ("$util.qr($ctx.stash.put('a', {1: 2}))1", {"1": 2}),
        ("#set($ctx.stash.a = [$ctx.args.s.charAt(0)])1", ["x"]),
        ("$util.qr($ctx.stash.put('a', $ctx.args.entrySet()))1", [{"s": "x,y"}]),
        ("$util.qr($ctx.stash.put('a', {'b': $ctx.args.values()}))1", {"b": ["x,y"]}),
    ],
)
def test_the_stash_holds_json(template: str, expected: Any) -> None:
    context = Context({"s": "x,y"})
    assert compile_template(template)(context) == 1
    assert context.stash["a"] == expected
    assert type(context.stash["a"]) in (list, dict)


@pytest.mark.aws_doc("API reference EvaluateMappingTemplate: the raw text")
def test_render_gives_the_text_as_it_is() -> None:
    context = Context({"x": 1.0e7, "y": {"a": "é\x1f"}})
    text = '{\n "x": $util.toJson($ctx.args.x), "y":$util.toJson($ctx.args.y) }\n'
    assert render(text, context) == '{\n "x": 1.0E7, "y":{"a":"é\\u001F"} }\n'
    handler = compile_template(text)
    assert render(handler, context) == render(handler, copy.copy(context))
    assert handler(context) == {"x": 1e7, "y": {"a": "é\x1f"}}
