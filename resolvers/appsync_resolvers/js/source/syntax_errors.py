"""Syntax errors in AWS's form.

AWS parses with the TypeScript compiler; a real refusal read
`code.js(1,7): error TS1135: Argument expression expected.` and a newline (observed:
hashicorp/terraform-provider-aws #30760). The engine's parser finds the same places but
has its own words; where the meaning is the same, TypeScript's are used.
"""

import re

ENDED = "SyntaxError: Unexpected end of input"
_ODD_EXPORT = "unsupported keyword: export"
_MEANINGS = (
    (r"unexpected end of string", 1002, "Unterminated string literal."),
    (r"unexpected end of template", 1160, "Unterminated template literal."),
    (r"expecting '(.+)'", 1005, "'{0}' expected."),
    (r"unexpected token in expression: '.+'", 1109, "Expression expected."),
    (r"Unexpected end of input", 1005, "'}}' expected."),
    (r"variable name expected", 1134, "Variable declaration expected."),
    (_ODD_EXPORT, 1184, "Modifiers cannot appear here."),
    (r"function name expected", 1003, "Identifier expected."),
    (
        r"missing initializer for variable",
        1155,
        "'const' declarations must be initialized.",
    ),
    (
        r"Octal literals are not allowed in strict mode",
        1121,
        "Octal literals are not allowed.",
    ),
    (r"Invalid Unicode escape sequence", 1125, "Hexadecimal digit expected."),
)
_POSITION = re.compile(r"^\s*at .*?:(\d+):(\d+)\)?\s*$", re.MULTILINE)


def engine_position(error: str) -> tuple[int, int] | None:
    """Give line and byte column out of an engine's error text."""
    found = _POSITION.search(error)
    return None if found is None else (int(found[1]), int(found[2]))


def is_unclosed(error: str, before: bytes) -> bool:
    """Tell whether an `export` is only odd because the text ends too early.

    Within an unfinished text it is not taken for a statement, so the engine stumbles
    over it even where it may stand: outside of all braces of the text before.
    """
    odd = error.startswith(f"SyntaxError: {_ODD_EXPORT}")
    return odd and before.count(b"{") <= before.count(b"}")


def value(error: str, line: int, column: int, file: str = "code.js") -> str:
    """Write an engine's syntax error the way AWS prints it."""
    message = error.split("\n", 1)[0].removeprefix("SyntaxError: ")
    for pattern, number, text in _MEANINGS:
        found = re.fullmatch(pattern, message)
        if found is not None:
            return typescript_error(
                number, text.format(*found.groups()), line, column, file
            )
    return f"Parsing error: {message}\n"


def typescript_error(
    number: int, text: str, line: int, column: int, file: str = "code.js"
) -> str:
    """Write an error of the TypeScript compiler the way AWS prints it."""
    return f"{file}({line},{column}): error TS{number}: {text}\n"
