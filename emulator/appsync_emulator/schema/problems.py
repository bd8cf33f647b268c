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
        self.errors: list[ProjectError] = []

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
        if node is not None and node.loc is not None:
            token = node.loc.start_token
            origin, message = self.place(token.line), at(token.column, message)
        else:
            origin = self._text.origin
        error = ProjectError(
            code, message, origin, found=found, allowed=allowed, hint=hint
        )
        self.errors.append(error)

    def add_at(
        self, code: str, message: str, line: int, column: int, hint: str | None = None
    ) -> None:
        """Note a problem at a line and column of the text, both from 1."""
        place = self.place(line)
        self.errors.append(ProjectError(code, at(column, message), place, hint=hint))

    def place(self, line: int) -> Origin:
        """Give where a line of the text stands in the user's project."""
        origin = self._text.origin
        if origin.line is None:
            return origin
        return replace(origin, line=origin.line + line - 1)

    def raise_any(self) -> None:
        """Raise what was found, in the order of the text; nothing if nothing.

        Raises:
            ProjectErrors: one error or several.
        """
        if self.errors:
            raise ProjectErrors(sorted(self.errors, key=_line))


def at(column: int, message: str) -> str:
    """Put the column, which an `Origin` does not have, in front of a message."""
    return f"column {column}: {message}"


def _line(error: ProjectError) -> int:
    return error.origin.line or 0
