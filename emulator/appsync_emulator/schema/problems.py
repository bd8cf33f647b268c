"""Collects what is wrong with a schema, with the places in the user's file."""

from collections.abc import Iterable
from dataclasses import replace

from graphql import Node

from appsync_emulator.errors import ProjectError, ProjectErrors
from appsync_emulator.types import Origin, Text


class Problems:
    """The problems of one schema text, so that the user sees all of them at once."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._found: list[tuple[tuple[int, int], ProjectError]] = []

    @property
    def errors(self) -> tuple[ProjectError, ...]:
        """What was found, in the order of the text."""
        return tuple(
            error for _, error in sorted(self._found, key=lambda found: found[0])
        )

    def add(
        self,
        code: str,
        message: str,
        node: Node | None = None,
        *,
        found: str | None = None,
        allowed: Iterable[str] = (),
        hint: str | None = None,
    ) -> None:
        """Note a problem at `node`; with None it concerns the schema as a whole."""
        line = column = 0
        origin = self._text.origin
        if node is not None and node.loc is not None:
            line, column = node.loc.start_token.line, node.loc.start_token.column
            origin, message = self._place(line), _at(column, message)
        error = ProjectError(
            code, message, origin, found=found, allowed=allowed, hint=hint
        )
        self._found.append(((line, column), error))

    def add_at(
        self, code: str, message: str, line: int, column: int, hint: str | None = None
    ) -> None:
        """Note a problem at a line and column of the text, both from 1."""
        place, message = self._place(line), _at(column, message)
        error = ProjectError(code, message, place, hint=hint)
        self._found.append(((line, column), error))

    def raise_any(self) -> None:
        """Raise what was found; nothing if nothing.

        Raises:
            ProjectErrors: one error or several.
        """
        if self._found:
            raise ProjectErrors(self.errors)

    def _place(self, line: int) -> Origin:
        """Give where a line of the text stands in the user's project."""
        origin = self._text.origin
        if origin.line is None:
            return origin
        return replace(origin, line=origin.line + line - 1)


def _at(column: int, message: str) -> str:
    """Put the column, which an `Origin` does not have, in front of a message."""
    return f"column {column}: {message}"
