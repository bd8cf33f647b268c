"""Lists of names, written as one text."""


def words(text: str) -> tuple[str, ...]:
    """Give the names of a text in their order."""
    return tuple(text.split())
