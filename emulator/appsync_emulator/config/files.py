"""Local files that a template names, as `aws cloudformation package` finds them."""

import os
from pathlib import Path
from urllib.parse import unquote

from appsync_emulator.config.assets import asset_sources
from appsync_emulator.config.codes import FILE, PACKAGED
from appsync_emulator.config.node import Node
from appsync_emulator.config.source import read_source
from appsync_emulator.config.source.read import read_text
from appsync_emulator.errors import ProjectError
from appsync_emulator.types import Origin, Text

_SOURCE_HINT = (
    "Use the template from before `aws cloudformation package` or `sam package`, which "
    "names local files, or one in the cdk.out of `cdk synth`."
)
_REMOTE = ("s3://", "https://", "http://")


class Files:
    """The files beside one template.

    Args:
        template: the template as the user named it; relative paths start at its folder.
        seen: where every file that is read is noted, for reloading.
    """

    def __init__(self, template: Path, seen: dict[Path, None]) -> None:
        self._template = template
        self._folder = template.parent.absolute()
        self._seen = seen
        self._assets: dict[str, Path] | None = None

    def _shown(self, path: Path) -> str:
        """Name a path as the user would: from where the template was named."""
        return os.path.normpath(
            self._template.parent / os.path.relpath(path, self._folder)
        )

    def beside(self, template: Path) -> "Files":
        """Give the files beside another template of the same application."""
        return Files(Path(self._shown(template)), self._seen)

    def source(self, path: Path) -> Node:
        """Read a YAML or JSON file."""
        self._seen[path] = None
        return read_source(path, self._shown(path))

    def text(self, node: Node, resource: str | None) -> Text:
        """Read the file that `node` names.

        Raises:
            ProjectError: it is not a local file, does not exist or cannot be read.
        """
        path = self.path(node, resource)
        shown = self._shown(path)
        if path.is_dir():
            message = f"{shown} is a folder, and a file is needed."
            raise ProjectError(FILE, message, node.origin(resource))
        self._seen[path] = None
        return Text(read_text(path, shown), Origin(shown, 1, resource), path)

    def path(self, node: Node, resource: str | None) -> Path:
        """Give the existing file or folder that `node` names, as an absolute path.

        Raises:
            ProjectError: the value is no local path, or nothing is there.
        """
        location = node.value
        origin = node.origin(resource)
        if not isinstance(location, str) or not location or "\0" in location:
            raise ProjectError(FILE, f"{location!r} is no local path.", origin)
        if location.startswith(_REMOTE):
            return self.asset(location, origin)
        if location.startswith("file://"):
            location = unquote(location.removeprefix("file://"))
        path = Path(os.path.normpath(self._folder / location))
        try:
            if path.exists():
                return path
        except OSError:  # a name too long for the file system
            pass
        raise ProjectError(
            FILE,
            f"{self._shown(path)} does not exist.",
            origin,
            found=path.name,
            allowed=names_in(path.parent),
        )

    def asset(self, uri: str, origin: Origin) -> Path:
        """Give the local source of an S3 object that `cdk synth` will upload.

        Raises:
            ProjectError: nothing local is known for it.
        """
        if self._assets is None:
            self._assets = asset_sources(self._folder)
        for key, path in self._assets.items():
            if uri.endswith(f"/{key}") and path.exists():
                return path
        message = f"{uri} is not a local path."
        raise ProjectError(PACKAGED, message, origin, hint=_SOURCE_HINT)


def names_in(folder: Path) -> list[str]:
    """Give the names in a folder; none when it cannot be read."""
    try:
        return sorted(path.name for path in folder.iterdir())
    except OSError:
        return []
