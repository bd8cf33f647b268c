"""YAML and JSON to values with places."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from appsync_emulator.config.node import Node, plain
from appsync_emulator.config.source import parse, read_source
from appsync_emulator.errors import ProjectError

pytestmark = pytest.mark.ours("how templates are read")


def yaml(text: str) -> Any:
    return plain(parse(text, "t.yaml"))


def at(node: Node, *path: str | int) -> Node:
    for step in path:
        node = node.value[step]
    return node


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1", 1),
        ("a: 1.5", 1.5),
        ("a: true", True),
        ("a: no", False),
        ("a: ~", None),
        ("a:", None),
        ("a: '1'", "1"),
        ('a: "x\\ty"', "x\ty"),
        ("a: 2010-09-09", "2010-09-09"),
        ("a: 0x1F", 31),
        ("a: 1:30", 90),
        ("a: .nan", ".nan"),
        ("a: -.inf", "-.inf"),
        ("a: !!str 1", "1"),
        ("a: !!int '7'", 7),
        ("a: ! 5", "5"),
        ("a: [1, x]", [1, "x"]),
        ("a: {b: c}", {"b": "c"}),
        ("a: |\n  x\n  y\n", "x\ny\n"),
        ("a: >-\n  x\n  y\n", "x y"),
        ("b: &x [1]\na: *x", [1]),
        ("b: &x {p: 1, q: 2}\na:\n  <<: *x\n  q: 3", {"q": 3, "p": 1}),
        ("b: &x {p: 1}\na:\n  <<: [*x, {r: 2}]", {"p": 1, "r": 2}),
    ],
)
def test_yaml_values(text: str, expected: Any) -> None:
    assert yaml(text)["a"] == expected


def test_yaml_keys_are_strings_as_they_are_written() -> None:
    document = "123456789012: a\nyes: b\n1.10: c"
    assert yaml(document) == {"123456789012": "a", "yes": "b", "1.10": "c"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!GetAtt A.B.C", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt [A, B]", {"Fn::GetAtt": ["A", "B"]}),
        ("!Condition A", {"Condition": "A"}),
        ("!Sub '${A}'", {"Fn::Sub": "${A}"}),
        ("!GetAZs", {"Fn::GetAZs": None}),
        ("!GetAZs ''", {"Fn::GetAZs": ""}),
        ("!If [A, !Ref B, 1]", {"Fn::If": ["A", {"Ref": "B"}, 1]}),
        ("!Base64\n  Ref: A", {"Fn::Base64": {"Ref": "A"}}),
        ("!Transform {Name: X}", {"Fn::Transform": {"Name": "X"}}),
    ],
)
def test_short_forms_become_long_ones(text: str, expected: Any) -> None:
    assert yaml(f"a: {text}") == {"a": expected}


def test_every_yaml_node_knows_its_line() -> None:
    text = "a:\n  b: x\n  c:\n    - 1\n    - !Ref D\ne: |\n\n  one\n  two\n"
    node = parse(text, "t.yaml")
    assert at(node, "a").key_line == 1
    assert at(node, "a", "b").line == 2
    assert at(node, "a", "c").key_line == 3
    assert at(node, "a", "c", 1).line == 5
    assert at(node, "a", "c", 1, "Ref").line == 5
    assert at(node, "e").text_line == 7
    assert at(node, "e").value == "\none\ntwo\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: |\n  x", 2),
        ("a: !Sub |\n  x", 2),
        ("a: |-\n  x", 2),
        ("a: >\n  x", None),
        ("a: x", 1),
        ("a: 'x'", 1),
        ('a: "x\\ny"', None),
        ("a: 'x\n  y'", None),
    ],
)
def test_texts_know_where_they_begin(text: str, line: int | None) -> None:
    node = at(parse(text, "t.yaml"), "a")
    if isinstance(node.value, dict):
        node = at(node, "Fn::Sub")
    assert node.text_line == line


def test_json_is_read_with_lines() -> None:
    value = {"a": [1, 2.5, -3e2, True, None, 'é\n"\\ud83d'], "b": {"c": {}}, "d": []}
    text = json.dumps(value, indent=1)
    node = parse(text, "t.json")
    assert plain(node) == value
    assert at(node, "a", 1).line == 4
    assert at(node, "b", "c").key_line == 11
    assert plain(parse(" [ ] ", "t.json")) == []


def test_json_in_a_file_of_another_name_is_json() -> None:
    tabs = '{\n\t"a": 1\n}'
    assert plain(parse(tabs, "t.template")) == {"a": 1}
    assert plain(parse("{a: 1}", "t.template")) == {"a": 1}


BROKEN = [
    ("a: b: c", "t.yaml:1:5", "A colon stands where no key can be"),
    ("a:\n\t- b", "t.yaml:2:1", "A tab stands in the indentation"),
    ("a:\n  - b\n c: d", "t.yaml:3:2", "not indented like the lines before it"),
    ("a:\n  - b\n  c", "t.yaml:3:3", "A key has no colon after it"),
    ("a\nb: c", "t.yaml:2:2", "A colon stands where no key can be"),
    ("a:\n  x\n  b: c", "t.yaml:3:4", "A colon stands where no key can be"),
    ("a: [b", "t.yaml:1:4", "The list is not closed"),
    ("a: {b", "t.yaml:1:4", "The object is not closed"),
    ("a: 'x", "t.yaml:1:4", "a quote is missing"),
    ("a: @x", "t.yaml:1:4", "No value can start with this character"),
    ('a: "\\q"', "t.yaml:1:5", "In double quotes"),
    ("a: - b", "t.yaml:1:4", "A list item stands where none can be"),
    ("", "t.yaml:1", "The file is empty"),
    ("# only a comment", "t.yaml:1", "The file is empty"),
    ("a: 1\n---\nb: 2", "t.yaml:2:1", "A second document starts"),
    ("\x01", "t.yaml:1:1", "U+0001 is not allowed"),
    ("a: *b", "t.yaml:1:4", "has no anchor"),
    ("&a [*a]", "t.yaml:1:5", "has no anchor"),
    ("? [a]\n: b", "t.yaml:1:3", "A key must be a plain word"),
    ("a: !!binary x", "t.yaml:1:4", "!!binary is not supported"),
    ("a: {<<: 1}", "t.yaml:1:5", "<< merges mappings only"),
    ("[" * 120, "t.yaml:1:102", "nested more than 100 deep"),
    ('{"a": 1,}', "t.json:1:9", "A name in quotes should stand here, not '}'"),
    ('{"a" 1}', "t.json:1:6", "A colon should stand after 'a', not '1'"),
    ('{"a":\n [1 2]}', "t.json:2:5", "A comma or ] should stand here, not '2'"),
    ('{"a": 1', "t.json:1:8", "not the end of the file"),
    ('{"a":1} x', "t.json:1:9", "goes on after its end"),
    ('{"a":"\n"}', "t.json:1:7", "In a string: Invalid control character"),
    ('{"a":"\\x"}', "t.json:1:7", "In a string: Invalid \\escape"),
    ("[tru]", "t.json:1:2", "A value should stand here, not 't'"),
    ("", "t.json:1:1", "not the end of the file"),
    ("[" * 120, "t.json:1:102", "nested more than 100 deep"),
    ("9" * 6000, "t.json:1:1", "The number is too long"),
]


@pytest.mark.parametrize(("text", "place", "message"), BROKEN)
def test_a_broken_file_is_told_with_line_and_column_in_plain_words(
    text: str, place: str, message: str
) -> None:
    name = place.split(":", maxsplit=1)[0]
    with pytest.raises(ProjectError) as caught:
        parse(text, name)
    assert str(caught.value).startswith(f"{place}: P102 ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("a: 1\na: 2", "t.yaml", "t.yaml:2:1"),
        ('{"a":1,\n"a":2}', "t.json", "t.json:2:1"),
    ],
)
def test_a_key_twice_is_refused(text: str, name: str, place: str) -> None:
    with pytest.raises(ProjectError, match=f"{place}: P135 'a' is in the same"):
        parse(text, name)


def test_an_unknown_short_form_is_told_with_the_nearest() -> None:
    with pytest.raises(ProjectError, match=r"P111 .*!Reff.*Did you mean '!Ref'\?"):
        parse("a: !Reff B", "t.yaml")


def test_aliases_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
    with pytest.raises(ProjectError, match="Aliases make the template too large"):
        parse("\n".join(lines), "t.yaml")


def test_files_are_utf_8_with_or_without_a_mark(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    read: Callable[[], Any] = lambda: plain(read_source(tmp_path / "t", "t"))  # noqa: E731
    (tmp_path / "t").write_bytes(b"\xef\xbb\xbfa: \xc3\xa9")
    assert read() == {"a": "é"}
    (tmp_path / "t").write_bytes(b"a: \xff")
    with pytest.raises(ProjectError, match="t: P101 The file is not UTF-8: byte 3"):
        read()
    (tmp_path / "t").unlink()
    with pytest.raises(ProjectError, match=r"t: P101 .*No such file"):
        read()
