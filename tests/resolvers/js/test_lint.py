"""Code AppSync refuses to save: rules, positions, words."""

from typing import Any

import pytest

pytestmark = pytest.mark.aws_observed("@aws-appsync/eslint-plugin 2.0.2, rules/*.js")

END = "\nexport function request() {}\nexport function response() {}"


def found(js: Any, code: str) -> list[tuple[str, int, int]]:
    """Give (value, line, column) of what lint finds."""
    diagnostics = js.refused(code + END)
    assert {each.error_type for each in diagnostics} == {"LINT_ERROR"}
    return [
        (each.value.removeprefix("@aws-appsync/"), each.line, each.column)
        for each in diagnostics
    ]


@pytest.mark.parametrize(
    ("code", "value", "column"),
    [
        ("const f = async () => 1", "no-async: Async functions are not supported.", 11),
        ("async function f() {}", "no-async: Async functions are not supported.", 1),
        (
            "const o = { async f() {} }",
            "no-async: Async functions are not supported.",
            20,
        ),
        ("class A {}", "no-classes: Class declarations are not supported.", 1),
        ("for (;;) { break }", "no-for: For statements are not supported.", 1),
        ("while (true) { break }", "no-while: While statements are not supported.", 1),
        (
            "do { break } while (1)",
            "no-while: do...while statements are not supported.",
            1,
        ),
        (
            "function* g() {}",
            "no-generators: Generator functions are not supported.",
            1,
        ),
        ("const f = () => this", "no-this: This expressions are not supported.", 17),
        ("try { } catch { }", "no-try: Try statements are not supported.", 1),
        ("const r = /a/g", "no-regex: Regex literals are not supported.", 11),
        (
            "const r = 'a' in {}",
            "no-in-operator: in operator is not supported. Use Object.hasOwn().",
            11,
        ),
        (
            "const r = 1 instanceof Object",
            "no-disallowed-binary-operators: The operator instanceof is not supported",
            11,
        ),
        (
            "const r = ~1",
            "no-disallowed-unary-operators: The operator ~ is not supported",
            11,
        ),
        (
            "let i = 0; i++",
            "no-disallowed-unary-operators: The operator ++ is not supported",
            12,
        ),
        (
            "let i = 0; --i",
            "no-disallowed-unary-operators: The operator -- is not supported",
            12,
        ),
        ("const p = new Promise()", "no-promise: Promise is not supported", 11),
        (
            "const f = (g) => 1; f(() => 2)",
            "no-function-passing: Functions can not be passed as an argument",
            21,
        ),
        (
            "const f = () => () => 1",
            "no-function-return: returning a function is not allowed",
            11,
        ),
        (
            "function f() { return function () {} }",
            "no-function-return: returning a function is not allowed",
            16,
        ),
        (
            "const f = () => 1; const g = f",
            "no-function-reassign: re-assigning function is not allowed",
            26,
        ),
        (
            "const f = () => f()",
            (
                "no-recursion: Recursive function calls not supported."
                " Detected cycle in f <-f"
            ),
            17,
        ),
        (
            "'a'.padStart(5)",
            "no-disallowed-methods: Method String.padStart is not implemented",
            1,
        ),
        (
            "Object.freeze({})",
            "no-disallowed-methods: Method ObjectConstructor.freeze is not implemented",
            1,
        ),
        (
            "[].keys()",
            "no-disallowed-methods: Method Array.keys is not implemented",
            1,
        ),
    ],
)
def test_rules(js: Any, code: str, value: str, column: int) -> None:
    assert found(js, code) == [(value, 1, column)]


def test_labels_and_continue(js: Any) -> None:
    code = "for (const a of []) { continue }\na: { break a }"
    assert found(js, code) == [
        ("no-continue: Continue statements are not supported", 1, 23),
        ("no-labels: Labeled statements are not supported.", 2, 1),
    ]


def test_all_findings_come_at_once_in_order(js: Any) -> None:
    code = "const a = /x/\nclass B {}\nconst c = ~1"
    assert [line for _, line, _ in found(js, code)] == [1, 2, 3]


def test_columns_count_utf16_units(js: Any) -> None:
    assert found(js, "const a = '🎉é'; ~1")[0][2] == 18


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("ctx = 1", "ctx is readonly and re-assignment is not supported."),
        ("ctx.args = 1", "ctx is readonly. Adding/Updating args is not supported."),
        (
            "ctx['stash'] = 1",
            "ctx is readonly. Adding/Updating stash is not supported.",
        ),
        (
            "delete ctx.stash",
            "ctx is readonly. Adding/Updating stash is not supported.",
        ),
        ("ctx.fresh += 1", "ctx is readonly. Adding/Updating fresh is not supported."),
        ("[ctx] = [1]", "ctx is readonly and re-assignment is not supported."),
        ("({ a: ctx } = {})", "ctx is readonly and re-assignment is not supported."),
        (
            "ctx[`x`] = 1",
            "ctx is readonly adding/modifying properties is not supported.",
        ),
        (
            "for (ctx.args of []) ;",
            "ctx is readonly. Adding/Updating args is not supported.",
        ),
    ],
)
def test_the_context_is_read_only(js: Any, statement: str, value: str) -> None:
    code = (
        f"export function request(ctx) {{\n  {statement}\n}}\nexport const response = 1"
    )
    (diagnostic,) = js.refused(code)
    rule = "@aws-appsync/no-disallowed-re-assignment: "
    assert diagnostic.value == rule + value
    assert diagnostic.line == 2


@pytest.mark.parametrize(
    "statement",
    [
        "ctx.args.x = 1",
        "ctx.stash.x += 1",
        "const { args } = ctx; args.x = 1",
        "{ const ctx = {}; ctx.args = 1 }",
        "const o = {}; o[ctx.args] = 1",
        "const [a = ctx] = []",
    ],
)
def test_deeper_changes_are_allowed(js: Any, statement: str) -> None:
    code = f"export function request(ctx) {{ {statement} }}"
    js.load(f"{code}\nexport function response(ctx) {{}}")


@pytest.mark.parametrize(
    "code",
    [
        "[1].map((n) => n)",
        "const f = (n) => n; [1].map(f)",
        "ctx => ctx.list.sort((a, b) => a - b)",
        "const f = (g) => g; f(1)",
        "const f = function () {}; f()",
        "const o = { f: () => 1 }; o.f()",
        "const a = () => b; const b = 1",
        "const keys = { keys: 1 }; keys.keys",
        "const o = { entries: 1 }; Object.entries(o)",
        "((text) => text.padStart(5))",
        "const Object2 = { freeze: 1 }; Object2.freeze",
    ],
)
def test_what_is_allowed(js: Any, code: str) -> None:
    js.load(code + END)


@pytest.mark.parametrize(
    ("code", "method"),
    [
        ("const s = 'a'; s.repeat(2)", "String.repeat"),
        ("`a`.charCodeAt(0)", "String.charCodeAt"),
        ("('a' + 1).search('a')", "String.search"),
        ("String(1).localeCompare('a')", "String.localeCompare"),
        ("'a,b'.split(',').keys()", "Array.keys"),
        ("Object.keys({}).entries()", "Array.entries"),
        ("[1].map((n) => n).toString()", "Array.toString"),
        ("(true ? 'a' : 'b').matchAll('a')", "String.matchAll"),
        ("(typeof 1).padEnd(5)", "String.padEnd"),
        ("const f = (s = 'x') => s.padEnd(5)", "String.padEnd"),
        ("JSON.stringify({}).valueOf()", "String.valueOf"),
    ],
)
def test_methods_are_known_by_the_kind_of_their_owner(
    js: Any, code: str, method: str
) -> None:
    ((value, _, _),) = found(js, code)
    assert value == f"no-disallowed-methods: Method {method} is not implemented"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("'a'.replace('a', () => 'b')", 1),
        ("[2, 1].sort((a, b) => a - b)", 1),
        ("JSON.parse('1', (k, v) => v)", 1),
        ("function f(g) {} function h() {} f(h)", 1),
        ("const f = (g) => 1; const h = () => 2; f(1, h)", 1),
    ],
)
def test_functions_are_no_values(js: Any, code: str, count: int) -> None:
    assert len(found(js, code)) == count


def test_recursion_through_others_is_reported_for_every_call_into_it(js: Any) -> None:
    code = "function a() { b() }\nfunction b() { c() }\nfunction c() { a() }\na()"
    prefix = "no-recursion: Recursive function calls not supported. Detected cycle in "
    assert found(js, code) == [
        (prefix + "a <-b <-c <-a", 1, 16),
        (prefix + "b <-c <-a <-b", 2, 16),
        (prefix + "c <-a <-b <-c", 3, 16),
        (prefix + "a <-b <-c <-a", 4, 1),
    ]


@pytest.mark.aws_doc("devguide supported-features: what is not supported")
@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("throw 1", "Throw statements are not supported. Use util.error()."),
        ("const C = class {}", "Class expressions are not supported."),
        ("const g = function* () {}", "Generator functions are not supported."),
        ("const o = { *g() {} }", "Generator functions are not supported."),
        ("import('x')", "Dynamic imports are not supported."),
        ("const n = 10n", "BigInt literals are not supported."),
        ("debugger", "Debugger statements are not supported."),
    ],
)
def test_what_only_the_guide_forbids(js: Any, code: str, value: str) -> None:
    assert value in [each for each, _, _ in found(js, code)]


@pytest.mark.aws_observed(
    "output of evaluate-code published in several repositories: MISSING_MAPPING_EXPORT"
)
@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("export function request() {}", ["response"]),
        ("function request() {} function response() {}", ["request", "response"]),
        ("", ["request", "response"]),
        ("export { response }; const response = 1", ["request"]),
        ("export default function request() {}", ["request", "response"]),
    ],
)
def test_handlers_must_be_exported(js: Any, code: str, missing: list[str]) -> None:
    assert [(each.error_type, each.value) for each in js.refused(code)] == [
        ("MISSING_MAPPING_EXPORT", f"Unable to find valid export for {name}")
        for name in missing
    ]


@pytest.mark.aws_doc("AppSync quotas: 32,768 characters")
def test_the_size_limit(js: Any) -> None:
    code = END + "//"
    js.load(code + "x" * (32_768 - len(code)))
    (diagnostic,) = js.refused(code + "x" * (32_769 - len(code)))
    assert "less than or equal to 32768" in diagnostic.value


@pytest.mark.aws_observed(
    "TS2339 in a recording of EvaluateCode: the form of its errors"
)
@pytest.mark.parametrize(
    ("code", "value", "column", "span"),
    [
        (
            "import { map } from 'lodash'",
            (
                "error TS2307: Cannot find module 'lodash' or its corresponding type"
                " declarations."
            ),
            21,
            8,
        ),
        (
            "import { nope } from '@aws-appsync/utils'",
            (
                "error TS2305: Module '\"@aws-appsync/utils\"' has"
                " no exported member 'nope'."
            ),
            10,
            4,
        ),
        (
            "import util from '@aws-appsync/utils'",
            "error TS1192: Module '\"@aws-appsync/utils\"' has no default export.",
            8,
            4,
        ),
        (
            "import { x } from './x'",
            (
                "error TS2307: Cannot find module './x' or its corresponding type"
                " declarations."
            ),
            19,
            5,
        ),
    ],
)
def test_imports(js: Any, code: str, value: str, column: int, span: int) -> None:
    (diagnostic,) = js.refused(code + END)
    assert diagnostic.error_type == "PARSE_ERROR"
    assert diagnostic.value == f"code.js(1,{column}): {value}\n"
    assert (diagnostic.line, diagnostic.column, diagnostic.span) == (1, column, span)


HELPERS = (
    'typeof import("/var/task/node_modules/@amzn/awsapp-sync-jsvtltranspiler/bundled'
    '/@aws-appsync/utils/lib/dynamo-db-helpers")'
)


@pytest.mark.aws_observed(
    "localstack/appsync-utils: TS2339 of EvaluateCode for a missing function; "
    "aws-appsync-community #334: types are checked on saving"
)
@pytest.mark.parametrize(
    ("expression", "name", "type_", "column"),
    [
        ("ddb.nope({})", "nope", HELPERS, 14),
        ("util.toJson(ctx)", "toJson", "Util", 15),
        ("util.time.nowNanos()", "nowNanos", "TimeUtils", 20),
        ("(util).str.toUpper('a')", "toUpper", "StringUtils", 21),
        ("extensions.nope()", "nope", "Extensions", 21),
        ("runtime.exit()", "exit", "Runtime", 18),
        ("aliased.nope()", "nope", "Util", 18),
        ("all.util.nope()", "nope", "Util", 19),
        ("util?.nope", "nope", "Util", 16),
    ],
)
def test_functions_that_do_not_exist(
    js: Any, expression: str, name: str, type_: str, column: int
) -> None:
    (diagnostic,) = js.refused(
        "import { util, util as aliased } from '@aws-appsync/utils';\n"
        "import * as all from '@aws-appsync/utils';\n"
        "import * as ddb from '@aws-appsync/utils/dynamodb';\n"
        "export function request(ctx) {\n"
        f"  return {expression};\n"
        "}\n"
        "export function response(ctx) {}\n"
    )
    assert diagnostic.error_type == "PARSE_ERROR"
    assert diagnostic.value == (
        f"code.js(5,{column}): error TS2339: Property '{name}' does not exist on type"
        f" '{type_}'.\n"
    )
    assert (diagnostic.line, diagnostic.column) == (5, column)
    assert diagnostic.span == len(name)


@pytest.mark.ours("only what is surely AWS's own object is looked at")
@pytest.mark.parametrize(
    "statement",
    [
        "const util = { toJson: (x) => x }; return util.toJson(1)",
        "return ctx.util.toJson",
        "return util['toJson']",
        "return util.error.name",
        "return util.toString",
        "return other.util",
    ],
)
def test_other_members_are_nobody_s_business(js: Any, statement: str) -> None:
    js.load(
        f"export function request(ctx) {{ {statement} }}\n"
        "export function response(ctx) {}\n"
    )
