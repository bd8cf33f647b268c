"""Both runtimes behind one way of calling: a path, JSON arguments, a context.

The tables in tables/ hold what the helpers of `util` and `$util` have in common. A
table is a JSON object: `about`, `kind` (doc, observed or ours) and `source` of its
rows, perhaps members that all rows share, and `rows`. A row is a call, `call` and
`args`, and

    expected            the value; with `gives` "json" what its text holds, with `at`
                        what is found in it by these keys
    like, from/below    a pattern; a number's bounds
    now_in              the time of the call, in this part of a second
    differs_each_time   two calls give two values
    failure, error      the members of the error; a part of its message
    effects             what it did beside giving a value
    identity            of the caller
    vtl, js             members for one runtime only, with the reason in `because`;
                        `waits` tells what the runtime still has to learn
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from appsync_resolvers import Context, Part
from appsync_resolvers.js import JsEngine
from appsync_resolvers.vtl import compile_template

Runtime = Literal["js", "vtl"]
Row = dict[str, Any]
Run = Callable[[Runtime, str, Context], Any]

MARKS = {
    "doc": pytest.mark.aws_doc,
    "observed": pytest.mark.aws_observed,
    "ours": pytest.mark.ours,
}
TABLES = Path(__file__).with_name("tables")


def _rows() -> Iterator[Row]:
    for path in sorted(TABLES.glob("*.json")):
        table = json.loads(path.read_text("utf-8"))
        rows = table.pop("rows")
        for number, row in enumerate(rows):
            yield {**table, **row, "id": f"{path.stem}-{number}"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `row` and `runtime` for every row in both runtimes."""
    if "row" not in metafunc.fixturenames:
        return
    params = [_param(row, runtime) for row in _rows() for runtime in ("js", "vtl")]
    metafunc.parametrize(("row", "runtime"), params)


def _param(row: Row, runtime: str) -> Any:
    own = row.get(runtime, {})
    marks = [MARKS[row["kind"]](row["source"])]
    if "waits" in own:
        marks.append(pytest.mark.xfail(strict=True, reason=own["waits"]))
    name = f"{row['id']}-{row['call']}-{runtime}"
    return pytest.param({**row, **own}, runtime, id=name, marks=marks)


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    """Give the rows of all tables."""
    return list(_rows())


@pytest.fixture(scope="module")
def engine() -> Iterator[JsEngine]:
    # The machine may be busy, and these tests are not about limits.
    engine = JsEngine(inline_seconds=5)
    yield engine
    engine.close()


@pytest.fixture
def run(engine: JsEngine) -> Run:
    """Call a helper with `ctx.args.a` and give its value."""

    def run(runtime: Runtime, call: str, context: Context) -> Any:
        path = call if call.startswith("extensions.") else f"util.{call}"
        places = range(len(context.arguments["a"]))
        arguments = ", ".join(f"ctx.args.a[{place}]" for place in places)
        if runtime == "vtl":
            arguments = arguments.replace("ctx", "$ctx")
            return compile_template(f"$util.toJson(${path}({arguments}))")(context)
        code = (
            "import { util, extensions } from '@aws-appsync/utils';\n"
            f"export function request(ctx) {{ return {path}({arguments}); }}\n"
            "export function response(ctx) {}\n"
        )
        handler: Any = engine.load(code).request
        handler._plain = None  # the engine's own library is what is looked at here
        return handler(context)

    return run


@pytest.fixture
def context_of() -> Callable[[Row], Context]:
    def make(row: Row) -> Context:
        return Context({"a": row["args"]}, identity=Part(row.get("identity")))

    return make
