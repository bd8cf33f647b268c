"""Collects validation errors in the shape in which AppSync answers them."""

from collections.abc import Sequence

from graphql import Node

from appsync_emulator.types import JSON

MOST = 100
"""Errors after which we stop looking, which newer versions of the engine do too."""


class Enough(Exception):
    """There are so many errors that more would help nobody."""


class Findings:
    """The errors of one document, in the order in which they were found.

    Attributes:
        path: names of the fields, and of the fragment, around the place that is being
            looked at; pushed and popped by whoever walks.
    """

    def __init__(self) -> None:
        self.errors: list[dict[str, JSON]] = []
        self.path: list[str] = []

    def add(
        self,
        kind: str,
        text: str,
        *nodes: Node,
        path: Sequence[str] | None = None,
    ) -> None:
        """Note an error at `nodes`.

        Args:
            kind: graphql-java's name for it, such as `FieldUndefined`.
            text: what is wrong.
            nodes: the places in the document.
            path: where in the selection; the walk's path when None.

        Raises:
            Enough: it was one of too many.
        """
        names = self.path if path is None else path
        place = f" @ '{'/'.join(names)}'" if names else ""
        error = {
            "path": None,
            "locations": [location(node) for node in nodes],
            "message": f"Validation error of type {kind}: {text}{place}",
        }
        self.errors.append(error)
        if len(self.errors) >= MOST:
            raise Enough


def location(node: Node) -> dict[str, JSON]:
    """Give where a node of the document begins, as AppSync writes it."""
    assert node.loc is not None  # noqa: S101 -- documents are parsed with locations
    token = node.loc.start_token
    return {"line": token.line, "column": token.column, "sourceName": None}
