"""Tells which lines of a requirements file this interpreter does not fulfil.

Run by a function's own interpreter: `packages.py FILE [FOLDER…]`, where the folders are
those whose packages the function sees, too. Prints one JSON object.
"""

from __future__ import annotations

import json
import re
import sys
import sysconfig
from importlib.metadata import PackageNotFoundError, version


def missing(lines: list[str]) -> list[str]:
    """Give the lines for which there is no package, or none of the right version."""
    found = []
    for given in lines:
        line = re.sub(r"(^|\s)#.*", "", given).strip()
        option = line.startswith(("--", "-i", "-f", "-c"))  # where and how, not what
        if line and not option and not fulfilled(line):
            found.append(line)
    return found


def fulfilled(line: str) -> bool:
    """Tell whether a requirement is met; what cannot be told is not."""
    try:
        from packaging import requirements  # noqa: PLC0415 - may be missing
    except ImportError:
        try:
            from pip._vendor.packaging import (  # type: ignore[no-redef] # noqa: PLC0415
                requirements,
            )
        except ImportError:
            return named(line)
    try:
        wanted = requirements.Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate():
            return True
        if wanted.url is not None:
            return False
        there = version(wanted.name)
    except (ValueError, PackageNotFoundError):
        return False
    return bool(wanted.specifier.contains(there, prereleases=True))


def named(line: str) -> bool:
    """Tell whether there is a package of the name; for want of a parser."""
    name = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line)
    try:
        return name is not None and bool(version(name[0]))
    except PackageNotFoundError:
        return False


def main() -> None:
    """Look and tell."""
    file, *folders = sys.argv[1:]
    sys.path[:1] = folders
    with open(file, encoding="utf-8") as opened:  # noqa: PTH123 - pathlib costs 5 ms
        lines = opened.read().replace("\\\n", " ").splitlines()
    build = f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}"
    print(json.dumps({"missing": missing(lines), "build": build}))


if __name__ == "__main__":
    main()
