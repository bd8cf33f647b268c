"""The transform AWS::Serverless-2016-10-31, by AWS's own translator.

The translator works on plain JSON and knows neither lines nor local paths, so this
module hands it placeholders and puts places and paths back into what it makes. It runs
offline: the region is given, managed policies are named and not looked up.
"""

import contextlib
import copy
import logging
from typing import Any

from appsync_emulator.config.codes import SAM as REFUSED
from appsync_emulator.config.codes import TRANSFORM
from appsync_emulator.config.node import Node, plain
from appsync_emulator.config.resources.types import APPLICATION, SERVERLESS
from appsync_emulator.config.template.parameters import Parameters
from appsync_emulator.config.template.pseudo import Pseudo
from appsync_emulator.config.template.sam_places import Places, parts
from appsync_emulator.errors import ProjectError, ProjectErrors
from appsync_emulator.types import JSON

_BUCKET = "appsync-emulator-local-file"
_SECTIONS = ("Globals", "Parameters", "Mappings", "Conditions", "Resources", "Outputs")

# Properties with local paths where the translator wants S3, and where it puts them.
_PATHS = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::Api": "DefinitionUri",
    "AWS::Serverless::HttpApi": "DefinitionUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
}


def translate(document: Node, parameters: Parameters, pseudo: Pseudo) -> Node:
    """Give the template with its SAM resources turned into plain ones.

    Raises:
        ProjectError: the translator is not installed, or it refuses the template.
    """
    resources = document.value["Resources"]
    if not isinstance(resources.value, dict) or not any(
        _is_serverless(node) and not _is_remote(node)
        for node in resources.value.values()
    ):
        return document
    return _Translation(document, pseudo).run(parameters)


def _is_serverless(node: Node) -> bool:
    kind = node.value.get("Type") if isinstance(node.value, dict) else None
    return (
        kind is not None
        and isinstance(kind.value, str)
        and kind.value.startswith(SERVERLESS)
    )


class _Region:
    """Stands in for a boto session, of which the translator reads only the region."""

    def __init__(self, region_name: str) -> None:
        self.region_name = region_name


class _Translation:
    def __init__(self, document: Node, pseudo: Pseudo) -> None:
        self.document = document
        self.pseudo = pseudo
        self.resources: dict[str, Node] = document.value["Resources"].value
        self.paths: list[Node] = []
        self.plain: dict[str, Any] = {}

    def run(self, parameters: Parameters) -> Node:
        value = self.document.value
        self.plain = {name: plain(value[name]) for name in _SECTIONS if name in value}
        self.plain["Transform"] = "AWS::Serverless-2016-10-31"
        given = copy.deepcopy(self.plain)
        self.hide_paths(given)
        # The translator would ask the Serverless Application Repository for these.
        remote = [name for name, node in self.resources.items() if _is_remote(node)]
        for logical_id in remote:
            del given["Resources"][logical_id]
        for logical_id, node in self.resources.items():
            # The translator copies Metadata to all that it makes out of a resource.
            if _is_serverless(node) and logical_id not in remote:
                given["Resources"][logical_id]["Metadata"] = {_BUCKET: logical_id}
        values = {}
        for name in parameters.names:
            # A parameter without a value is said to be one when they are checked.
            with contextlib.suppress(ProjectError):
                values[name] = parameters.value(name)
        made = self.call(given, values)
        for logical_id in remote:
            made["Resources"][logical_id] = self.plain["Resources"][logical_id]
        return self.rebuilt(made)

    def hide_paths(self, given: dict[str, Any]) -> None:
        for logical_id, node in self.resources.items():
            if _is_serverless(node):
                properties = node.value.get("Properties")
                kind = node.value["Type"].value
                target = given["Resources"][logical_id].get("Properties")
                self.hide(kind, properties, target)
        shared = self.document.value.get("Globals")
        if shared is not None and isinstance(shared.value, dict):
            for name, node in shared.value.items():
                self.hide(SERVERLESS + name, node, given["Globals"][name])

    def hide(self, kind: str, properties: Node | None, target: Any) -> None:
        if properties is None or not isinstance(properties.value, dict):
            return
        name = _PATHS.get(kind, "")
        node = properties.value.get(name)
        if node is not None and _is_local(node):
            target[name] = f"s3://{_BUCKET}/{len(self.paths)}"
            self.paths.append(node)
        package = properties.value.get("PackageType")
        if package is not None and package.value == "Image":
            # `sam build` makes it; such functions are named as not run.
            target.setdefault("ImageUri", f"{_BUCKET}:image")

    def call(self, given: dict[str, Any], values: dict[str, JSON]) -> dict[str, Any]:
        # Imported here: it takes 0.3 s and is needed by SAM templates only.
        try:
            from samtranslator.metrics.metrics import (  # noqa: PLC0415
                DummyMetricsPublisher,
                Metrics,
            )
            from samtranslator.model.exceptions import (  # noqa: PLC0415
                InvalidDocumentException,
            )
            from samtranslator.parser.parser import Parser  # noqa: PLC0415
            from samtranslator.translator.translator import (  # noqa: PLC0415
                Translator,
            )
        except ImportError:
            raise self.wrong(
                "The template uses the SAM transform, and AWS's translator for it is "
                "not installed.",
                TRANSFORM,
                hint="pip install 'appsync-emulator[sam]'",
            ) from None
        logging.getLogger("samtranslator").setLevel(logging.ERROR)
        metrics = Metrics("appsync-emulator", DummyMetricsPublisher())
        session = _Region(self.pseudo.region)
        translator = Translator({}, Parser(), boto_session=session, metrics=metrics)
        try:
            made: dict[str, Any] = translator.translate(
                given, values, passthrough_metadata=True, get_managed_policy_map=dict
            )
        except InvalidDocumentException as error:
            raise self.refused(error) from None
        except Exception as error:
            message = f"The SAM translator fails: {type(error).__name__}: {error}."
            raise self.wrong(message, REFUSED) from error
        finally:
            metrics.publish()
        return made

    def wrong(self, message: str, code: str, hint: str | None = None) -> ProjectError:
        transform = self.document.value["Transform"]
        return ProjectError(code, message, transform.key_origin(), hint=hint)

    def refused(self, error: Any) -> ProjectError:
        found = []
        for cause in error.causes or [error]:
            message = str(cause.message)
            section = "Globals" if message.startswith("'Globals'") else "Transform"
            place = self.document.value.get(section, self.document)
            name = self.resource_of(str(getattr(cause, "_logical_id", "")))
            if name is not None:
                place = self.resources[name]
            found.append(ProjectError(REFUSED, message, place.key_origin(name)))
        return found[0] if len(found) == 1 else ProjectErrors(found)

    def resource_of(self, logical_id: str) -> str | None:
        """Give the resource that is called so, or that something so called is made of.

        What the translator makes of an event has the resource's name before its own;
        the parts of a GraphQLApi are called by their own name alone.
        """
        if logical_id in self.resources:
            return logical_id
        begun = [name for name in self.resources if logical_id.startswith(name)]
        if begun:
            return max(begun, key=len)
        for name, node in self.resources.items():
            if logical_id and any(
                one.endswith(logical_id) for one in parts(name, node)
            ):
                return name
        return None

    def rebuilt(self, made: dict[str, Any]) -> Node:
        """Give the translated template as Nodes."""
        value = dict(self.document.value)
        value.pop("Globals", None)
        for name in ("Conditions", "Outputs"):
            if name in made:
                value[name] = self.kept(name, made[name])
        resources = {
            logical_id: self.resource(logical_id, item)
            for logical_id, item in made["Resources"].items()
        }
        place = self.document.value["Resources"]
        value["Resources"] = Node(resources, place.source, place.line)
        return Node(value, self.document.source, self.document.line)

    def kept(self, name: str, made: JSON) -> Node:
        old: Node | None = self.document.value.get(name)
        if old is not None and self.plain[name] == made:
            return old
        return Places(old or self.document, [old]).node(made)

    def resource(self, logical_id: str, made: dict[str, Any]) -> Node:
        old = self.resources.get(logical_id)
        if old is not None and self.plain["Resources"][logical_id] == made:
            return old
        metadata = made.get("Metadata")
        source = metadata.get(_BUCKET) if isinstance(metadata, dict) else None
        if source is not None:
            made = {key: item for key, item in made.items() if key != "Metadata"}
        # What belongs to no single resource, such as an implicit API, has no line.
        nowhere = Node({}, self.document.source)
        origin = self.resources.get(source or logical_id, nowhere)
        part = parts(source, origin).get(logical_id, origin) if source else origin
        shared = self.document.value.get("Globals")
        node = Places(part, [part, origin, shared]).node(made)
        return self.with_path(node)

    def with_path(self, node: Node) -> Node:
        """Put the local path back where the translator put a placeholder for it."""
        properties = node.value.get("Properties")
        for name in ("Code", "Content"):
            place = properties.value.get(name) if properties is not None else None
            if place is None or not isinstance(place.value, dict):
                continue
            bucket = place.value.get("S3Bucket")
            if bucket is not None and bucket.value == _BUCKET:
                path = self.paths[int(place.value["S3Key"].value)]
                properties.value[name] = path
        return node


def _is_remote(node: Node) -> bool:
    value = node.value
    if not _is_serverless(node) or value["Type"].value != APPLICATION:
        return False
    properties = value.get("Properties")
    if properties is None or not isinstance(properties.value, dict):
        return False
    location = properties.value.get("Location")
    return location is not None and isinstance(location.value, dict)


def _is_local(node: Node) -> bool:
    value = node.value
    if isinstance(value, dict):
        return "Bucket" not in value and "Key" not in value
    return isinstance(value, str) and not value.startswith("s3://")
