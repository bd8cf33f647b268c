"""Where the things stand that the SAM translator made."""

from collections.abc import Iterable, Iterator

from appsync_emulator.config.node import Node
from appsync_emulator.types import JSON


class Places:
    """Gives what the translator made the places of what it was made from.

    A text that stands in the sources as it is keeps its own line, which is what inline
    code and schemas need; everything else has the line of the origin.

    Args:
        origin: what most of it was made from.
        sources: where texts are looked for, the first ones first.
    """

    def __init__(self, origin: Node, sources: Iterable[Node | None]) -> None:
        self._origin = origin
        self._texts: dict[str, Node] = {}
        for source in sources:
            if source is not None:
                self._collect(source)

    def _collect(self, node: Node) -> None:
        value = node.value
        if isinstance(value, str):
            self._texts.setdefault(value, node)
        elif isinstance(value, dict):
            for item in value.values():
                self._collect(item)
        elif isinstance(value, list):
            for item in value:
                self._collect(item)

    def node(self, made: JSON) -> Node:
        """Give plain JSON as Nodes."""
        origin = self._origin
        known = self._texts.get(made) if isinstance(made, str) else None
        if known is not None:
            return known
        if isinstance(made, dict):
            made = {key: self.node(item) for key, item in made.items()}
        elif isinstance(made, list):
            made = [self.node(item) for item in made]
        return Node(made, origin.source, origin.line, None, origin.key_line)


def parts(logical_id: str, api: Node) -> dict[str, Node]:
    """Give the parts of an AWS::Serverless::GraphQLApi by the resources they become.

    The names are those of the SAM developer guide, "Generated resources".
    """
    properties = _member(api, "Properties")
    found: dict[str, Node] = {}
    for section in ("Functions", "ApiKeys"):
        for name, node in _members(_member(properties, section)):
            found[f"{logical_id}{name}"] = node
    for type_name, resolvers in _members(_member(properties, "Resolvers")):
        for name, node in _members(resolvers):
            found[f"{logical_id}{type_name}{name}"] = node
    sources = _member(properties, "DataSources")
    for section, kind in (("Lambda", "Lambda"), ("DynamoDb", "DynamoDB")):
        for name, node in _members(_member(sources, section)):
            found[f"{logical_id}{name}{kind}DataSource"] = node
    return found


def _member(node: Node | None, name: str) -> Node | None:
    if node is None or not isinstance(node.value, dict):
        return None
    return node.value.get(name)


def _members(node: Node | None) -> Iterator[tuple[str, Node]]:
    if node is not None and isinstance(node.value, dict):
        yield from node.value.items()
