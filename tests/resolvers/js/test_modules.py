"""What modules.json tells of the built-in modules, `runtime` and `console`.

A row is an expression with its value, or `early` (value, skipTo) or `logs`.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from appsync_resolvers import Context, EarlyReturn

MARKS = {"doc": pytest.mark.aws_doc, "observed": pytest.mark.aws_observed}
ROWS = json.loads(Path(__file__).with_name("modules.json").read_text("utf-8"))
CODE = """\
import { util, extensions, runtime } from '@aws-appsync/utils';
import * as ddb from '@aws-appsync/utils/dynamodb';
import * as rds from '@aws-appsync/utils/rds';
import * as ai from '@aws-appsync/utils/ai';

export function request() { return EXPRESSION; }
export function response() {}
"""


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            row, id=row["expression"][:60], marks=MARKS[row["kind"]](row["source"])
        )
        for row in ROWS
    ],
)
def test_row(js: Any, row: dict[str, Any]) -> None:
    handler = js.load(CODE.replace("EXPRESSION", row["expression"])).request
    handler._plain = None  # the engine's own library is what is looked at here
    context = Context({})
    if "early" in row:
        with pytest.raises(EarlyReturn) as left:
            handler(context)
        assert [left.value.value, left.value.skip_to] == row["early"]
        return
    value = handler(context)
    if "logs" in row:
        assert context.effect().logs == row["logs"]
    else:
        assert value == row["expected"]
