"""TypeScript: types go, everything else stays where it was."""

from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError

pytestmark = pytest.mark.ours("TypeScript handbook; resolvers are written in it")

TS = Path("/nowhere/resolver.ts")


def run(js: Any, body: str, before: str = "", arguments: Any = None) -> Any:
    code = (
        f"{before}\nexport function request(ctx: Context): any {{\n{body}\n}}\n"
        "export const response = (ctx: Context<Args>): unknown => ctx.result"
    )
    return js.load(code, TS).request(Context(arguments or {}))


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("const a: number = 1; let b: string | undefined; return a", 1),
        ("let a!: number; a = 2; return a", 2),
        ("const a = ctx.args as unknown as { n: number }; return a.n", 7),
        ("const a = <{ n: number }>ctx.args; return a.n", 7),
        ("return ctx!.args!.n!", 7),
        ("return (ctx.args satisfies object).n as number", 7),
        ("const f = <T,>(x: T): T => x; return f<number>(3)", 3),
        (("const f = (a: number, b?: string, ...c:"
          " any[]): void => {}; return f(1)"), None),
        ("const f = (a: number):\n  number =>\n  a * 2; return f(2)", 4),
        (("function g(a: string): string;\nfunction g(a: any)"
          " { return a }\nreturn g('x')"),
         "x"),
        ("type Local = { a: string };\ninterface I { b: number }\nreturn 1", 1),
        ("const a: Array<Record<string, number>> = [{ x: 1 }]; return a[0].x", 1),
        ("for (const k of ['a', 'b'] as string[]) { return k }", "a"),
        ("const x = ctx.args as any\n;[1].forEach((n) => n)\nreturn x.n", 7),
        (("const o = { m<T>(a: T): T { return a }, get p(): number { return 1 } };"
         " return o.m(o.p)"), 1),
        ("const t = (v: unknown): v is string => true; return t(1)", True),
        ("return ctx.args.list?.map<number>((n: number) => n)", None),
        (("const { n = 1 as number, m: r = 2 }: { n?: number; m?: number } = ctx.args;"
         " return n + r"), 9),
    ],
)  # fmt: skip
def test_types_are_taken_off(js: Any, body: str, value: Any) -> None:
    assert run(js, body, arguments={"n": 7}) == value


@pytest.mark.parametrize(
    ("enum", "expression", "value"),
    [
        ("enum E { A, B = 5, C }", "[E.A, E.B, E.C, E[5]]", [0, 5, 6, "B"]),
        ("enum E { A = 'a', B = 'b' }", "E", {"A": "a", "B": "b"}),
        ("const enum E { A = 1 << 2, B = A | 1 }", "[E.A, E.B]", [4, 5]),
        ("export enum E { 'quoted key', default }", "[E['quoted key'], E.default]",
         [0, 1]),
        ("enum E { A = 'x'.length }", "E.A", 1),
        ("declare enum D { A }", "1", 1),
    ],
)  # fmt: skip
def test_enums(js: Any, enum: str, expression: str, value: Any) -> None:
    assert run(js, f"return {expression}", enum) == value


@pytest.mark.parametrize(
    "before",
    [
        "import type { A } from './missing'",
        "import { type A } from './missing'",
        "import { A } from './missing'; let a: A",
        "import A, { B } from 'a-package'; function f(a: A): B { return a as B }",
        "import * as N from './missing'; type T = N.A",
        "export type { A } from './missing'",
        "export interface I { a: string }",
        "export type T = string",
        "declare const a: string",
        "declare module 'x' { export const a: number }",
        "declare function f(a: string): void",
    ],
)
def test_what_is_only_a_type_is_not_imported(js: Any, before: str) -> None:
    assert run(js, "return 1", before) == 1


def test_values_are_still_imported(js: Any) -> None:
    before = "import { util, Context } from '@aws-appsync/utils'"
    assert run(js, "return util.dynamodb.toNull()", before) == {"NULL": None}


def test_positions_are_those_of_the_file(js: Any) -> None:
    body = "  const a: { x: number } = { x: 1 }; return (a as any).y.z"
    with pytest.raises(EvaluationError) as failed:
        run(js, body, "enum E { A, B }\ninterface I {\n  a: string\n}")
    assert failed.value.message.startswith("code.js:6:46: TypeError")


def test_lint_looks_at_typescript_too(js: Any) -> None:
    code = "export const request = (a: string): string => a.padStart(5)\n"
    (diagnostic,) = js.refused(code + "export const response = () => null", TS)
    assert diagnostic.value.endswith("Method String.padStart is not implemented")
    assert (diagnostic.line, diagnostic.column) == (1, 47)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("import x = require('x')", "import = require() is not supported."),
        ("namespace N { export const a = 1 }", "Namespaces are not supported."),
        ("abstract class A {}", "Class declarations are not supported."),
    ],
)
def test_what_has_no_place_in_a_resolver(js: Any, code: str, value: str) -> None:
    end = "\nexport const request = 1, response = 2"
    assert any(each.value.endswith(value) for each in js.refused(code + end, TS))


def test_types_in_javascript_are_syntax_errors(js: Any) -> None:
    (diagnostic,) = js.refused("const a: number = 1")
    assert diagnostic.error_type == "PARSE_ERROR"


def test_the_limit_counts_what_is_left_without_types(js: Any) -> None:
    types = "".join(f"interface I{i} {{ field: string }}\n" for i in range(1200))
    assert len(types) > 32_768
    assert run(js, "return 1", types) == 1
