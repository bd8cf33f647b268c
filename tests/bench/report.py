"""What suites give and how it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Effort:
    """How long a run may take.

    Attributes:
        rounds: how often everything is measured, each time in fresh processes.
        seconds: how long one operation is timed in a round.
        patience: seconds that the hostile suite gives an evaluation; 10 in the server.
    """

    rounds: int
    seconds: float
    patience: float


@dataclass(slots=True)
class Report:
    """One table.

    Attributes:
        notes: sentences below the table.
        figures: everything measured, for machines.
    """

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """Give the table as text; all columns but the first are flush right."""
        lines = [self.columns, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        shown = [_line(line, widths) for line in lines]
        shown.insert(1, "-" * max(map(len, shown)))
        notes = [f"  {note}" for note in self.notes]
        return "\n".join([f"== {self.title}", *shown, *notes, ""])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    shown = [first[0].ljust(first[1])]
    shown += [cell.rjust(width) for cell, width in rest]
    return "  ".join(shown).rstrip()


def microseconds(number: float) -> str:
    """Show microseconds with three digits that count."""
    digits = 2 if number < 10 else 1 if number < 100 else 0
    return f"{number:,.{digits}f}"
