"""A project on disk, and single expressions in a template."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest

from appsync_emulator.config import Deployment, load
from appsync_emulator.config.node import plain
from appsync_emulator.config.project import Project
from appsync_emulator.errors import ProjectError, ProjectErrors
from appsync_emulator.model import Application


@dataclass
class Folder:
    """A user's project in a folder of its own."""

    path: Path

    def write(self, name: str, text: str = "") -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path

    def load(self, *texts: str, **deployment: Any) -> Application:
        """Load templates; the first is template.yaml, the others are stack2.yaml …"""
        names = ["template.yaml", *(f"stack{i}.yaml" for i in range(2, 10))]
        paths = [
            self.write(name, text) for name, text in zip(names, texts, strict=False)
        ]
        return load(paths, Deployment(**deployment))

    def errors(self, *texts: str, **deployment: Any) -> list[str]:
        """Load what must fail, and give the errors with file names only."""
        with pytest.raises(ProjectError) as caught:
            self.load(*texts, **deployment)
        error = caught.value
        found = error.errors if isinstance(error, ProjectErrors) else (error,)
        return [str(one).replace(f"{self.path}/", "") for one in found]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "shop"
    path.mkdir()
    return Folder(path)


Evaluate = Callable[..., Any]


@pytest.fixture
def evaluate(folder: Folder) -> Evaluate:
    """Evaluate a YAML value in a template with the given other sections."""

    def evaluate(value: str, sections: str = "", **deployment: Any) -> Any:
        body = indent(dedent(value).strip(), "      ")
        text = f"Outputs:\n  It:\n    Value:\n{body}\n" + dedent(sections)
        if "\nResources:" not in f"\n{dedent(sections)}":
            text += "Resources: {}\n"
        project = Project(Deployment(**deployment))
        project.add(folder.write("template.yaml", text), "shop")
        stack = project.roots[0]
        node = stack.outputs.section["It"].value["Value"]
        return plain(stack.scope().evaluate(node))

    return evaluate


API = """
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: shop
      AuthenticationType: API_KEY
"""


@pytest.fixture
def api() -> str:
    """The start of a template: an API, to which resources can be added."""
    return API
