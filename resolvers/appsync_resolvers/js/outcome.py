"""What an evaluation left behind beside a value: effects, and errors with positions."""

import re
from typing import Any, NoReturn

from appsync_resolvers.context import Context, Effects
from appsync_resolvers.errors import EarlyReturn, EvaluationError
from appsync_resolvers.js.members import write_back
from appsync_resolvers.js.response_headers import add_response_header
from appsync_resolvers.js.runtime import FIRST_LINE
from appsync_resolvers.js.source import Place, Program

_FRAME = re.compile(r"^\s*at (.*?) ?\((?:<input>:(\d+):(\d+)|native)\)$", re.MULTILINE)
_NOT_A_FUNCTION = "not a function"


def settle(context: Context, program: Program, outcome: dict[str, Any]) -> Any:
    """Apply the effects of an evaluation and give its value.

    Args:
        context: takes the effects and changed members.
        program: tells positions.
        outcome: as `runtime/harness.js` describes.

    Raises:
        EvaluationError: the handler failed.
        EarlyReturn: it asked to leave.
    """
    if "l" in outcome:
        _apply(context.effect(), program, outcome)
    if "w" in outcome:
        write_back(context, outcome["w"])
    if "x" in outcome:
        _leave(program, outcome["x"], outcome.get("o"))
    return outcome.get("r")


def _apply(effects: Effects, program: Program, outcome: dict[str, Any]) -> None:
    for level, stack, text in outcome["l"]:
        place, _ = _place(program, stack)
        effects.logs.append(f"{level} - {place or 'code.js'}: {text}")
    effects.errors.extend(_reported(error) for error in outcome["e"])
    for name, value in outcome["h"]:
        add_response_header(effects, name, value)
    if outcome["f"] is not None:
        effects.subscription_filter = outcome["f"]
    if outcome["i"] is not None:
        effects.invalidation_filter = outcome["i"]
    effects.invalidations.extend(outcome["v"])
    effects.cache_evictions.extend(tuple(each) for each in outcome["c"])


def _leave(program: Program, kind: str, content: Any) -> NoReturn:
    match kind:
        case "return":
            raise EarlyReturn(content["v"], content["s"])
        case "error":
            raise _reported(content)
        case "unauthorized":
            raise EvaluationError("Unauthorized", "Unauthorized", unauthorized=True)
        case "rejection":
            place, _ = _place(program, content["s"])
            raise _code_error(place, content["m"])
        case _:
            raise _exception(program, content)


def _reported(error: dict[str, Any]) -> EvaluationError:
    # An absent message is the text "null": Java's, which AppSync's log shows, too.
    message = "null" if error["m"] is None else error["m"]
    return EvaluationError(message, error["t"], error["d"], error["i"])


def _exception(program: Program, content: dict[str, str]) -> EvaluationError:
    """Word an exception like `code.js:162:13: ReferenceError: X is not defined`."""
    message = content["m"]
    unnamed = message == _NOT_A_FUNCTION
    place, called = _place(program, content["s"], is_call=unnamed)
    if called and unnamed:
        message = f"{called} is {message}"
    return _code_error(place, f"{content['n']}: {message}")


def _code_error(place: Place | None, text: str) -> EvaluationError:
    return EvaluationError(text if place is None else f"{place}: {text}", "Code")


def _place(
    program: Program, stack: str, *, is_call: bool = False
) -> tuple[Place | None, str]:
    """Find the user's place in a stack, and what is called there.

    Args:
        program: what the positions belong to.
        stack: the engine's text, innermost frame first.
        is_call: the innermost frame's position is that of a call.
    """
    name = None  # of the function of ours or of the engine's that the user called
    for frame in _FRAME.finditer(stack):
        line = 0 if frame[2] is None else int(frame[2])
        if not 0 < line <= FIRST_LINE:
            name = frame[1]
            continue
        column = int(frame[3])
        if name is None and not is_call:
            return program.place(line, column), ""
        place, called = program.call(line, column, name or "")
        return place, called if name is None else ""
    return None, ""
