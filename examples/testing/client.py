"""What this project's client does with tokens."""

from collections.abc import Iterable
from typing import Any


def assemble(tokens: Iterable[dict[str, Any]]) -> str:
    """Put an answer together, in whatever order and however often its tokens came."""
    texts = {token["sequence"]: token["text"] for token in tokens}
    return "".join(texts[number] for number in sorted(texts))
