"""What keeps a template from running away: time, and undoing what it did.

A template without loops cannot take long and pays nothing for this module. Any other
one has a `Run` while it is evaluated. It looks at the clock once in a while; when its
time is up while it runs inline, everything it changed is put back.
"""

import threading
from collections.abc import Callable
from time import thread_time
from typing import Any, Self
from unicodedata import combining

from appsync_resolvers.context import Context, Effects
from appsync_resolvers.errors import Interrupted
from appsync_resolvers.vtl.values.failure import (
    MAX_ITEMS,
    MAX_TEXT,
    failed,
    too_large,
)

_MANY = 256
_CHUNK = 100_000
LONG = 65_536
"""Texts of more characters are counted, for a template may make very many of them."""
MEMBER = 10
"""How many characters a member of a big list counts for."""
INLINE_SECONDS = 0.05
PATIENT_SECONDS = 10.0


class _Active(threading.local):
    """The run of this thread."""

    run: "Run | None" = None


_active = _Active()


class Run:
    """One evaluation of a template that may take long.

    Attributes:
        deadline: on the clock of `time.thread_time`, which
            waiting for the processor does not move.
        objects: whether a value was made that JSON does not know.
    """

    __slots__ = (
        "_context",
        "_effects",
        "_kept",
        "_patient",
        "_size",
        "deadline",
        "objects",
    )

    def __init__(self, context: Context, *, patient: bool) -> None:
        self.deadline = thread_time() + (PATIENT_SECONDS if patient else INLINE_SECONDS)
        self.objects = False
        self._patient = patient
        self._size = 0
        self._context = context
        self._kept: dict[int, tuple[Any, Any]] = {}
        self._effects = None if patient else _counts(context.effects)

    def __enter__(self) -> Self:
        _active.run = self
        return self

    def __exit__(self, *_error: object) -> None:
        _active.run = None

    def keep(self, container: Any) -> None:
        """Remember a container that is about to be changed.

        Raises:
            EvaluationError: it has too many members already.
        """
        if len(container) > MAX_ITEMS:
            too_large()
        if not self._patient and id(container) not in self._kept:
            self._kept[id(container)] = (container, container.copy())

    def watch(self, out: list[str]) -> None:
        """Look at the clock and at the size of the output so far.

        Raises:
            Interrupted: see `late`.
            EvaluationError: see `late`, or the output is too large.
        """
        if thread_time() > self.deadline:
            self.late()
        if sum(map(len, out)) > MAX_TEXT:
            too_large()
        if len(out) > _MANY:
            out[:] = ["".join(out)]

    def grow(self, size: int) -> None:
        """Count a long text.

        Raises:
            Interrupted: see `late`.
            EvaluationError: see `late`, or all of them together are too long.
        """
        self._size += size
        if self._size > 20 * MAX_TEXT:
            too_large()
        if thread_time() > self.deadline:
            self.late()

    def late(self) -> None:
        """End a run whose time is up.

        Raises:
            Interrupted: it ran inline; all is as it was before.
            EvaluationError: it had the full time.
        """
        if self._patient:
            raise failed("The template was evaluated for too long")
        self.undo()
        raise Interrupted

    def undo(self) -> None:
        """Put back everything that was changed."""
        for container, before in self._kept.values():
            container.clear()
            if isinstance(container, dict):
                container.update(before)
            else:
                container.extend(before)
        self._kept.clear()
        _restore(self._context, self._effects)


def tick() -> None:
    """Look at the clock.

    Raises:
        Interrupted: see `Run.late`.
        EvaluationError: see `Run.late`.
    """
    run = _active.run
    if run is not None and thread_time() > run.deadline:
        run.late()


def grow(size: int) -> None:
    """Count a long text, or the members of a big value."""
    run = _active.run
    if run is not None:
        run.grow(size)


def checked(text: str) -> str:
    """Give a text back unless it is too long, by itself or with all that were made.

    Raises:
        EvaluationError: it is.
    """
    if len(text) > LONG:
        if len(text) > MAX_TEXT:
            too_large()
        grow(len(text))
    return text


def in_chunks(text: str, change: Callable[[str], str]) -> str:
    """Change a text part by part, looking at the clock and the size on the way.

    No part begins with a character that combines with the one before it.

    Raises:
        EvaluationError: the text gets too long.
    """
    if len(text) <= _CHUNK:
        return change(text)
    parts: list[str] = []
    start = size = 0
    while start < len(text):
        tick()
        end = start + _CHUNK
        while end < len(text) and combining(text[end]):
            end += 1
        parts.append(change(text[start:end]))
        start = end
        size += len(parts[-1])
        if size > MAX_TEXT:
            too_large()
    return "".join(parts)


def grow_by_members(count: int) -> None:
    """Count the members of a container that was made, where they are many."""
    if count > 1000:
        grow(count * MEMBER)


def keep(container: Any) -> None:
    """Remember a dict or list that is about to be changed."""
    run = _active.run
    if run is not None:
        run.keep(container)


def note_object() -> None:
    """Remember that a value was made that JSON does not know."""
    run = _active.run
    if run is not None:
        run.objects = True


def _counts(effects: Effects | None) -> tuple[Any, ...] | None:
    if effects is None:
        return None
    return (
        len(effects.errors),
        len(effects.logs),
        dict(effects.response_headers),
        effects.subscription_filter,
        effects.invalidation_filter,
        len(effects.invalidations),
        len(effects.cache_evictions),
    )


def _restore(context: Context, counts: tuple[Any, ...] | None) -> None:
    effects = context.effects
    if counts is None:
        context.effects = None
    elif effects is not None:
        errors, logs, headers, subscription, invalidation, invalidations, evictions = (
            counts
        )
        del effects.errors[errors:]
        del effects.logs[logs:]
        effects.response_headers = headers
        effects.subscription_filter = subscription
        effects.invalidation_filter = invalidation
        del effects.invalidations[invalidations:]
        del effects.cache_evictions[evictions:]
