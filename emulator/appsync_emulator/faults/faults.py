"""The faults of one emulator: which there are, and the dice."""

import math
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from time import time
from typing import TypeVar

from appsync_emulator.faults.kinds import (
    ANY,
    ConnectionFault,
    Fault,
    FunctionFault,
    ModelFault,
    SubscriptionFault,
)

KEPT_NOTES = 1_000

_F = TypeVar("_F", FunctionFault, ModelFault, SubscriptionFault, ConnectionFault)


@dataclass(frozen=True, slots=True)
class Note:
    """A fault that happened.

    Attributes:
        at: seconds since the epoch.
        text: what happened to whom.
    """

    at: float
    text: str


class Faults:
    """What is to go wrong.

    Every subscription has dice of its own, thrown from the seed, the name of its field
    and its number among those of the field: the same program meets the same faults,
    whatever else runs beside it.

    Args:
        faults: to begin with.
        seed: another one gives other dice.

    Attributes:
        notes: the faults that happened, the oldest are forgotten.
    """

    def __init__(self, faults: Iterable[Fault] = (), seed: int = 0) -> None:
        self.seed = seed
        self.notes: deque[Note] = deque(maxlen=KEPT_NOTES)
        self._faults: list[Fault] = list(faults)
        self._left: dict[int, float] = {}
        self._numbers: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def add(self, fault: Fault) -> None:
        """Let a fault happen from now on; of several that fit, the last one counts."""
        self._faults.append(fault)

    def clear(self, seed: int = 0) -> None:
        """Let nothing go wrong any more, and take the dice of `seed`."""
        self._faults.clear()
        self._left.clear()
        self._numbers.clear()
        self.notes.clear()
        self.seed = seed

    def note(self, text: str) -> None:
        """Write down that a fault happened."""
        self.notes.append(Note(time(), text))

    def dice(self, name: str) -> Random:
        """Give the dice of one more thing of this name."""
        self._numbers[name] += 1
        return Random(f"{self.seed}\n{name}\n{self._numbers[name]}")  # noqa: S311 -- not for secrets

    def subscription(self, field: str) -> SubscriptionFault | None:
        """Give what happens to the events of a subscription that begins now."""
        return self._find(SubscriptionFault, (field,))

    def connection(self) -> ConnectionFault | None:
        """Give what happens to a connection that begins now."""
        return self._find(ConnectionFault, ())

    def function(self, *names: str) -> FunctionFault | None:
        """Give what happens to an attempt that begins now, and count it.

        Args:
            names: all names of the function.
        """
        return self._take(FunctionFault, names)

    def model(self) -> ModelFault | None:
        """Give what happens to an answer that begins now, and count it."""
        return self._take(ModelFault, ())

    def _take(self, kind: type[_F], names: tuple[str, ...]) -> _F | None:
        found = self._find(kind, names)
        if isinstance(found, FunctionFault | ModelFault):
            left = self._left.get(id(found), _times(found))
            self._left[id(found)] = left - 1
        return found

    def _find(self, kind: type[_F], names: tuple[str, ...]) -> _F | None:
        for fault in reversed(self._faults):
            if not isinstance(fault, kind) or fault.name not in (ANY, *names):
                continue
            if isinstance(fault, FunctionFault | ModelFault):
                if self._left.get(id(fault), _times(fault)) > 0:
                    return fault
            else:
                return fault
        return None


def _times(fault: FunctionFault | ModelFault) -> float:
    return math.inf if fault.times is None else fault.times
