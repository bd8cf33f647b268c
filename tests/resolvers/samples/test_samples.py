"""Whole resolvers in the manner of AWS's samples, each in both languages.

A folder holds one resolver, or the steps of a pipeline, as `<step>.js` and the pair
`<step>.request.vtl` and `<step>.response.vtl`. Its case.json lists calls: the handler,
its context, and `value`, `error` (message, type, data, info) or `early` (value,
skipTo); perhaps `appended` errors, the `stash` and `effects`. A call that `goes_on` has
the context of the one before. "~uuid" and "~time" stand for what is new each time. Both
languages have to give the same, but for the `version` that only templates name;
`only_js` says why a sample has no templates.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import Context, EarlyReturn, EvaluationError, Info, Part
from appsync_resolvers.js import JsEngine
from appsync_resolvers.vtl import compile_template

Call = dict[str, Any]
Evaluate = Callable[[Path, Call, Context], Any]

NEW = {
    "~uuid": re.compile(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}"
    ),
    "~time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
}
LANGUAGES = ("js", "vtl")
FOLDERS = sorted(Path(__file__).parent.glob("*/"))
SAMPLES = [folder for folder in FOLDERS if folder.joinpath("case.json").exists()]


def _sample(folder: Path) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads(folder.joinpath("case.json").read_text("utf-8"))
    return sample


@pytest.fixture(scope="module")
def engine() -> Iterator[JsEngine]:
    engine = JsEngine(inline_seconds=5)
    yield engine
    engine.close()


@pytest.fixture
def evaluate(request: pytest.FixtureRequest, engine: JsEngine) -> Evaluate:
    """Evaluate a call in the language the test is parametrised with."""

    def in_javascript(folder: Path, call: Call, context: Context) -> Any:
        (path,) = folder.glob(f"{call.get('step', 'resolver')}.[jt]s")
        handlers = engine.load(path.read_text("utf-8"), path=path)
        return getattr(handlers, call["handler"])(context)

    def in_velocity(folder: Path, call: Call, context: Context) -> Any:
        name = f"{call.get('step', 'resolver')}.{call['handler']}.vtl"
        value = compile_template(folder.joinpath(name).read_text("utf-8"))(context)
        if call["handler"] == "request" and value:
            assert value.pop("version") in {"2018-05-29", "2017-02-28"}
        return value

    return in_javascript if request.param == "js" else in_velocity


@pytest.mark.parametrize(
    ("folder", "evaluate"),
    [
        pytest.param(
            folder,
            language,
            id=f"{folder.name}-{language}",
            marks=pytest.mark.aws_doc(_sample(folder)["source"]),
        )
        for folder in SAMPLES
        for language in LANGUAGES[: 1 if "only_js" in _sample(folder) else 2]
    ],
    indirect=["evaluate"],
)
def test_sample(folder: Path, evaluate: Evaluate) -> None:
    context = Context({})
    for call in _sample(folder)["calls"]:
        if not call.get("goes_on"):
            context = Context({})
        fill(context, copy.deepcopy(call["context"]))
        check(folder, call, context, evaluate)


def fill(context: Context, given: dict[str, Any]) -> None:
    for name, value in given.items():
        match name:
            case "identity" | "request" | "env":
                setattr(context, name, Part(value))
            case "info":
                context.info = Info(value, given.get("selection"))
            case "prev":
                context.prev, context.has_prev = value, True
            case "selection":
                continue
            case _:
                setattr(context, name, value)


def check(folder: Path, call: Call, context: Context, evaluate: Evaluate) -> None:
    if "error" in call:
        with pytest.raises(EvaluationError) as failed:
            evaluate(folder, call, context)
        found = failed.value
        members = [found.message, found.error_type, found.data, found.error_info]
        assert members[: len(call["error"])] == call["error"]
    elif "early" in call:
        with pytest.raises(EarlyReturn) as left:
            evaluate(folder, call, context)
        assert [left.value.value, left.value.skip_to] == call["early"]
    else:
        value = evaluate(folder, call, context)
        assert with_new(value, call["value"]) == call["value"]
    if "appended" in call:
        effects = context.effect()
        assert [
            [error.message, error.error_type, error.data, error.error_info]
            for error in effects.errors
        ] == call["appended"]
    for name in ("stash", "arguments"):
        if name in call:
            assert getattr(context, name) == call[name]
    for name, expected in call.get("effects", {}).items():
        assert getattr(context.effect(), name) == expected


def with_new(value: Any, expected: Any) -> Any:
    """Put the marks of what is new each time in the place of what is rightly new."""
    if isinstance(expected, dict) and isinstance(value, dict):
        return {key: with_new(value[key], expected.get(key)) for key in value}
    if isinstance(expected, list) and isinstance(value, list):
        longer = [*expected, *([None] * len(value))]
        return [
            with_new(member, like) for member, like in zip(value, longer, strict=False)
        ]
    if isinstance(expected, str) and expected in NEW and isinstance(value, str):
        return expected if NEW[expected].fullmatch(value) else value
    return value


OPERATIONS = """
GetItem Query Scan PutItem UpdateItem DeleteItem BatchGetItem BatchPutItem
BatchDeleteItem TransactWriteItems TransactGetItems Sync Invoke BatchInvoke PutEvents
"""


@pytest.mark.aws_doc("devguide: the operations of the data sources")
def test_every_operation_has_a_sample() -> None:
    requests = [
        call["value"]
        for folder in SAMPLES
        for call in _sample(folder)["calls"]
        if call["handler"] == "request" and "value" in call
    ]
    shown = {request.get("operation") for request in requests}
    assert set(OPERATIONS.split()) - shown == set()
    assert any("statements" in request for request in requests)
    assert {request["method"] for request in requests if "method" in request} >= {
        "GET",
        "POST",
    }


@pytest.mark.ours("a sample is a sample of both languages, or says why not")
@pytest.mark.parametrize(
    "folder",
    [folder for folder in SAMPLES if "only_js" not in _sample(folder)],
    ids=lambda folder: folder.name,
)
def test_every_step_is_written_twice(folder: Path) -> None:
    steps = {path.stem for path in folder.glob("*.js")}
    expected = {f"{step}.js" for step in steps}
    for handler in ("request", "response"):
        expected |= {f"{step}.{handler}.vtl" for step in steps}
    assert {path.name for path in folder.iterdir()} == expected | {"case.json"}
