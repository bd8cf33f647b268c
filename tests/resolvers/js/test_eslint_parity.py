"""Our lint against AWS's own plugin, rule by rule and position by position.

Needs Node: the plugin is installed beside this file on first use.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers.js.source.builtins import MODULES
from appsync_resolvers.js.source.lint import File, lint
from appsync_resolvers.js.source.tree import Tree

pytestmark = [
    pytest.mark.aws_observed("@aws-appsync/eslint-plugin 2.0.2, run"),
    pytest.mark.timeout(400),
]

FOLDER = Path(__file__).with_name("eslint")
SNIPPETS = FOLDER.joinpath("corpus.txt").read_text("utf-8").split("\n----\n")[1:]

# The compiler knows more of types than syntax tells; these are its findings alone.
COMPILER_ONLY = {
    ("shape.method().repeat(2)", "no-disallowed-methods"),  # a member of an interface
    ("ctx.result.keys()", "no-disallowed-methods"),  # a member of a literal type
}


@pytest.fixture(scope="module")
def node() -> str:
    """The path of Node, with the plugin installed."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        pytest.skip("the parity with AWS's lint plugin needs node and npm")
    if not FOLDER.joinpath("node_modules", ".package-lock.json").exists():
        command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        installed = subprocess.run(
            command,
            cwd=FOLDER,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if installed.returncode:
            pytest.skip(f"npm could not install the plugin: {installed.stderr[-300:]}")
    return found


def suffix(snippet: str) -> str:
    return ".ts" if snippet.startswith("// TypeScript") else ".js"


@pytest.fixture(scope="module")
def theirs(node: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the plugin finds, by file."""
    folder = tmp_path_factory.mktemp("corpus").resolve()
    for number, snippet in enumerate(SNIPPETS):
        folder.joinpath(f"s{number}{suffix(snippet)}").write_text(snippet, "utf-8")
    done = subprocess.run(
        [node, str(FOLDER / "lint.mjs"), str(folder)],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_both_find_the_same(number: int, theirs: dict[str, Any]) -> None:
    snippet = SNIPPETS[number]
    tree = Tree(snippet, typescript=suffix(snippet) == ".ts")
    ours = [
        (
            f"@aws-appsync/{finding.rule}",
            finding.message,
            *tree.position(finding.range[0]),
            *tree.position(finding.range[1]),
        )
        for finding in lint(File(tree))
        if finding.rule
    ]
    expected = [
        tuple(found)
        for found in theirs[f"s{number}{suffix(snippet)}"]
        if not is_of_compiler(snippet, found)
    ]
    assert sorted(ours, key=str) == sorted(expected, key=str)


def is_of_compiler(snippet: str, found: list[Any]) -> bool:
    rule, _, line, column, _, end = found
    text = snippet.split("\n")[line - 1][column - 1 : end - 1]
    return (text, str(rule).removeprefix("@aws-appsync/")) in COMPILER_ONLY


RULES = """
no-async no-await no-classes no-continue no-disallowed-binary-operators
no-disallowed-methods no-disallowed-re-assignment no-disallowed-unary-operators no-for
no-function-passing no-function-reassign no-function-return no-generators no-in-operator
no-labels no-promise no-recursion no-regex no-this no-try no-while no-yield
"""


def test_the_corpus_shows_every_rule_in_several_shapes(theirs: dict[str, Any]) -> None:
    shapes: dict[str, set[str]] = {rule: set() for rule in RULES.split()}
    for number, snippet in enumerate(SNIPPETS):
        lines = snippet.split("\n")
        for rule, _, line, *_ in theirs[f"s{number}{suffix(snippet)}"]:
            assert rule is not None, f"the plugin cannot parse:\n{snippet}"
            shapes[rule.removeprefix("@aws-appsync/")].add(lines[line - 1].strip())
    few = {rule: found for rule, found in shapes.items() if len(found) < 4}
    assert few == {}


@pytest.mark.aws_doc("@aws-appsync/utils 2.1.1, type declarations")
def test_built_in_modules_export_what_their_types_declare(node: str) -> None:
    assert node
    package = FOLDER / "node_modules" / "@aws-appsync" / "utils" / "lib"
    for specifier, file in {
        "@aws-appsync/utils/dynamodb": "dynamodb-helpers.d.ts",
        "@aws-appsync/utils/rds": "rds-helpers.d.ts",
        "@aws-appsync/utils/ai": "bedrock-helpers.d.ts",
    }.items():
        text = package.joinpath(file).read_text("utf-8")
        declaration = r"^export declare (?:function|const) (\w+)"
        declared = re.findall(declaration, text, re.MULTILINE)
        assert MODULES[specifier] == set(declared)


@pytest.mark.aws_doc("@aws-appsync/utils 2.1.1, type declarations")
def test_util_has_what_its_types_declare(node: str, js: Any) -> None:
    assert node
    package = FOLDER / "node_modules" / "@aws-appsync" / "utils" / "lib"
    for name in ("time", "dynamodb", "rds", "http", "xml", "transform", "math"):
        text = package.joinpath(f"{name}-utils.d.ts").read_text("utf-8")
        pattern = r"^    (\w+)(?:<[^(]*>)?(?:: )?\("
        declared = set(re.findall(pattern, text, re.MULTILINE))
        offered = set(js.value(f"Object.keys(util.{name})"))
        # Recorded on AWS, and missing in its types.
        assert offered - declared <= {"toMapValues", "toDynamoDBConditionExpression"}
        assert declared - offered == set()
