"""Relative imports: the bundle AWS would get, without a bundler."""

from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError

pytestmark = pytest.mark.ours("ECMAScript modules, resolved as bundlers do")


def project(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder / "main.js"


def run(js: Any, main: Path, arguments: Any = None) -> Any:
    return js.load(main.read_text("utf-8"), main).request(Context(arguments or {}))


MAIN = "export const response = (ctx) => ctx.result\n"


def test_all_forms_of_import_and_export(js: Any, tmp_path: Path) -> None:
    main = project(
        tmp_path,
        {
            "main.js": MAIN
            + "import first, { second as two, Third } from './lib/values.js'\n"
            "import * as all from './lib/values'\n"
            "import './lib/effect'\n"
            "import { passed, whole, sum } from './lib'\n"
            "export function request() {\n"
            "  return [first, two, Third, all.second, passed,"
            " whole.second, sum(1, 2)]\n"
            "}",
            "lib/values.js": "export default 1\n"
            "export const second = 2, other = 0;\n"
            "const hidden = 3; export { hidden as Third }",
            "lib/effect.js": "const nothing = 1",
            "lib/index.ts": "export { second as passed } from './values'\n"
            "export * as whole from './values'\n"
            "export * from './sum'",
            "lib/sum.ts": "export function sum(a: number, b: number): number {"
            " return a + b }",
        },
    )
    assert run(js, main) == [1, 2, 3, 2, 2, 2, 3]


def test_handlers_may_come_from_another_file(js: Any, tmp_path: Path) -> None:
    main = project(
        tmp_path,
        {
            "main.js": "export { request, response } from './impl'",
            "impl.js": "export const request = (ctx) => ctx.args.n + 1\n" + MAIN,
        },
    )
    assert run(js, main, {"n": 1}) == 2


def test_modules_may_import_each_other(js: Any, tmp_path: Path) -> None:
    main = project(
        tmp_path,
        {
            "main.js": MAIN + "import { even } from './even'\n"
            "export const request = (ctx) => even(ctx.args.n)",
            "even.js": "import { name } from './odd'\n"
            "export const label = 'even'\n"
            "export const even = (n) => `${n} ${name(n)}`",
            "odd.js": "import { label } from './even'\n"
            "export const name = (n) => n % 2 ? 'odd' : label",
        },
    )
    assert run(js, main, {"n": 2}) == "2 even"
    assert run(js, main, {"n": 3}) == "3 odd"


def test_a_shared_module_is_evaluated_once_per_evaluation(
    js: Any, tmp_path: Path
) -> None:
    main = project(
        tmp_path,
        {
            "main.js": MAIN
            + "import { add } from './a'\nimport { state } from './state'\n"
            "export const request = () => { add(); return state.count }",
            "a.js": "import { state } from './state'\n"
            "export const add = () => { state.count += 1 }",
            "state.js": "export const state = { count: 0 }",
        },
    )
    assert run(js, main) == 1
    assert run(js, main) == 1


def test_built_in_modules_work_in_imported_files(js: Any, tmp_path: Path) -> None:
    main = project(
        tmp_path,
        {
            "main.js": MAIN + "import { key } from './keys'\n"
            "import { get } from '@aws-appsync/utils/dynamodb'\n"
            "export const request = (ctx) => get({ key: key(ctx.args.id) })",
            "keys.js": "import { toStringSet as set } from"
            " '@aws-appsync/utils/dynamodb'\n"
            "export const key = (id) => ({ id, n: set([id]).SS.length })",
        },
    )
    assert run(js, main, {"id": "1"}) == {
        "operation": "GetItem",
        "key": {"id": {"S": "1"}, "n": {"N": 1}},
    }


def test_positions_name_the_imported_file(js: Any, tmp_path: Path) -> None:
    main = project(
        tmp_path,
        {
            "main.js": MAIN + "import { f } from './lib/f'\n"
            "export const request = (ctx) => f(ctx)",
            "lib/f.js": "export const f = (ctx) => {\n  return ctx.args.a.b\n}",
        },
    )
    with pytest.raises(EvaluationError) as failed:
        run(js, main)
    assert failed.value.message.startswith("lib/f.js:2:10: TypeError")


def test_diagnostics_name_the_imported_file(js: Any, tmp_path: Path) -> None:
    main = project(
        tmp_path,
        {
            "main.js": MAIN + "import { f, nope } from './f'\n"
            "export const request = (ctx) => ~f",
            "f.js": "export const f = /x/",
        },
    )
    found = js.refused(main.read_text("utf-8"), main)
    assert [(each.path, each.line, each.column) for each in found] == [
        (None, 2, 13),
        (None, 3, 33),
        ("f.js", 1, 18),
    ]


def test_a_syntax_error_in_an_imported_file(js: Any, tmp_path: Path) -> None:
    main = project(
        tmp_path,
        {
            "main.js": MAIN
            + "import { f } from './f'\nexport const request = (c) => f",
            "f.js": "export const f = 1\n\nexport const g = ;",
        },
    )
    (diagnostic,) = js.refused(main.read_text("utf-8"), main)
    assert (diagnostic.path, diagnostic.line, diagnostic.column) == ("f.js", 3, 18)
    assert diagnostic.value == "f.js(3,18): error TS1109: Expression expected.\n"


def test_a_changed_import_is_seen_when_loaded_again(js: Any, tmp_path: Path) -> None:
    files = {
        "main.js": MAIN + "import { n } from './n'\nexport const request = () => n",
        "n.js": "export const n = 1",
    }
    main = project(tmp_path, files)
    assert run(js, main) == 1
    project(tmp_path, {"n.js": "export const n = 2"})
    assert run(js, main) == 2


def test_code_alone_is_known_again(js: Any) -> None:
    code = "export const request = () => 1\n" + MAIN
    assert js.load(code) is js.load(code)
