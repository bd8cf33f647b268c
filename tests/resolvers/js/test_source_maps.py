"""Inline source maps: positions of the files before bundling."""

import base64
import json
from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError

pytestmark = pytest.mark.aws_doc("devguide additional-utilities: source maps")

CODE = (
    "function request(ctx) {\n"
    "  console.log(1);\n"
    "  return ctx.args.a.b;\n"
    "}\n"
    "var response = (ctx) => ctx.result;\n"
    "export { request, response };\n"
)


def with_map(mappings: str, sources: list[str]) -> str:
    content = {"version": 3, "sources": sources, "mappings": mappings, "names": []}
    text = base64.b64encode(json.dumps(content).encode()).decode()
    return f"{CODE}//# sourceMappingURL=data:application/json;base64,{text}\n"


def test_positions_are_mapped(js: Any) -> None:
    # Line 2, column 3 is line 11, column 5 of the source; line 3, column 10 is 12:7.
    code = with_map(";EAUI;SACE", ["../../src/getPost.resolver.ts"])
    context = Context({})
    with pytest.raises(EvaluationError) as failed:
        js.load(code).request(context)
    assert failed.value.message.startswith("getPost.resolver.ts:12:7: TypeError")
    assert context.effect().logs == ["INFO - getPost.resolver.ts:11:5: 1"]


@pytest.mark.ours("a map that cannot be read must not keep the code from running")
@pytest.mark.parametrize(
    "comment",
    [
        "//# sourceMappingURL=data:application/json;base64,!!!!",
        "//# sourceMappingURL=data:application/json;base64,e30=",
        "//# sourceMappingURL=data:application/json;base64,bm90IGpzb24=",
        "//# sourceMappingURL=file.js.map",
    ],
)
def test_an_unusable_map_is_ignored(js: Any, comment: str) -> None:
    with pytest.raises(EvaluationError) as failed:
        js.load(CODE + comment).request(Context({}))
    assert failed.value.message.startswith("code.js:3:10: TypeError")


@pytest.mark.ours("what the map does not cover keeps its own position")
def test_lines_outside_the_map_keep_their_position(js: Any) -> None:
    with pytest.raises(EvaluationError) as failed:
        js.load(with_map(";EAUI", ["a.ts"])).request(Context({}))
    assert failed.value.message.startswith("code.js:3:10: TypeError")
