"""Code that is no program."""

from typing import Any

import pytest


@pytest.mark.aws_observed("hashicorp/terraform-provider-aws #30760: the form")
@pytest.mark.parametrize(
    ("code", "line", "column", "text"),
    [
        ("const a = 'open\n;", 1, 11, "error TS1002: Unterminated string literal."),
        ("const a = ;", 1, 11, "error TS1109: Expression expected."),
        ("const a\n", 1, 8, "error TS1155: 'const' declarations must be initialized."),
        ("foo(", 1, 5, "error TS1109: Expression expected."),
        ("function () {}", 1, 10, "error TS1003: Identifier expected."),
        ("let x = 1 y = 2", 1, 11, "error TS1005: ';' expected."),
        (
            "function f() {\nexport const a = 1",
            2,
            1,
            "error TS1184: Modifiers cannot appear here.",
        ),
        ("export function f() { return {\n", 1, 31, "error TS1005: '}' expected."),
        ("const é = '🎉', 5", 1, 17, "error TS1134: Variable declaration expected."),
    ],
)
def test_the_compiler_s_words(
    js: Any, code: str, line: int, column: int, text: str
) -> None:
    (diagnostic,) = js.refused(code)
    assert diagnostic.error_type == "PARSE_ERROR"
    assert diagnostic.value == f"code.js({line},{column}): {text}\n"
    assert (diagnostic.line, diagnostic.column) == (line, column)


@pytest.mark.aws_doc('API reference, CodeError: "Parsing error: …"')
@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("export const a = { b: 1,, }", 1),
        ("const a = 1;\nconst a = 2;", 2),
        ("a?.b = 1", 1),
        ("export function request( {", 1),
        ("}", 1),
        ("if (1 {", 1),
        ("'use strict'; var public = 1", 1),
    ],
)
def test_other_syntax_errors(js: Any, code: str, line: int) -> None:
    (diagnostic,) = js.refused(code)
    assert diagnostic.error_type == "PARSE_ERROR"
    assert diagnostic.line == line
    assert diagnostic.value.endswith("\n")


@pytest.mark.ours("the function around the code must not make it mean something else")
@pytest.mark.parametrize(
    "code",
    [
        "export const request = 1, response = 2; return 5",
        "export const request = 1, response = 2 }})(); (function(){return function(){",
        "export function request() {} export function response() {} /* open",
        "export function request() {} export function response() {} `open",
    ],
)
def test_code_cannot_leave_its_module(js: Any, code: str) -> None:
    assert js.refused(code)


@pytest.mark.ours("an engine's own parser ends what tree-sitter accepts")
def test_deeply_nested_code_is_refused_not_fatal(js: Any) -> None:
    assert js.refused("const a = " + "(" * 16_000)
    assert js.value("40 + 2") == 42
