"""Names that tests write by hand, held against what there is."""

import difflib
from collections.abc import Iterable, Mapping


def find_name(name: str, names: Mapping[str, str], what: str) -> str:
    """Give what a name stands for.

    Args:
        name: as the test has it.
        names: what each name stands for.
        what: is looked for, in a word for people.

    Raises:
        KeyError: there is none of this name, with the nearest one.
    """
    found = names.get(name)
    if found is not None:
        return found
    raise KeyError(f"There is no {what} {name!r}.{nearest(name, names)}")


def nearest(name: str, names: Iterable[str]) -> str:
    """Say which name may be meant, or else which there are; empty without any."""
    known = sorted(names)
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f" Did you mean {near[0]!r}?"
    return f" There are {', '.join(map(repr, known))}." if known else ""
