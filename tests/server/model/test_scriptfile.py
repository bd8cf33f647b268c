from pathlib import Path

import pytest

from appsync_emulator.errors import ProjectError
from appsync_emulator.server.model.reply import Fault, ToolUse
from appsync_emulator.server.model.scriptfile import read_script

pytestmark = pytest.mark.ours("scripts are our own")


def read(folder: Path, text: str, name: str = "script.yaml") -> list[object]:
    path = folder / name
    path.write_text(text)
    return [*read_script(path)]


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(ProjectError) as caught:
        read(folder, text)
    return str(caught.value).replace(str(folder / "script.yaml"), "script.yaml")


def test_everything_a_rule_may_have(tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text(
        """
- match: /^Hi\\b/i
  model: anthropic.*
  reply: Hello there.
  tool_use: {name: weather, id: t1, input: {city: Rome, days: 2}}
  first_token: 0.5
  rate: 20
  jitter: 0.3
  fault: {kind: error, after: 3, status: 503, message: Busy.}
  times: 2
"""
    )
    (rule,) = read_script(path)
    assert rule.match is not None
    assert rule.match.search("hi there")
    assert rule.model == "anthropic.*"
    assert rule.tokens == ("Hello", " there", ".")
    assert rule.tools == (ToolUse("t1", "weather", {"city": "Rome", "days": 2}),)
    assert (rule.first, rule.rate, rule.jitter, rule.times) == (0.5, 20, 0.3, 2)
    assert rule.fault == Fault("error", 3, 503, "Busy.")


def test_json_will_do_and_null_is_not_there(tmp_path: Path) -> None:
    text = '[{"tokens": ["a", " b"], "match": null}, {}]'
    first, second = read(tmp_path, text, "script.json")
    assert first.tokens == ("a", " b")  # type: ignore[attr-defined]
    assert second.tokens is None  # type: ignore[attr-defined]


def test_text_to_match_is_no_pattern(tmp_path: Path) -> None:
    (rule,) = read(tmp_path, "- match: a.c (")
    assert rule.match.search("x a.c ( x")  # type: ignore[attr-defined]
    assert not rule.match.search("abc (")  # type: ignore[attr-defined]


def test_an_id_that_is_not_given_is_the_same_each_time(tmp_path: Path) -> None:
    text = "- tool_use: [{name: a}, {name: a}]"
    (rule,), (again,) = read(tmp_path, text), read(tmp_path, text)
    assert rule == again
    first, second = rule.tools  # type: ignore[attr-defined]
    assert first.id != second.id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules: []", "script.yaml:1: P502 A script is a list of rules, not an obj"),
        ("- Hello", "script.yaml:1: P502 A rule is an object, not a string."),
        (
            "- match: x\n  replay: y",
            "script.yaml:2: P501 There is no 'replay' in a rule. Did you mean 'reply'?",
        ),
        ("- reply: 42", "script.yaml:1: P502 reply is 42, but must be a string."),
        ("- reply: a\n  tokens: [a]", "script.yaml:2: P502 A rule has either reply"),
        ("- tokens: abc", "tokens must be a list, not a string."),
        ("- tokens: [a, '']", "a token is '', but must be a string that is not empty."),
        ("- match: /(/", "/(/ is no regular expression:"),
        ("- match: ''", "match is '', but must be a string that is not empty."),
        ("- rate: -1", "rate is -1, but must be a number from 0 up."),
        ("- rate: .nan", "rate is '.nan'"),
        ("- jitter: 1.5", "jitter is 1.5, but must be a number from 0 to 1."),
        ("- times: 0", "times is 0, but must be a whole number from 1 up."),
        ("- times: true", "times is True"),
        ("- fault: cut", "A fault is an object, not a string."),
        ("- fault: {after: 2}", "A fault needs its kind: stall, error, throttle, cut."),
        ("- fault: {kind: explode}", "kind is 'explode', but must be one of stall, "),
        ("- fault: {kind: [cut]}", "kind is a list, but must be one of stall, "),
        (
            "- fault: {kind: cut, status: 500}",
            "P501 A fault of kind cut has no status, but kind, after.",
        ),
        (
            "- fault: {kind: error, status: 418}",
            "status is 418, but must be one of 400, 403, 404, 408, 424, 429, 500, 503.",
        ),
        ("- fault: {kind: error, afer: 1}", "Did you mean 'after'?"),
        ("- tool_use: {input: {}}", "tool_use needs the name of the tool."),
        ("- tool_use: {name: a b}", "name is 'a b', but must be 1 to 64 letters"),
        ("- tool_use: {name: a, input: 3}", "The input of a tool must be an object"),
        ("- tool_use: [a]", "Tool_use is an object, not a string."),
        ("- reply: [", "script.yaml:"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert expected in complaint(tmp_path, text)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    lines = complaint(tmp_path, "- rate: fast\n- times: 0\n  fault: {kind: x}")
    assert len(lines.splitlines()) == 3


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="P101"):
        read_script(tmp_path / "missing.yaml")


def test_the_readmes_script_is_one(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text()
    text = readme.partition("`--model-script replies.yaml`")[2]
    script = text.partition("```yaml\n")[2].partition("```")[0]
    assert len(read(tmp_path, script)) == 6
