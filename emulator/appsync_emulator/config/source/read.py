"""Reads one file of a project as Nodes."""

from pathlib import Path

from appsync_emulator.config.codes import UNREADABLE
from appsync_emulator.config.node import Node
from appsync_emulator.config.source.json_source import parse_json
from appsync_emulator.config.source.yaml_source import parse_yaml
from appsync_emulator.errors import ProjectError
from appsync_emulator.types import Origin


def read_source(path: Path, shown: str) -> Node:
    """Read a YAML or JSON file.

    Args:
        path: the file.
        shown: the file as the user would name it.

    Raises:
        ProjectError: it cannot be read or is not well-formed.
    """
    return parse(read_text(path, shown), shown)


def read_text(path: Path, shown: str) -> str:
    """Read a UTF-8 file, with or without a byte order mark.

    Raises:
        ProjectError: it does not exist, is a folder, may not be read or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The file is not UTF-8: byte {error.start} is wrong."
    except OSError as error:
        message = f"The file cannot be read: {error.strerror or error}."
    except ValueError as error:  # a name with a NUL character
        message = f"The file cannot be read: {error}."
    raise ProjectError(UNREADABLE, message, Origin(shown))


def parse(text: str, shown: str) -> Node:
    """Parse YAML or JSON; which of them is seen from the text.

    JSON is tried as JSON because that finds its mistakes more precisely; YAML's own
    braces look the same, so a file that is not named `.json` may still be YAML.
    """
    if shown.endswith(".json"):
        return parse_json(text, shown)
    if text.lstrip()[:1] == "{":
        try:
            return parse_json(text, shown)
        except ProjectError as as_json:
            try:
                return parse_yaml(text, shown)
            except ProjectError:
                raise as_json from None
    return parse_yaml(text, shown)
