"""Finds the template in a folder, and tells other formats apart from templates."""

import re
from pathlib import Path

from appsync_emulator.config.codes import NO_TEMPLATE, OTHER_FORMAT, UNREADABLE
from appsync_emulator.config.files import names_in
from appsync_emulator.config.node import Node
from appsync_emulator.errors import ProjectError
from appsync_emulator.types import Origin

NAMES = ("template.yaml", "template.yml", "template.json")
"""The names that are looked for first, in this order."""

_PATTERNS = ("*.template.yaml", "*.template.yml", "*.template.json")

_FILES = {
    "cdk.json": "the configuration of the AWS CDK",
    "cdk.context.json": "the context of the AWS CDK",
    "package.json": "a Node package",
    "tsconfig.json": "the configuration of TypeScript",
    "serverless.yml": "a configuration of the Serverless Framework",
    "serverless.yaml": "a configuration of the Serverless Framework",
    "serverless.json": "a configuration of the Serverless Framework",
    "samconfig.toml": "the configuration of the SAM CLI",
    "samconfig.yaml": "the configuration of the SAM CLI",
    "docker-compose.yml": "a configuration of Docker Compose",
    "docker-compose.yaml": "a configuration of Docker Compose",
    "amplify_outputs.json": "the client configuration of Amplify",
}
_SUFFIXES = {
    ".tf": "a configuration of Terraform",
    ".toml": "a TOML file",
    ".graphql": "a GraphQL schema",
    ".py": "Python code",
    ".js": "JavaScript code",
    ".ts": "TypeScript code",
}
_CONTENTS = (
    (("service", "provider"), "a configuration of the Serverless Framework"),
    (("app", "context"), "the configuration of the AWS CDK"),
    (("artifacts", "version"), "the manifest of a CDK assembly"),
    (("files", "dockerImages"), "the asset list of a CDK assembly"),
    (("openapi",), "an OpenAPI document"),
    (("swagger",), "an OpenAPI document"),
    (("apiVersion", "kind"), "a Kubernetes object"),
    (("services",), "a configuration of Docker Compose"),
)
_ADVICE = {
    "CDK": "Run `cdk synth` and give a template of cdk.out.",
    "Serverless": "Run `serverless package` and give the template it writes.",
}


def find_template(folder: Path) -> Path:
    """Find the template of the project in `folder`.

    `template.yaml`, `template.yml`, `template.json`, in this order, else the only
    `*.template.yaml` or `*.template.json`.

    Raises:
        ProjectError: there is none, or there are several of the second kind.
    """
    for name in NAMES:
        if (folder / name).is_file():
            return folder / name
    found = [
        path
        for pattern in _PATTERNS
        for path in sorted(folder.glob(pattern))
        if ".nested." not in path.name  # the stack that nests it brings it along
    ]
    if len(found) == 1:
        return found[0]
    origin = Origin(str(folder))
    if found:
        names = ", ".join(path.name for path in found)
        message = f"There are several templates: {names}."
        raise ProjectError(NO_TEMPLATE, message, origin, hint="Name the one to use.")
    looked = ", ".join([*NAMES, *_PATTERNS])
    message = f"There is no template; looked for {looked}."
    raise ProjectError(NO_TEMPLATE, message, origin, hint=_other_files(folder))


def _other_files(folder: Path) -> str | None:
    for name, what in _FILES.items():
        if (folder / name).is_file():
            return f"{name} is {what}, which is not read.{_advice(what)}"
    return None


def locate(path: Path) -> Path:
    """Give the template that a user means by a file or a folder.

    Raises:
        ProjectError: it does not exist, or is a file of another format.
    """
    if path.is_dir():
        return find_template(path)
    what = _FILES.get(path.name) or _SUFFIXES.get(path.suffix)
    if what is not None:
        raise other_format(what, Origin(str(path)))
    if not path.exists():
        message = "The file does not exist."
        allowed = names_in(path.parent)
        origin = Origin(str(path))
        raise ProjectError(
            UNREADABLE, message, origin, found=path.name, allowed=allowed
        )
    return path


def other_format(what: str, origin: Origin) -> ProjectError:
    """Make the error that a file is of a format that is not read."""
    message = f"This is {what}, which is not read."
    return ProjectError(OTHER_FORMAT, message, origin, hint=_advice(what).strip())


def recognise(document: Node) -> str | None:
    """Tell what a document is that is no template; None when nothing comes to mind."""
    value = document.value
    if not isinstance(value, dict) or "Resources" in value:
        return None
    for keys, what in _CONTENTS:
        if all(key in value for key in keys):
            return what
    return None


def stack_name(template: Path) -> str:
    """Give a stack's name: the template's folder, in letters that AWS allows.

    `Chat.template.json` is how the CDK names the template of the stack `Chat`.
    """
    if ".template." in template.name:
        return file_name(template)
    return _allowed(template.resolve().parent.name) or "app"


def file_name(template: Path) -> str:
    """Give the template's own name without its endings, in letters AWS allows."""
    return _allowed(template.name.split(".", 1)[0]) or "stack"


def _allowed(name: str) -> str:
    name = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
    if name[:1].isdigit():
        name = f"stack-{name}"
    return name[:100]


def _advice(what: str) -> str:
    return next((f" {text}" for word, text in _ADVICE.items() if word in what), "")
