"""Layers: folders that are `/opt` on AWS, one over the other.

A process of this machine has no `/opt` of its own, so the places where Lambda's
runtimes look in it are put on the search paths (Lambda developer guide, "Packaging your
layer content"). Code that opens files below `/opt` by name does not find them.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from appsync_emulator.model import LambdaFunction


def layer_variables(
    function: LambdaFunction, layers: Sequence[Path], variables: Mapping[str, str]
) -> dict[str, str]:
    """Give the search paths of a function with layers.

    Args:
        function: its runtime tells which paths there are.
        layers: folders in the template's order; a later one hides an earlier one.
        variables: what the paths are without layers.
    """
    if not layers:
        return {}
    top_first = list(reversed(layers))
    made = {
        "PATH": [variables.get("PATH", ""), *_each(top_first, "bin")],
        "LD_LIBRARY_PATH": [
            variables.get("LD_LIBRARY_PATH", ""),
            *_each(top_first, "lib"),
        ],
    }
    runtime = function.runtime
    if runtime.startswith("python"):
        folders = python_folders(function, layers)
        made["PYTHONPATH"] = [variables.get("PYTHONPATH", ""), *map(str, folders)]
    elif runtime.startswith("nodejs"):
        version = f"nodejs/node{runtime.removeprefix('nodejs').split('.')[0]}"
        folders = [
            layer / place / "node_modules"
            for layer in top_first
            for place in (version, "nodejs")
        ]
        made["NODE_PATH"] = [*map(str, folders), variables.get("NODE_PATH", "")]
    return {name: joined(parts) for name, parts in made.items()}


def python_folders(function: LambdaFunction, layers: Sequence[Path]) -> list[Path]:
    """Give where a Python function finds modules of its layers, the top one first."""
    site = f"python/lib/{function.runtime}/site-packages"
    return [layer / place for layer in reversed(layers) for place in (site, "python")]


def joined(parts: Iterable[str]) -> str:
    """Join search paths, leaving empty ones out."""
    return os.pathsep.join(part for part in parts if part)


def _each(layers: Iterable[Path], name: str) -> list[str]:
    return [str(layer / name) for layer in layers if (layer / name).is_dir()]
