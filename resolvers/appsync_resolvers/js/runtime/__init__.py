"""The JavaScript side: AppSync's utilities, modules and globals.

The files beside this one are functions the engine is given; `intrinsics.js` first. They
run behind a hundred thousand empty lines, so that a line number tells a frame of ours
from one of the user's: the engine knows no file names.
"""

from functools import cache
from pathlib import Path

from appsync_resolvers.js.source.words import words

FIRST_LINE = 100_000
CORE = ("values", "http", "harness", "util")
PARTS = frozenset(
    words(
        "ai calendar dynamodb encoding ids rds rds_results regex regex_syntax time"
        " time_parsing transform xml"
    )
)

# What a part asks for when it is installed, to be installed before.
NEEDS = {
    "dynamodb": ("transform",),
    "rds": ("rds_results",),
    "regex": ("regex_syntax",),
    "time": ("calendar",),
    "time_parsing": ("time",),
}

_FOLDER = Path(__file__).parent


@cache
def boot_script() -> str:
    """Give the script of a fresh heap: a function of the seed."""
    core = ",\n".join(f"{name}: {_source(name)}" for name in CORE)
    return (
        "\n" * FIRST_LINE
        + f"(function (seed) {{\nconst core = {{\n{core}\n}};\n"
        + f"const $ = (\n{_source('intrinsics')}\n)();\n"
        + f"return (\n{_source('boot')}\n)($, core, seed);\n}})"
    )


@cache
def part_script(name: str) -> str:
    """Give the script of a part, which is a function to install."""
    return "\n" * FIRST_LINE + _source(name)


def _source(name: str) -> str:
    text = Path(_FOLDER, f"{name}.js").read_text("utf-8")
    return text.rstrip().removesuffix(";")
