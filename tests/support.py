"""Small projects for tests: templates as data, and a server in this process."""

import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from appsync_emulator.background import Background
from appsync_emulator.emulator import Emulator
from appsync_emulator.server.serving import Endpoint, Project, serve
from appsync_emulator.settings import Settings

API_ID = {"Fn::GetAtt": ["Api", "ApiId"]}
KEY = "da2-abcdefghijklmnopqrstuvwxyz"
PASS = "export function request(ctx) { return { payload: ctx.args }; }\n"
RESULT = "export function response(ctx) { return ctx.result; }\n"


def js(request: str = PASS, response: str = RESULT) -> dict[str, Any]:
    """Give the properties of APPSYNC_JS code; a bare `{…}` is a handler's body."""
    if not request.startswith("export"):
        request = f"export function request(ctx) {request}\n"
    if not response.startswith("export"):
        response = f"export function response(ctx) {response}\n"
    code = "import { util, runtime, extensions } from '@aws-appsync/utils';\n"
    return {
        "Runtime": {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"},
        "Code": code + request + response,
    }


def vtl(
    request: str = '{"version": "2018-05-29", "payload": $util.toJson($ctx.args)}',
    response: str = "$util.toJson($ctx.result)",
) -> dict[str, Any]:
    """Give the properties of mapping templates."""
    return {"RequestMappingTemplate": request, "ResponseMappingTemplate": response}


def lambda_js(invocation: str = "RequestResponse", operation: str = "Invoke") -> Any:
    """Give the properties of a resolver that invokes a function with its arguments."""
    document = (
        f"{{ operation: '{operation}', invocationType: '{invocation}', "
        "payload: { field: ctx.info.fieldName, args: ctx.args, source: ctx.source } }"
    )
    fail = "if (ctx.error) util.error(ctx.error.message, ctx.error.type);"
    return js(f"{{ return {document}; }}", f"{{ {fail} return ctx.result; }}")


def template(
    schema: str,
    resolvers: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    functions: Mapping[str, Mapping[str, Any]] | None = None,
    steps: Mapping[str, Mapping[str, Any]] | None = None,
    api: Mapping[str, Any] | None = None,
    key: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Put a template together.

    Args:
        schema: SDL.
        resolvers: `Type.field` to properties; `DataSourceName` is NONE's if not given.
        functions: Lambda functions by name, each a data source of the same name too.
        steps: AppSync functions by name.
        api: further properties of the API.
        key: further properties of the API key.
    """
    resources: dict[str, Any] = {
        "Api": _resource("GraphQLApi", {"Name": "test", **_mode(api)}),
        "Schema": _of_api("GraphQLSchema", {"Definition": schema}),
        "Key": _of_api("ApiKey", dict(key or {})),
        "Nothing": _of_api("DataSource", {"Name": "Nothing", "Type": "NONE"}),
    }
    for name, properties in (functions or {}).items():
        arn = {"Fn::GetAtt": [f"{name}Function", "Arn"]}
        resources[f"{name}Function"] = {
            "Type": "AWS::Lambda::Function",
            "Properties": {"FunctionName": name, "Role": "arn:role", **properties},
        }
        source = {"Name": name, "Type": "AWS_LAMBDA"}
        config = {"LambdaConfig": {"LambdaFunctionArn": arn}}
        resources[name] = _of_api("DataSource", {**source, **config})
    for name, properties in (steps or {}).items():
        given = {"Name": name, "DataSourceName": "Nothing", **properties}
        resources[name] = _of_api("FunctionConfiguration", given)
    for place, properties in (resolvers or {}).items():
        resources[place.replace(".", "")] = _of_api("Resolver", _at(place, properties))
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def _mode(api: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"AuthenticationType": "API_KEY", **(api or {})}


def _at(place: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    type_name, field_name = place.split(".")
    at = {"TypeName": type_name, "FieldName": field_name}
    steps = properties.get("Functions")
    if steps is None:
        return {**at, "DataSourceName": "Nothing", **properties}
    ids = [{"Fn::GetAtt": [name, "FunctionId"]} for name in steps]
    rest = {name: one for name, one in properties.items() if name != "Functions"}
    return {**at, "Kind": "PIPELINE", "PipelineConfig": {"Functions": ids}, **rest}


def _of_api(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return _resource(kind, {"ApiId": API_ID, **properties})


def _resource(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"Type": f"AWS::AppSync::{kind}", "Properties": dict(properties)}


def inline_python(code: str, **properties: Any) -> dict[str, Any]:
    """Give the properties of a Python function with its code in the template."""
    return {
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "Code": {"ZipFile": code},
        "Timeout": 10,
        **properties,
    }


@dataclass
class Server:
    """A server in this process and an HTTP client for it."""

    project: Project
    emulator: Emulator
    ca: Path | None
    http: httpx.AsyncClient

    @property
    def background(self) -> Background:
        """The emulator's owner of tasks, which may own a test's too."""
        return self.emulator.background

    @property
    def endpoint(self) -> Endpoint:
        """Where the first API is."""
        return self.project.endpoints[0]

    @property
    def url(self) -> str:
        """The first API's GraphQL URL, by address, so that no name is looked up."""
        return self.endpoint.graphql_url.replace("localhost", "127.0.0.1")

    @property
    def socket_url(self) -> str:
        """The first API's realtime URL, by address."""
        return self.endpoint.realtime_url.replace("localhost", "127.0.0.1")

    async def post(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        **headers: str,
    ) -> httpx.Response:
        """Send an operation with the API key."""
        body: dict[str, Any] = {"query": query}
        if variables is not None:
            body["variables"] = variables
        sent = {"x-api-key": KEY, **headers}
        return await self.http.post(self.url, json=body, headers=sent)

    async def run(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """Send an operation and give the body of its answer, which must be 200."""
        answer = await self.post(query, variables)
        assert answer.status_code == 200, answer.text
        return answer.json()


@asynccontextmanager
async def served(
    folder: Path,
    content: Mapping[str, Any],
    data_dir: Path,
    **settings: Any,
) -> AsyncIterator[Server]:
    """Serve a template from `folder` on a free port."""
    path = folder / "template.json"
    path.write_text(json.dumps(content))
    given = {"port": 0, "data_dir": str(data_dir), "api_key": (KEY,), **settings}
    project = Project.open([path], Settings(**given))
    async with (
        serve(project, os.environ) as running,
        httpx.AsyncClient(timeout=55) as http,
    ):
        yield Server(project, running.emulator, running.ca, http)
