"""Fragments that contain themselves, are never used, or multiply a document."""

from collections.abc import Iterable, Mapping

from appsync_emulator.execution.validation.uses import Uses

DEEPEST = 100
"""Selection sets inside of each other; AppSync's own limit can be set up to 75."""
MOST_FIELDS = 100_000
"""Fields of an operation; only documents made to be large have more."""


def circular(fragments: Mapping[str, Uses]) -> list[str]:
    """Give the fragments that can be reached from themselves, in document order."""
    users: dict[str, list[str]] = {name: [] for name in fragments}
    open_ends: dict[str, int] = {}
    for name, uses in fragments.items():
        inner = {spread.name for spread in uses.spreads} & fragments.keys()
        open_ends[name] = len(inner)
        for other in inner:
            users[other].append(name)
    # What spreads nothing open is harmless, and so is in turn what spreads only that.
    harmless = [name for name, count in open_ends.items() if count == 0]
    for name in harmless:
        for user in users[name]:
            open_ends[user] -= 1
            if open_ends[user] == 0:
                harmless.append(user)
    suspects = [name for name, count in open_ends.items() if count > 0]
    return [name for name in suspects if name in reachable(fragments[name], fragments)]


def reachable(start: Uses, fragments: Mapping[str, Uses]) -> set[str]:
    """Give the names of all fragments that are spread in `start`, however deep."""
    found: set[str] = set()
    waiting = [spread.name for spread in start.spreads]
    while waiting:
        name = waiting.pop()
        if name not in found and name in fragments:
            found.add(name)
            waiting += [spread.name for spread in fragments[name].spreads]
    return found


def size(start: Uses, fragments: Mapping[str, Uses]) -> tuple[int, int]:
    """Give (fields, depth) of a definition with all its fragments put in place.

    Fragments that spread others twice double with every level, and a chain of them is
    as deep as it is long; both fit into a small document. They must not be circular.
    """
    known: dict[str, tuple[int, int]] = {}
    for name in _innermost_first(start, fragments):
        known[name] = _size(fragments[name], known)
    return _size(start, known)


def _size(uses: Uses, known: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    fields, depth = uses.fields, uses.depth
    for spread in uses.spreads:
        more, deeper = known.get(spread.name, (0, 0))
        # A bound, because the numbers double too.
        fields = min(fields + more, MOST_FIELDS + 1)
        depth = max(depth, spread.depth + deeper)
    return fields, depth


def _innermost_first(start: Uses, fragments: Mapping[str, Uses]) -> Iterable[str]:
    """Give the reachable fragments so that each comes after those it spreads."""
    done: dict[str, None] = {}
    waiting = [(spread.name, False) for spread in start.spreads]
    while waiting:
        name, entered = waiting.pop()
        if entered:
            done[name] = None
        elif name not in done and name in fragments:
            waiting.append((name, True))
            waiting += [(spread.name, False) for spread in fragments[name].spreads]
    return done
