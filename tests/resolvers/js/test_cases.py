"""Whole resolvers as people write them: one folder a case, see cases/.

A case is a list of calls: the handler, what is put into the context, and what is
expected of it: `value`, `error` (message, type, data), `early` (value, skipTo),
`appended` messages, `stash`, `arguments`, `subscription_filter`. A call that `goes_on`
uses the context of the one before, as the steps of a pipeline do.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import Context, EarlyReturn, EvaluationError, Info, Part

pytestmark = pytest.mark.aws_doc(
    "devguide JavaScript resolver references, on the subjects of AWS's samples"
)
CASES = sorted(Path(__file__).with_name("cases").iterdir())


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_case(js: Any, folder: Path) -> None:
    context = Context({})
    for call in json.loads(folder.joinpath("case.json").read_text("utf-8")):
        if not call.get("goes_on"):
            context = Context({})
        fill(context, call.get("context", {}))
        (path,) = folder.glob(call.get("file", "resolver.*"))
        handlers = js.load(path.read_text("utf-8"), path)
        check(getattr(handlers, call["handler"]), context, call)


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


def check(handler: Any, context: Context, call: dict[str, Any]) -> None:
    if "error" in call:
        with pytest.raises(EvaluationError) as failed:
            handler(context)
        error = failed.value
        assert [error.message, error.error_type, error.data] == call["error"]
    elif "early" in call:
        with pytest.raises(EarlyReturn) as left:
            handler(context)
        assert [left.value.value, left.value.skip_to] == call["early"]
    else:
        assert handler(context) == call["value"]
    if "appended" in call:
        assert [each.message for each in context.effect().errors] == call["appended"]
    for name in ("stash", "arguments"):
        if name in call:
            assert getattr(context, name) == call[name]
    if "subscription_filter" in call:
        assert context.effect().subscription_filter == call["subscription_filter"]
