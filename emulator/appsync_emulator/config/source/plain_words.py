"""What libyaml complains about, in a user's words."""

import re
from typing import Any

import yaml

_WORDS = {
    r"mapping values are not allowed": (
        "A colon stands where no key can be; is the line indented wrongly, or should "
        "the value be in quotes?"
    ),
    r"could not find expected ':'": (
        "A key has no colon after it; is the line indented wrongly, or is a colon "
        "missing?"
    ),
    r"did not find expected key": (
        "The line is not indented like the lines before it."
    ),
    r"did not find expected '-' indicator": (
        "The line is not indented like the list items before it, or its dash is "
        "missing."
    ),
    r"did not find expected ',' or '\]'": "The list is not closed with ']'.",
    r"did not find expected ',' or '\}'": "The object is not closed with '}'.",
    r"found unexpected end of stream": (
        "The file ends inside a quoted string; a quote is missing."
    ),
    r"found undefined tag handle": "A tag with two '!' has no meaning in templates.",
    r"block sequence entries are not allowed": (
        "A list item stands where none can be; is the line indented wrongly?"
    ),
    r"found unknown escape character": "In double quotes, \\ starts an escape.",
    r"found character that cannot start any token": (
        "No value can start with this character; put the value in quotes."
    ),
}


_AT_BEGINNING = ("could not find expected ':'", "expected ','", "end of stream")
"""Problems that the parser sees at the end of what is wrong, lines too late."""


def place(error: yaml.MarkedYAMLError) -> tuple[int, int]:
    """Give the line and column, from 1, where a user has to look."""
    mark: Any = error.problem_mark or error.context_mark
    if any(words in (error.problem or "") for words in _AT_BEGINNING):
        mark = error.context_mark or mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def explain(error: yaml.MarkedYAMLError, text: str) -> str:
    """Give the parser's problem as a sentence; its own words when none is known."""
    problem = error.problem or error.context or "the parser gives no reason"
    mark: Any = error.problem_mark
    if mark is not None:
        lines = text.split("\n")
        line = lines[mark.line] if mark.line < len(lines) else ""
        if "\t" in line[: mark.column + 1]:
            return "A tab stands in the indentation; YAML wants spaces."
    for pattern, words in _WORDS.items():
        if re.search(pattern, problem):
            return words
    return f"The YAML is not well-formed: {problem}."
