"""The language: what APPSYNC_JS adds to, and takes from, JavaScript."""

from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError

pytestmark = pytest.mark.aws_doc("devguide supported-features")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3 % 4 - 8 / 2", -1),
        ("2 ** 10", 1024),
        ("(5 & 3) | (8 ^ 1) | (1 << 4) | (256 >> 4)", 25),
        ("null ?? 'left out'", "left out"),
        ("undefined?.anything?.at?.all ?? 0", 0),
        ("typeof void 0", "undefined"),
        ("[...[1, 2], ...[3]]", [1, 2, 3]),
        ("({ ...{ a: 1, b: 1 }, b: 2 })", {"a": 1, "b": 2}),
        ("`a ${1 + 1} ${`nested ${'x'}`}`", "a 2 nested x"),
        ("`two\nlines`", "two\nlines"),
        ("((first, second = 2, ...rest) => [first, second, rest])(1)", [1, 2, []]),
        ("true ? 'yes' : 'no'", "yes"),
        ("[NaN, Infinity, undefined]", [None, None, None]),
        ("String.raw`a\\n${1}`", "a\\n1"),
    ],
)
def test_expressions(js: Any, expression: str, value: Any) -> None:
    assert js.value(expression) == value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (
            "const x = []; for (const k of ['a', 'b']) { x.push(k) } return x",
            ["a", "b"],
        ),
        (
            "const x = []; for (const k in { a: 1, b: 2 }) x.push(k); return x",
            ["a", "b"],
        ),
        (
            "for (const n of [1, 2, 3]) { if (n > 1) { break } } return 'out'",
            "out",
        ),
        (
            (
                "switch ('b') { case 'a': return 1; case 'b':"
                " return 2; default: return 3 }"
            ),
            2,
        ),
        (
            (
                "const { a, b: { c = 5 } = {}, ...rest } = { a: 1,"
                " d: 2 }; return { a, c, rest }"
            ),
            {"a": 1, "c": 5, "rest": {"d": 2}},
        ),
        ("const [x, , y = 3] = [1, 2]; return x + y", 4),
        ("const o = { a: 1, b: 2 }; delete o.a; return o", {"b": 2}),
        ("var total = 0; [1, 2, 3].forEach((n) => { total += n }); return total", 6),
        ("function twice(n) { return n * 2 } return twice(21)", 42),
        ("const key = 'k'; return { [key]: 1, ['x' + key]: 2 }", {"k": 1, "xk": 2}),
    ],
)
def test_statements(js: Any, body: str, value: Any) -> None:
    assert js.run(body) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("Object.assign({ a: 1 }, { b: 2 })", {"a": 1, "b": 2}),
        ("Object.entries({ a: 1 })", [["a", 1]]),
        ("Object.hasOwn({ a: 1 }, 'a')", True),
        ("Object.keys({ a: 1, b: 2 })", ["a", "b"]),
        ("Object.values({ a: 1, b: 2 })", [1, 2]),
        ("'abc'.length", 3),
        ("'abc'.charAt(1)", "b"),
        ("'a'.concat('b', 'c')", "abc"),
        ("'abc'.endsWith('c')", True),
        ("'abcb'.indexOf('b')", 1),
        ("'abcb'.lastIndexOf('b')", 3),
        ("'abc'.slice(1)", "bc"),
        ("'a,b'.split(',')", ["a", "b"]),
        ("'abc'.startsWith('a')", True),
        ("'Ab'.toLowerCase() + 'Ab'.toUpperCase()", "abAB"),
        ("' a '.trim() + ' a '.trimEnd() + ' a '.trimStart()", "a aa "),
        ("Number.isFinite(1) && Number.isNaN(NaN)", True),
        ("Math.min(2, 1) + Math.max(1, 2) + Math.round(1.5)", 5),
        ("Math.floor(1.9) + Math.ceil(1.1)", 3),
        ("Math.random() < 1", True),
        ("[1].concat([2], 3)", [1, 2, 3]),
        ("[1, 2].fill(0)", [0, 0]),
        ("[1, [2, [3]]].flat()", [1, 2, [3]]),
        ("[1, [2, [3]]].flat(2)", [1, 2, 3]),
        ("[1, 2, 1].indexOf(1) + [1, 2, 1].lastIndexOf(1)", 2),
        ("[1, 2].join('-')", "1-2"),
        ("[[1, 2].pop(), [1, 2].shift(), [1].push(2), [1].unshift(0)]", [2, 1, 2, 2]),
        ("[1, 2].reverse()", [2, 1]),
        ("[1, 2, 3].slice(1, 2)", [2]),
        ("['b', 'a', 10, 9].sort()", [10, 9, "a", "b"]),
        ("[1, 2, 3].splice(0, 2)", [1, 2]),
        ("[1, 2].map((n) => n + 1)", [2, 3]),
        ("[1, 2].flatMap((n) => [n, n])", [1, 1, 2, 2]),
        ("[1, 2, 3].filter((n) => n % 2)", [1, 3]),
        ("[1, 2, 3].reduce((a, n) => a + n)", 6),
        ("[1, 2, 3].reduce((a, n) => a + n, '')", "123"),
        ("[1, 2, 3].reduceRight((a, n) => a + n, '')", "321"),
        ("[1, 2, 3].find((n) => n > 1)", 2),
        ("[1, 2].some((n) => n > 1) && [1, 2].every((n) => n > 0)", True),
        ("[1, 2].findIndex((n) => n > 1)", 1),
        ("[1, 2, 3].findLast((n) => n < 3)", 2),
        ("[1, 2, 3].findLastIndex((n) => n < 3)", 1),
        ("JSON.stringify({ a: [1, null] })", '{"a":[1,null]}'),
        ("JSON.parse('{\"a\":1}')", {"a": 1}),
    ],
)
def test_library(js: Any, expression: str, value: Any) -> None:
    assert js.value(expression) == value


@pytest.mark.parametrize("text", ["{oops", "", "undefined"])
def test_parsing_what_is_no_json_gives_a_blank_string(js: Any, text: str) -> None:
    assert js.value("JSON.parse(ctx.args.text)", {"text": text}) == ""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (r"'2024-01-02'.replace('(\\d+)-(\\d+)-(\\d+)', '$3.$2.$1')", "02.01.2024"),
        (r"'a1b22'.replaceAll('[0-9]+', '#')", "a#b#"),
        (r"'a.b.c'.replaceAll('\\.', '/')", "a/b/c"),
        (r"'x  y'.replace('\\s+', ' ')", "x y"),
        ("'hello'.replace('l', 'L')", "heLlo"),
        ("'hello'.replaceAll('l', 'L')", "heLLo"),
        (
            (
                "'John Smith'.replace('(?<first>\\\\w+)"
                " (?<last>\\\\w+)', '${last} ${first}')"
            ),
            "Smith John",
        ),
    ],
)
def test_replace_takes_regular_expressions_of_java(
    js: Any, expression: str, value: str
) -> None:
    assert js.value(expression) == value


@pytest.mark.ours("the guide says sort has no comparator; ignoring one would lie")
def test_sort_refuses_a_comparator_that_lint_did_not_see(js: Any) -> None:
    with pytest.raises(EvaluationError, match="sort does not support arguments"):
        js.run("ctx.args.list.sort((a, b) => b - a)", Context({"list": [1, 2]}))


@pytest.mark.parametrize(
    "name",
    [
        "Date",
        "Promise",
        "RegExp",
        "Function",
        "eval",
        "setTimeout",
        "fetch",
        "require",
        "process",
        "globalThis",
        "Map",
        "Symbol",
        "Proxy",
        "Reflect",
        "WeakRef",
        "BigInt",
        "Error",
        "queueMicrotask",
        "performance",
        "atob",
    ],
)
def test_other_globals_do_not_exist(js: Any, name: str) -> None:
    with pytest.raises(EvaluationError) as failed:
        js.run(f"return {name}")
    assert failed.value.message == f"code.js:5:8: ReferenceError: {name} is not defined"
    assert failed.value.error_type == "Code"


@pytest.mark.parametrize(
    "call",
    [
        "ctx.args.text.charCodeAt(0)",
        "ctx.args.text.padStart(9)",
        "ctx.args.text.repeat(2)",
        "ctx.args.text.localeCompare('b')",
        "ctx.args.text.matchAll('a')",
        "ctx.args.text.search('a')",
        "ctx.args.text.toLocaleUpperCase()",
        "ctx.args.list.entries()",
        "ctx.args.list.keys()",
        "ctx.args.list.copyWithin(0, 1)",
        "ctx.args.hasOwnProperty('text')",
        "Array.from(ctx.args.list)",
        "Array.of(1)",
        "String.fromCharCode(65)",
        "Math.abs(-1)",
        "((f) => f.call(null))(ctx.args)",
    ],
)
def test_methods_that_are_not_implemented_are_no_functions(js: Any, call: str) -> None:
    with pytest.raises(EvaluationError, match="is not a function") as failed:
        js.run(f"return {call}", Context({"text": "a", "list": [1]}))
    assert failed.value.error_type == "Code"


def test_code_is_strict(js: Any) -> None:
    with pytest.raises(EvaluationError, match="undeclared is not defined"):
        js.run("undeclared = 1")


def test_the_globals_need_no_import(js: Any) -> None:
    handlers = js.load(
        "export const request = () => util.dynamodb.toDynamoDB(1)\n"
        "export const response = (ctx) => ctx.result"
    )
    assert handlers.request(Context({})) == {"N": 1}


@pytest.mark.aws_doc("AppSync quotas: 1,000 iterations")
def test_a_thousand_iterations_are_the_limit_of_an_evaluation(js: Any) -> None:
    body = "let n = 0; for (const x of ctx.args.list) { n += 1 } return n"
    handler = js.handler(body)
    assert handler(Context({"list": [0] * 1000})) == 1000
    with pytest.raises(EvaluationError, match="1000 loop iterations") as failed:
        handler(Context({"list": [0] * 1001}))
    assert failed.value.message.startswith("code.js:5:44: ")
    assert handler(Context({"list": [0] * 1000})) == 1000  # counted anew


@pytest.mark.aws_doc("AppSync quotas: 1,000 iterations")
def test_iterations_of_all_loops_count_together(js: Any) -> None:
    body = """
      const inner = (list) => { for (const x of list) ; return 1 };
      for (const key in ctx.args.map) inner(ctx.args.list);
    """
    handler = js.handler(body)
    list_ = [0] * 99
    assert handler(Context({"list": list_, "map": dict.fromkeys("abcdefghij")})) is None
    with pytest.raises(EvaluationError, match="loop iterations"):
        handler(Context({"list": list_, "map": dict.fromkeys("abcdefghijk")}))


@pytest.mark.ours(
    "developer guide: functions are stateless; leaks would be flaky tests"
)
def test_module_state_does_not_outlive_an_evaluation(js: Any) -> None:
    handlers = js.load(
        "let count = 0; const seen = [];\n"
        "export function request(ctx) { count += 1; seen.push(count); return seen }\n"
        "export const response = (ctx) => count"
    )
    assert handlers.request(Context({})) == [1]
    assert handlers.request(Context({})) == [1]
    assert handlers.response(Context({})) == 0


@pytest.mark.ours("evaluations share a heap, so what they share must not change")
@pytest.mark.parametrize(
    "attack",
    [
        "util['evil'] = 1",
        "util.time.nowISO8601 = 1",
        "JSON.parse = 1",
        "[].map.x = 1",
        "Object.assign(Object, { keys: 1 })",
        "Object.prototype.evil = 1",
        "Array.prototype.evil = 1",
        "({}).toString.x = 1",
        "''.replace.x = 1",
        "console.log = 1",
        "Math.floor = 1",
    ],
)
def test_the_library_cannot_be_changed(js: Any, attack: str) -> None:
    with pytest.raises(EvaluationError, match="TypeError"):
        js.run(attack)


@pytest.mark.ours("ECMAScript: a frozen prototype must not forbid own properties")
def test_own_properties_may_be_called_like_inherited_ones(js: Any) -> None:
    body = "const o = {}; o.toString = 1; o.constructor = 2; o.valueOf = 3; return o"
    assert js.run(body) == {"toString": 1, "constructor": 2, "valueOf": 3}


@pytest.mark.ours("ECMAScript: JSON.stringify asks for toJSON")
def test_values_may_say_how_they_are_written(js: Any) -> None:
    body = """
    const o = { a: 1 };
    o.toJSON = () => 'written';
    const own = { toJSON: () => 2 };
    const a = [1];
    return [JSON.stringify([o, own, a]), Object.keys(o)];
    """
    assert js.run(body) == ['["written",2,[1]]', ["a", "toJSON"]]
