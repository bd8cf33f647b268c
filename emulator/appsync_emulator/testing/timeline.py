"""What happened in a test, told in the order in which it began."""

from collections.abc import Iterable, Iterator

from appsync_emulator.faults import Faults
from appsync_emulator.testing.logs import Call, Delivery
from appsync_emulator.testing.recorder import Recorder, Request, Step
from appsync_emulator.testing.texts import first_line, milliseconds, short

SHOWN_FIRST = 12
SHOWN_LAST = 48
"""Entries that are printed: how it began, and what came last."""

LOG_LINES = 6
"""Lines of a function's log that are printed for an attempt that failed."""

Entry = tuple[float, list[str]]


def render(
    recorder: Recorder,
    calls: Iterable[Call],
    deliveries: Iterable[Delivery],
    faults: Faults,
) -> str:
    """Tell it, one line or a few for each entry.

    Args:
        recorder: requests, steps, and what the test did.
        calls: attempts to run functions.
        deliveries: events.
        faults: those that happened.
    """
    entries: list[Entry] = [
        *((one.at, list(_request(one))) for one in recorder.requests),
        *((one.at, list(_step(one))) for one in recorder.steps),
        *((one.at - one.duration, list(_call(one))) for one in calls),
        *((one.at, list(_delivery(one))) for one in deliveries),
        *((one.at, [f"fault: {one.text}"]) for one in faults.notes),
        *((at, [text]) for at, text in recorder.notes),
    ]
    entries.sort(key=lambda entry: entry[0])
    if not entries:
        return "Nothing has happened."
    left = len(entries) - SHOWN_FIRST - SHOWN_LAST
    if left <= 0:
        shown = [_lines(one, recorder.started) for one in entries]
    else:
        shown = [_lines(one, recorder.started) for one in entries[:SHOWN_FIRST]]
        shown.append(f"… {left} further entries")
        shown += [_lines(one, recorder.started) for one in entries[-SHOWN_LAST:]]
    return "\n".join(shown)


def _lines(entry: Entry, started: float) -> str:
    at, (first, *rest) = entry
    since = (at - started) * 1000
    return "\n".join(
        [f"{since:9.1f} ms  {first}", *(f"{'':14}{line}" for line in rest)]
    )


def _request(one: Request) -> Iterator[str]:
    yield f"request {first_line(one.query)}"
    if one.variables:
        yield f"variables {short(one.variables)}"
    if one.ended is None:
        yield "not answered yet"
    else:
        took = milliseconds(one.ended - one.at)
        yield f"-> {one.status} after {took}: {short(one.body, 400)}"


def _step(one: Step) -> Iterator[str]:
    source = f"{one.source} (replaced)" if one.replaced else one.source
    yield f"resolver {one.name} asks {source}: {short(one.document)}"
    if one.error is not None:
        yield f"-> {one.error}"
    elif one.ended is None:
        yield "not answered yet"
    else:
        yield f"-> {short(one.result)}"


def _call(one: Call) -> Iterator[str]:
    yield f"function {one}"
    yield f"ended after {milliseconds(one.duration)}"
    if not one.succeeded:
        for line in one.log.splitlines()[-LOG_LINES:]:
            yield f"| {line}"


def _delivery(one: Delivery) -> Iterator[str]:
    yield f"event {one.mutation} -> {one.field}: {short(one.event)}"
    if not one.verdicts:
        yield "nobody was subscribed"
    for verdict in one.verdicts:
        yield str(verdict)
