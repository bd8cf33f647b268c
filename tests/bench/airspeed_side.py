"""airspeed's side of velocity.py; runs in an environment that has airspeed.

Each template is parsed once, the names it sees are made once. What it prints is not
read as JSON when it is timed, which our side has to do as well.
"""

import json
from typing import Any

import airspeed  # type: ignore[import-not-found]  # only in its own environment

from bench.measure import Operation, answer
from bench.templates import INFO, SOURCE, TEMPLATES, arguments


class Util:
    """As much of `$util` as the templates use."""

    def toJson(self, value: Any) -> str:  # noqa: N802 -- the templates' name
        return json.dumps(value)

    def defaultIfNull(self, value: Any, default: Any) -> Any:  # noqa: N802 -- see above
        return default if value is None else value


def operations() -> dict[str, Operation]:
    made: dict[str, Operation] = {}
    for key, text in TEMPLATES.items():
        made[key] = _evaluation(key, text)
        made[f"{key}-compile"] = _compilation(text)
    return made


def _evaluation(key: str, text: str) -> Operation:
    template = airspeed.Template(text)
    context = {"args": arguments(key), "source": SOURCE, "info": INFO, "stash": {}}
    names = {"ctx": context, "context": context, "util": Util()}
    return lambda: template.merge(names)


def _compilation(text: str) -> Operation:
    def compile_template() -> None:
        airspeed.Template(text).ensure_compiled()

    return compile_template


if __name__ == "__main__":
    answer(operations(), read=lambda text: text and json.loads(text))
