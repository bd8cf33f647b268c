"""The Python source that is being generated: lines, names and constants."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Names:
    """Names that generated code uses; all functions of a template share them.

    Attributes:
        constants: values that the code knows by name.
        variables: Python names of the template's variables.
    """

    def __init__(self) -> None:
        self.constants: dict[str, Any] = {}
        self.variables: dict[str, str] = {}
        self._known: dict[tuple[type, Any], str] = {}
        self._temporaries = 0

    def temporary(self) -> str:
        """Give an unused name."""
        self._temporaries += 1
        return f"t{self._temporaries}"

    def variable(self, name: str) -> str:
        """Give the Python name of a template's variable."""
        return self.variables.setdefault(name, f"v{len(self.variables)}")

    def text(self, value: str) -> str:
        """Give a name for a literal text."""
        return self.constant(value, (str, value))

    def constant(self, value: Any, key: tuple[type, Any] | None = None) -> str:
        """Give a name for a value that is the same in every evaluation."""
        key = key or (object, id(value))
        known = self._known.get(key)
        if known is None:
            known = f"k{len(self.constants)}"
            self.constants[known] = value
            self._known[key] = known
        return known


class Lines:
    """The lines of one function, below its head."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._depth = 1

    def add(self, text: str) -> None:
        """Add a line."""
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def indented(self, head: str) -> Iterator[None]:
        """Add a line that opens a block, and what is added inside as the block."""
        self.add(head)
        self._depth += 1
        count = len(self._lines)
        yield
        if len(self._lines) == count:
            self.add("pass")
        self._depth -= 1

    def all(self) -> list[str]:
        """Give the lines so far."""
        return self._lines


def quoted(text: str) -> str:
    """Write literal text for the inside of an f-string in single quotes."""
    parts = []
    for char in text:
        if char in "{}":
            parts.append(char * 2)
        elif char in "\\'":
            parts.append("\\" + char)
        elif " " <= char <= "~":
            parts.append(char)
        elif char == "\n":
            parts.append("\\n")
        else:
            parts.append(f"\\U{ord(char):08x}")
    return "".join(parts)
