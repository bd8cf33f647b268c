"""What `cdk synth` puts beside its templates: the files that will go to S3.

A template of `cdk.out` names S3 objects; `<Stack>.assets.json` says which local file or
folder each of them is (AWS CDK developer guide, cloud assembly).
"""

import json
from pathlib import Path
from typing import Any


def asset_sources(folder: Path) -> dict[str, Path]:
    """Give the local source of each object key; empty outside of a cloud assembly."""
    sources: dict[str, Path] = {}
    for manifest in sorted(folder.glob("*.assets.json")):
        files = _member(_read(manifest), "files")
        for entry in files.values():
            path = _member(entry, "source").get("path")
            for destination in _member(entry, "destinations").values():
                key = _object(destination).get("objectKey")
                if isinstance(key, str) and isinstance(path, str):
                    sources[key] = folder / path
    return sources


def _read(path: Path) -> Any:
    # A manifest that cannot be read is like none: what it names is missed then.
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _member(value: Any, name: str) -> dict[str, Any]:
    return _object(_object(value).get(name))
