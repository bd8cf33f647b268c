"""`appsync-emulator evaluate`: what it prints where, and what it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .command import COMMAND, run

pytestmark = pytest.mark.ours("the command is our own")

CODE = """\
import { util } from '@aws-appsync/utils';
export function request(ctx) {
  console.log("id", ctx.args.id);
  ctx.stash.seen = true;
  return { key: util.dynamodb.toMapValues({ id: ctx.args.id }) };
}
export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result;
}
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    path = tmp_path / "getPost.js"
    path.write_text(CODE)
    return path


@pytest.mark.aws_doc("devguide test-resolvers; aws appsync evaluate-code")
def test_the_answer_is_printed_as_aws_prints_it(code: Path, tmp_path: Path) -> None:
    (tmp_path / "ctx.json").write_text('{"arguments": {"id": "ü"}}')
    done = run("evaluate", code, "--context", "ctx.json", cwd=tmp_path)
    assert done.stdout == (
        "{\n"
        '    "evaluationResult": "{\\"key\\":{\\"id\\":{\\"S\\":\\"ü\\"}}}",\n'
        '    "logs": [\n'
        '        "INFO - code.js:3:3: \\"id\\" \\"ü\\""\n'
        "    ],\n"
        '    "stash": "{\\"seen\\":true}",\n'
        '    "outErrors": "[]"\n'
        "}\n"
    )
    assert done.stderr == 'INFO - code.js:3:3: "id" "ü"\n'
    assert done.returncode == 0


@pytest.mark.parametrize("context", ["ctx.json", "file://ctx.json", "-", "inline"])
def test_a_context_may_come_from_anywhere(
    code: Path, tmp_path: Path, context: str
) -> None:
    text = '{"result": [1, "é"]}'
    (tmp_path / "ctx.json").write_text(text, encoding="utf-8-sig")
    given = f" {text}" if context == "inline" else context
    done = subprocess.run(
        [COMMAND, "evaluate", code, "--function", "response", "--context", given],
        cwd=tmp_path,
        input=text,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert json.loads(done.stdout)["evaluationResult"] == '[1,"é"]'


def test_without_a_context_it_is_empty(code: Path, tmp_path: Path) -> None:
    done = run("evaluate", code, cwd=tmp_path)
    assert json.loads(done.stdout)["evaluationResult"] == '{"key":{}}'


def test_an_error_is_printed_and_tells_by_the_exit_code(
    code: Path, tmp_path: Path
) -> None:
    context = '{"error": {"message": "out of luck", "type": "Luck"}}'
    options = ("--function", "response", "--context", context)
    done = run("evaluate", code, *options, cwd=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"] == {"message": "out of luck"}
    assert done.stderr == f"{code}: out of luck\n"


def test_code_errors_name_the_files_they_are_in(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "key.ts").write_text("export const key = (n: number) => ~n;\n")
    main = tmp_path / "get.ts"
    main.write_text(
        "import { key } from './lib/key';\n"
        "export function request(ctx: any) { return key(/a/); }\n"
        "export function response() {}\n"
    )
    done = run("evaluate", "get.ts", cwd=tmp_path)
    assert done.returncode == 1
    assert [line.split(" ")[:2] for line in done.stderr.splitlines()] == [
        ["get.ts:2:48:", "LINT_ERROR:"],
        ["lib/key.ts:1:35:", "LINT_ERROR:"],
    ]
    assert len(json.loads(done.stdout)["error"]["codeErrors"]) == 2


def test_a_template_is_known_by_its_ending(tmp_path: Path) -> None:
    (tmp_path / "get.vtl").write_text('{"id": $util.toJson($ctx.args.id)\n}')
    done = run(
        "evaluate", "get.vtl", "--context", '{"arguments":{"id":1}}', cwd=tmp_path
    )
    assert json.loads(done.stdout)["evaluationResult"] == '{"id": 1\n}'


def test_the_runtime_can_be_given(tmp_path: Path) -> None:
    (tmp_path / "get.txt").write_text("$util.toJson($ctx.args)")
    done = run("evaluate", "get.txt", "--runtime", "VTL", cwd=tmp_path)
    assert json.loads(done.stdout)["evaluationResult"] == "{}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("getPots.js",),
            "getPots.js: P101 The file does not exist. Did you mean 'getPost.js'?",
        ),
        (("nowhere/getPost.js",), "getPost.js: P101 The file does not exist."),
        ((".", "--runtime", "VTL"), ".: P101 The file cannot be read: Is a directory."),
        (("bytes.js",), "bytes.js: P101 The file is not UTF-8."),
        (
            ("ctx.json",),
            (
                "ctx.json: P402 The ending '.json' does not tell the language. "
                "Did you mean '.js'? Or give --runtime APPSYNC_JS or VTL."
            ),
        ),
        (
            ("getPost.js", "--context", "ctx.json"),
            (
                "ctx.json:3: P401 The context has no member 'argumens'. "
                "Did you mean 'arguments'?"
            ),
        ),
        (
            ("getPost.js", "--context", '{"args": {}}'),
            (
                "--context:1: P401 The context has no member 'args'. "
                "Did you mean 'arguments'?"
            ),
        ),
        (
            ("getPost.js", "--context", '{"prev":\n{"id": 1}}'),
            "--context:1: P401 context.prev has no member 'id'. Allowed: result.",
        ),
        (
            ("getPost.js", "--context", '{"stash": {},\n"info":\n{"variables": 1}}'),
            "--context:2: P401 context.info.variables must be an object, not a number.",
        ),
        (
            ("getPost.js", "--context", "list.json"),
            "list.json: P401 The context must be a JSON object.",
        ),
        (
            ("getPost.js", "--context", '{"a": 1,\n  b}'),
            (
                "--context:2:3: P102 The context is not JSON: Expecting property name "
                "enclosed in double quotes."
            ),
        ),
        (
            ("getPost.js", "--context", '{"result": NaN}'),
            "--context: P102 The context is not JSON: NaN is no number.",
        ),
        (
            ("getPost.js", "--context", "ctx.jsn"),
            "ctx.jsn: P101 The file does not exist. Did you mean 'ctx.json'?",
        ),
        (("getPost.js", "--function", "before"), "'request', 'response'"),
        (("getPost.js", "--runtime", "node"), "'APPSYNC_JS', 'VTL'"),
    ],
)
def test_bad_input_is_refused_with_what_is_allowed(
    code: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    assert code.exists()
    (tmp_path / "ctx.json").write_text(
        '{\n  "source": {"argumens": 1},\n "argumens":1}'
    )
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "bytes.js").write_bytes(b"\xff")
    done = run("evaluate", *arguments, cwd=tmp_path)
    assert message in done.stderr
    assert done.returncode == 2
    assert done.stdout == ""


def test_half_a_surrogate_pair_can_be_printed(tmp_path: Path) -> None:
    path = tmp_path / "half.js"
    path.write_text(
        r"export function request(ctx) { console.log('\ud83d'); return '\ud83d'; }"
        "\nexport function response(ctx) { return ctx.result; }\n"
    )
    done = run("evaluate", path, cwd=tmp_path)
    assert json.loads(done.stdout)["evaluationResult"] == '"?"'
    assert done.returncode == 0


def test_only_what_evaluating_needs_is_imported(code: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from appsync_emulator.evaluatefile import run_evaluation\n"
        "run_evaluation(Path(sys.argv[1]), '{}', 'request', None)\n"
        "print(*(name for name in sys.modules if '.' not in name), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, code],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    heavy = {"asyncio", "graphql", "httpx", "starlette", "uvicorn", "yaml"}
    assert heavy & set(done.stderr.split()) == set()
