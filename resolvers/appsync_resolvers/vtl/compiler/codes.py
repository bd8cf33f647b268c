"""Python code of one value: the pieces that expressions are put together from."""

from collections.abc import Sequence
from dataclasses import dataclass

from appsync_resolvers.vtl.compiler.source import Names, quoted
from appsync_resolvers.vtl.values.kinds import LONG_MAX

MAX_HOLES = 8
"""How many values one f-string may hold."""


@dataclass(frozen=True, slots=True)
class Code:
    """Python code of a value.

    Attributes:
        text: an expression.
        type: name of its type where that is certain, and never None; otherwise empty:
            `str`, `bool`, `dict`, `list`, or `int` for an Integer or a Long.
        atomic: whether it is only a name, and may be written more than once.
        shared: whether others may read the value, so that it must not be changed.
        calls: whether evaluating it may have an effect, or fail.
        test: code that says whether `#if` takes it for true, where that is shorter.
        bound: how far an `int` may be from zero, in either direction.
    """

    text: str
    type: str = ""
    atomic: bool = False
    shared: bool = False
    calls: bool = False
    test: str = ""
    bound: int = LONG_MAX

    @property
    def certain(self) -> bool:
        """Whether the value is never None."""
        return bool(self.type) or (self.atomic and self.text.startswith(("k", "(")))


NONE = Code("None", atomic=True)


def any_calls(codes: Sequence[Code]) -> bool:
    """Say whether evaluating any of the values may have an effect, or fail."""
    return any(code.calls for code in codes)


def named(code: Code, names: Names) -> tuple[str, str]:
    """Give a name for a value, and code that evaluates it into that name."""
    if code.atomic:
        return code.text, code.text
    name = names.temporary()
    return name, f"{name} := {code.text}"


def format_string(pieces: Sequence[str | Code]) -> str:
    """Write pieces as an f-string."""
    parts = [
        quoted(piece) if isinstance(piece, str) else f"{{{piece.text}}}"
        for piece in pieces
    ]
    return f"f'{''.join(parts)}'"
