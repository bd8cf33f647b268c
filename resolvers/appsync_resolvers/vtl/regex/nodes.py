"""The syntax tree of a Java regular expression."""

from collections.abc import Callable
from dataclasses import dataclass

Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class One:
    """Takes one character.

    Attributes:
        test: says whether it takes a character.
        source: the same for Python's `re`; None when `re` cannot say it.
    """

    test: Test
    source: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Takes nothing, but wants to be at a certain place.

    Attributes:
        name: `^`, `$`, `A`, `Z`, `z`, `G`, `b` or `B`.
        multiline: whether `^` and `$` also mean lines.
    """

    name: str
    multiline: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    items: "tuple[Regex, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """The first that leads to a match."""

    items: "tuple[Regex, ...]"


@dataclass(frozen=True, slots=True)
class Group:
    """Remembers what it took under a number."""

    item: "Regex"
    number: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """Several times.

    Attributes:
        least: how often at least.
        most: how often at most, None for any number.
        mode: `greedy`, `lazy` or `possessive`.
    """

    item: "Regex"
    least: int
    most: int | None
    mode: str


@dataclass(frozen=True, slots=True)
class Look:
    """Wants something to follow or to stand before, or not to."""

    item: "Regex"
    ahead: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class Atomic:
    """Never gives back what it took."""

    item: "Regex"


@dataclass(frozen=True, slots=True)
class Back:
    """What a group took, once more."""

    number: int
    ignore_case: bool


Regex = One | Place | Sequence | Choice | Group | Repeat | Look | Atomic | Back
