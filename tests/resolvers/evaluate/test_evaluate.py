"""`appsync_resolvers.evaluate`: one handler alone, as a user's unit test calls it."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import EvaluationError, Failure, evaluate

RESPONSE = "export function response(ctx) { return ctx.result; }\n"
IMPORT = "import { util, runtime } from '@aws-appsync/utils';\n"


def js(body: str) -> str:
    """Give code whose request handler has this body, which stands on line 3."""
    return f"{IMPORT}export function request(ctx) {{\n{body}\n}}\n{RESPONSE}"


@pytest.mark.aws_doc("devguide test-resolvers: evaluationResult, logs")
def test_a_handler_gives_its_value() -> None:
    code = js("console.log('id', ctx.args.id); return { id: ctx.args.id, a: [1] };")
    done = evaluate(code, {"arguments": {"id": "x"}})
    assert done.value == {"id": "x", "a": [1]}
    assert done.result == '{"id":"x","a":[1]}'
    assert done.logs == ['INFO - code.js:3:1: "id" "x"']
    assert done.error is None
    assert not done.early_return


@pytest.mark.aws_observed("LocalStack's recordings: compact JSON of what is returned")
@pytest.mark.parametrize(
    ("returned", "result"),
    [
        ("null", "null"),
        ("'text'", '"text"'),
        ("''", '""'),
        ("true", "true"),
        ("1.50", "1.5"),
        ("2.0", "2"),
        ("[1, null, { b: 1, a: 2 }]", '[1,null,{"b":1,"a":2}]'),
        ("{ gone: undefined, kept: null }", '{"kept":null}'),
        ("'é 🎉 \\n'", '"é 🎉 \\n"'),
        ("util.dynamodb.toDynamoDB('test')", '{"S":"test"}'),
    ],
)
def test_the_result_is_compact_json(returned: str, result: str) -> None:
    done = evaluate(js(f"return {returned};"))
    assert done.result == result
    assert done.value == json.loads(result)


@pytest.mark.ours("a field resolved by such a handler is null")
def test_a_handler_that_returns_nothing_gives_null() -> None:
    done = evaluate(js(""))
    assert (done.result, done.value) == ("null", None)


@pytest.mark.aws_doc("devguide resolver-context-reference-js")
@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("ctx.args.a", 1),
        ("ctx.arguments.a", 1),
        ("ctx.source.id", "s"),
        ("ctx.identity.sub", "me"),
        ("ctx.request.headers.host", "h"),
        ("ctx.request.domainName", "d"),
        ("ctx.info.fieldName", "post"),
        ("ctx.info.variables.v", 2),
        ("ctx.info.selectionSetList", ["id"]),
        ("ctx.info.selectionSetGraphQL", "{ id }"),
        ("ctx.stash.s", 3),
        ("ctx.prev.result.p", 4),
        ("ctx.result.r", 5),
        ("ctx.error.type", "T"),
        ("ctx.env.E", "e"),
    ],
)
def test_every_member_of_the_context_arrives(read: str, value: Any) -> None:
    context = {
        "arguments": {"a": 1},
        "source": {"id": "s"},
        "identity": {"sub": "me"},
        "request": {"headers": {"host": "h"}, "domainName": "d"},
        "info": {
            "fieldName": "post",
            "parentTypeName": "Query",
            "variables": {"v": 2},
            "selectionSetList": ["id"],
            "selectionSetGraphQL": "{ id }",
        },
        "stash": {"s": 3},
        "prev": {"result": {"p": 4}},
        "result": {"r": 5},
        "error": {"message": "m", "type": "T"},
        "env": {"E": "e"},
    }
    given = copy.deepcopy(context)
    code = (
        "export function request() {}\n"
        f"export function response(ctx) {{ return {read}; }}"
    )
    assert evaluate(code, context, function="response").value == value
    template = f"$util.toJson(${read})"
    done = evaluate(template, context, function="response", runtime="VTL")
    assert done.value == value
    assert context == given


@pytest.mark.ours("what is absent is as empty as it can be in a request")
@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("ctx.args", {}),
        ("ctx.stash", {}),
        ("ctx.env", {}),
        ("ctx.request.headers", {}),
        ("ctx.info.variables", {}),
        ("ctx.identity", None),
        ("ctx.source", None),
        ("ctx.prev", None),
        ("ctx.result", None),
        ("ctx.error", None),
    ],
)
@pytest.mark.parametrize("context", [{}, {"arguments": None, "identity": None}])
def test_what_is_absent_is_empty(
    read: str, value: Any, context: dict[str, Any]
) -> None:
    assert evaluate(js(f"return {read};"), context).value == value


@pytest.mark.aws_observed("LocalStack's recordings: the identity tells the mode")
@pytest.mark.parametrize(
    ("identity", "mode"),
    [
        (None, "API Key Authorization"),
        ({"sub": "s", "issuer": "i", "claims": {}}, "Open ID Connect Authorization"),
        ({"resolverContext": {}}, "Lambda Authorization"),
    ],
)
def test_the_identity_tells_how_the_caller_came_in(identity: Any, mode: str) -> None:
    done = evaluate(js("return util.authType();"), {"identity": identity})
    assert done.value == mode


@pytest.mark.ours("what AWS reports in `error` is raised only when the value is read")
@pytest.mark.parametrize(
    ("code", "runtime"),
    [
        (js("util.error('m', 'T', { a: 1 }, { b: 2 });"), "APPSYNC_JS"),
        ('$util.error("m", "T", {"a": 1}, {"b": 2})', "VTL"),
    ],
)
def test_an_error_is_told_whole(code: str, runtime: Any) -> None:
    done = evaluate(code, runtime=runtime)
    assert done.error == Failure("m", "T", {"a": 1}, {"b": 2})
    assert done.result is None
    with pytest.raises(EvaluationError, match=r"^m$") as caught:
        _ = done.value
    assert caught.value.error_type == "T"
    assert (caught.value.data, caught.value.error_info) == ({"a": 1}, {"b": 2})


@pytest.mark.aws_observed("LocalStack's recordings: unauthorized() reads Unauthorized")
@pytest.mark.parametrize(
    ("code", "runtime"),
    [
        (js("util.unauthorized();"), "APPSYNC_JS"),
        ("$util.unauthorized()", "VTL"),
    ],
)
def test_unauthorized_is_an_error(code: str, runtime: Any) -> None:
    assert evaluate(code, runtime=runtime).error == Failure(
        "Unauthorized", "Unauthorized"
    )


@pytest.mark.aws_observed("aws-appsync-community #328: errorType Code, position, name")
def test_an_exception_has_the_type_code() -> None:
    done = evaluate(js("return nope;"))
    message = "code.js:3:8: ReferenceError: nope is not defined"
    assert done.error == Failure(message, "Code")


@pytest.mark.ours("what happened before an error helps to find it")
@pytest.mark.parametrize(
    ("code", "runtime", "log"),
    [
        (
            js(
                "ctx.stash.a = 1; console.error('b'); util.appendError('c', 'C');"
                " util.error('d');"
            ),
            "APPSYNC_JS",
            'ERROR - code.js:3:18: "b"',
        ),
        (
            (
                '#set($ctx.stash.a = 1)$util.log.error("b")'
                '$util.appendError("c", "C")$util.error("d")'
            ),
            "VTL",
            "ERROR - b",
        ),
    ],
)
def test_an_error_leaves_what_was_before_it(code: str, runtime: Any, log: str) -> None:
    done = evaluate(code, runtime=runtime)
    assert done.stash == {"a": 1}
    assert done.logs == [log]
    assert done.out_errors == [{"message": "c", "type": "C"}]
    assert done.error == Failure("d")


@pytest.mark.aws_observed("$ctx.outErrors[0].message, .type in public templates")
def test_earlier_errors_may_be_given_and_are_kept() -> None:
    earlier = {"message": "m", "type": "T", "data": 1, "errorInfo": {"i": 2}}
    template = '$util.appendError("n")"$ctx.outErrors[0].message $ctx.outErrors.size()"'
    done = evaluate(template, {"outErrors": [earlier]}, runtime="VTL")
    assert done.value == "m 2"
    assert done.out_errors == [earlier, {"message": "n", "type": None}]


@pytest.mark.aws_doc("devguide runtime-utils-js; aws-appsync-directives")
@pytest.mark.parametrize(
    ("code", "runtime", "skip_to"),
    [
        (js("runtime.earlyReturn({ a: 1 });"), "APPSYNC_JS", None),
        (
            js("runtime.earlyReturn({ a: 1 }, { skipTo: 'END' });"),
            "APPSYNC_JS",
            "END",
        ),
        ('before #return({"a": 1}) after', "VTL", None),
    ],
)
def test_an_early_return_gives_its_value(code: str, runtime: Any, skip_to: Any) -> None:
    done = evaluate(code, runtime=runtime)
    assert done.value == {"a": 1}
    assert done.result == '{"a":1}'
    assert done.early_return
    assert done.skip_to == skip_to
    assert done.error is None


@pytest.mark.ours("types say that the value is optional; the service once failed on it")
@pytest.mark.parametrize(
    ("code", "runtime"),
    [
        (js("runtime.earlyReturn();"), "APPSYNC_JS"),
        (js("runtime.earlyReturn(null);"), "APPSYNC_JS"),
        ("#return", "VTL"),
    ],
)
def test_an_early_return_of_nothing_is_null(code: str, runtime: Any) -> None:
    done = evaluate(code, runtime=runtime)
    assert (done.value, done.early_return) == (None, True)


@pytest.mark.aws_observed("evaluate-code output; a line each is ours")
def test_code_that_cannot_be_saved_does_not_run() -> None:
    done = evaluate(js("ctx.stash.a = 1; for (;;) {} return /a/;"))
    assert done.error is not None
    assert done.error.message == (
        "Error: code.js(3,18): error @aws-appsync/no-for: "
        "For statements are not supported.\n"
        "Error: code.js(3,37): error @aws-appsync/no-regex: "
        "Regex literals are not supported."
    )
    assert [one.error_type for one in done.error.code_errors] == ["LINT_ERROR"] * 2
    assert done.stash == {}
    assert set(done.as_answer()) == {"error"}
    with pytest.raises(EvaluationError, match="no-regex"):
        _ = done.value


@pytest.mark.aws_observed("a template that does not parse fails when it is used")
def test_a_template_that_does_not_parse_is_an_error() -> None:
    done = evaluate("#if(", runtime="VTL")
    assert done.error is not None
    assert done.error.type == "MappingTemplate"
    assert "Encountered" in done.error.message


@pytest.mark.aws_doc("API reference, EvaluateMappingTemplate: the evaluated template")
def test_a_template_gives_its_text_and_the_json_in_it() -> None:
    done = evaluate('\n{ "a" : $ctx.args.a }\n', {"arguments": {"a": 1}}, runtime="VTL")
    assert done.result == '\n{ "a" : 1 }\n'
    assert done.value == {"a": 1}


@pytest.mark.aws_observed("aws-appsync-community #100: Unable to convert … to Object.")
def test_a_template_that_prints_no_json_has_a_text_and_no_value() -> None:
    done = evaluate("no json", function="response", runtime="VTL")
    assert (done.result, done.error) == ("no json", None)
    with pytest.raises(EvaluationError, match="Unable to convert no json"):
        _ = done.value


@pytest.mark.ours("files are ours; AWS takes one text")
@pytest.mark.parametrize("suffix", ["js", "mjs", "ts", "mts"])
def test_a_file_may_import_others(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "key.ts").write_text(
        "import { util } from '@aws-appsync/utils';\n"
        "export const key = (id: string) => util.dynamodb.toMapValues({ id });\n"
    )
    main = tmp_path / f"get.{suffix}"
    main.write_text(
        "import { key } from './lib/key';\n"
        "export function request(ctx) { return { key: key(ctx.args.id) }; }\n"
        + RESPONSE
    )
    done = evaluate(main, {"arguments": {"id": "1"}})
    assert done.value == {"key": {"id": {"S": "1"}}}


@pytest.mark.ours("files are ours; AWS takes one text")
def test_typescript_is_read_and_a_changed_file_is_read_again(tmp_path: Path) -> None:
    main = tmp_path / "get.ts"
    for number in (1, 2):
        main.write_text(
            f"export const request = (ctx: any): number => {number};\n{RESPONSE}"
        )
        assert evaluate(main).value == number


@pytest.mark.ours("files are ours; AWS takes one text")
@pytest.mark.parametrize("name", ["Query.get.req.vtl", "get.VTL", "get.vm"])
def test_templates_are_known_by_their_ending(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text('{"a": "é"}', encoding="utf-8")
    done = evaluate(path)
    assert (done.value, done.runtime) == ({"a": "é"}, "VTL")


@pytest.mark.ours("Python's own errors for what only a test's author can have wrong")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((Path("get.txt"),), r"the ending '\.txt' does not tell the language; \.js, "),
        (("resolvers/get.js",), r"looks like a file's name: give Path\('resolvers/get"),
        ((js(""), {"args": {}}), "no member 'args'. Did you mean 'arguments'?"),
        ((js(""), {"prev": {"id": 1}}), "context.prev has no member 'id'. Allowed:"),
        ((js(""), {"info": {"selectionSetlist": []}}), "mean 'selectionSetList'?"),
        ((js(""), {"arguments": []}), "context.arguments must be an object, not a l"),
        ((js(""), {"error": "m"}), "context.error must be an object, not a string"),
        ((js(""), {"identity": True}), "must be an object, not a boolean"),
        ((js(""), {"outErrors": [1]}), r"context.outErrors\[0\] must be an object"),
        ((js(""), {"result": {1, 2}}), "The context must be JSON: Object of type se"),
        ((js(""), {"result": float("nan")}), "The context must be JSON: "),
        ((js(""), [1]), "The context must be a mapping, not list."),
    ],
)
def test_a_mistake_of_the_caller_is_raised(
    arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        evaluate(*arguments)


@pytest.mark.ours("Python's own errors for what only a test's author can have wrong")
def test_only_functions_and_runtimes_that_exist_are_taken(tmp_path: Path) -> None:
    wrong: Any = "before"
    with pytest.raises(ValueError, match="'before', must be 'request' or 'response'"):
        evaluate(js(""), function=wrong)
    with pytest.raises(ValueError, match="'before', must be 'APPSYNC_JS' or 'VTL'"):
        evaluate(js(""), runtime=wrong)
    with pytest.raises(FileNotFoundError):
        evaluate(tmp_path / "get.js")


@pytest.mark.ours("a test must not hang, nor take the process with it")
@pytest.mark.parametrize("depth", [300, 450, 600, 900])
@pytest.mark.parametrize(
    "code",
    [
        "return ctx.args.a",
        "ctx.stash.a = [ctx.args.a]; return 1",
        "util.error('m', 'T', [ctx.args.a])",
        "util.appendError('m', 'T', [ctx.args.a]); return 1",
    ],
)
def test_deep_values_are_given_or_are_an_error(code: str, depth: int) -> None:
    deep: list[Any] = []
    for _ in range(depth):
        deep = [deep]
    done = evaluate(js(f"{code};"), {"arguments": {"a": deep}})
    answer = done.as_answer()
    assert "evaluationResult" in answer or answer["error"]["message"]


@pytest.mark.ours("JavaScript holds no such number, JSON does")
def test_large_integers_pass() -> None:
    large = 2**63 + 1
    done = evaluate(js("return ctx.args;"), {"arguments": {"n": large}})
    assert done.value == {"n": large}


@pytest.mark.ours("unit tests without the emulator should not load it")
def test_neither_the_emulator_nor_the_other_language_is_loaded() -> None:
    script = (
        "import sys\n"
        "from appsync_resolvers import evaluate\n"
        "evaluate('export function request() {} export function response() {}')\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    loaded = set(done.stdout.split())
    others = {"appsync_emulator", "appsync_resolvers.vtl", "asyncio", "graphql"}
    assert others & loaded == set()
