"""Writes a Java regular expression for Python's `re`, and says what it may cost.

Python's engine is fast but cannot be interrupted, so it is only used where its worst
case is bearable for the text at hand.
"""

from dataclasses import dataclass

from appsync_resolvers.vtl.regex import nodes
from appsync_resolvers.vtl.regex.classes import LINE_ENDS
from appsync_resolvers.vtl.regex.nodes import Regex

_FEW = 4
_BEFORE_END = rf"(?=(?:\r\n|[{LINE_ENDS}])?\Z)(?!(?<=\r)(?=\n))"
_LINE_START = rf"(?:(?<![\s\S])|(?<=[\n{LINE_ENDS[2:]}])(?=[\s\S])|(?<=\r)(?=[^\n]))"
_LINE_END = rf"(?:\Z|(?<!\r)(?=\n)|(?=[\r{LINE_ENDS[2:]}]))"
_PLACES = {
    "^": r"\A",
    "A": r"\A",
    "$": _BEFORE_END,
    "Z": _BEFORE_END,
    "z": r"\Z",
    "b": r"\b",
    "B": r"\B",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """Upper bound of the steps a match takes: `factor * length ** degree`."""

    degree: int
    factor: int

    def times(self, other: "Cost") -> "Cost":
        """Combine two parts of which each choice of one meets each of the other."""
        return Cost(self.degree + other.degree, self.factor * other.factor)

    def steps(self, length: int) -> int:
        """Give the bound for a text of this length."""
        return self.factor * int((length + 1) ** self.degree)


_ONE = Cost(0, 1)


def cost(node: Regex) -> Cost | None:
    """Bound what matching may cost; None when it may be exponential."""
    if isinstance(node, nodes.Sequence):
        return _product(node.items)
    if isinstance(node, nodes.Choice):
        total = _product(node.items)
        return total and Cost(total.degree, total.factor * len(node.items))
    if isinstance(node, nodes.Group | nodes.Atomic):
        return cost(node.item)
    if isinstance(node, nodes.Look):
        return cost(node.item) if node.ahead else None
    if isinstance(node, nodes.Repeat):
        return _repeated(node)
    return None if isinstance(node, nodes.Back) else _ONE


def _product(items: tuple[Regex, ...]) -> Cost | None:
    total = _ONE
    for item in items:
        part = cost(item)
        if part is None:
            return None
        total = total.times(part)
    return total


def _repeated(node: nodes.Repeat) -> Cost | None:
    inner = cost(node.item)
    if inner is None:
        return None
    if node.most == 1:
        return Cost(inner.degree, inner.factor * 2)
    if inner != _ONE:
        return None
    if node.most is not None and node.most - node.least < _FEW:
        return Cost(0, node.most - node.least + 1)
    return Cost(1, 1)


def emit(node: Regex) -> str | None:
    """Write a pattern for Python's `re`, None when it cannot say the same."""
    if isinstance(node, nodes.One):
        return node.source
    if isinstance(node, nodes.Place):
        if node.multiline:
            return _LINE_START if node.name == "^" else _LINE_END
        return _PLACES.get(node.name)
    if isinstance(node, nodes.Back):
        return None
    if isinstance(node, nodes.Sequence | nodes.Choice):
        parts = [emit(item) for item in node.items]
        written = [part for part in parts if part is not None]
        if len(written) < len(parts):
            return None
        if isinstance(node, nodes.Sequence):
            return "".join(written)
        return "(?:" + "|".join(written) + ")"
    inner = emit(node.item)
    if inner is None:
        return None
    if isinstance(node, nodes.Group):
        return f"({inner})"
    if isinstance(node, nodes.Atomic):
        return f"(?>{inner})"
    if isinstance(node, nodes.Look):
        return f"(?{'!' if node.negative else '='}{inner})" if node.ahead else None
    most = "" if node.most is None else str(node.most)
    mode = {"greedy": "", "lazy": "?", "possessive": "+"}[node.mode]
    return f"(?:{inner}){{{node.least},{most}}}{mode}"
