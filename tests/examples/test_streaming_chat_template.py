"""The example's template: what deploys to AWS is what runs here."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from appsync_emulator.config import Deployment, load
from appsync_emulator.model import Api, Application, LambdaFunction
from appsync_emulator.schema import build
from appsync_emulator.schema.check import check_resolvers
from appsync_resolvers.context import Context
from appsync_resolvers.js import JsEngine
from appsync_resolvers.runtime import Handlers
from appsync_resolvers.vtl import compile_template

from .conftest import EXAMPLE

pytestmark = pytest.mark.ours("the example's own promise")

TEMPLATE = EXAMPLE / "template.yaml"
ARGUMENTS = {"session": "s1", "prompt": 'Why "blue"?\n$ctx'}


def deployed(**parameters: str) -> Application:
    return load([TEMPLATE], Deployment(parameters=parameters))


@pytest.fixture
def api() -> Api:
    (api,) = deployed().apis
    return api


def function(application: Application, name: str) -> LambdaFunction:
    (found,) = [
        each for each in application.functions.values() if f"-{name}-" in each.name
    ]
    return found


def handlers(api: Api, field: str) -> Handlers:
    (resolver,) = [each for each in api.resolvers if each.field_name == field]
    code = resolver.code
    if code.code is not None:
        return JsEngine().load(code.code.text)
    assert code.request is not None
    assert code.response is not None
    return Handlers(
        compile_template(code.request.text), compile_template(code.response.text)
    )


def test_everything_of_the_template_is_run() -> None:
    application = deployed()
    assert application.not_run == ()
    assert set(application.outputs) == {"GraphQLUrl", "RealtimeUrl", "ApiKey"}


def test_schema_and_resolvers_fit(api: Api) -> None:
    assert api.schema is not None
    schema = build(api.schema)
    assert check_resolvers(api, schema) == []
    assert schema.subscriptions["onToken"] == ("publishToken",)


def test_both_languages_and_both_runtimes_are_shown(api: Api) -> None:
    shown = {
        each.field_name: (each.code.runtime, each.data_source) for each in api.resolvers
    }
    assert shown["ask"] == ("APPSYNC_JS", "AskPython")
    assert shown["askVtl"] == ("VTL", "AskPython")
    assert shown["askNode"] == ("APPSYNC_JS", "AskNode")
    assert function(deployed(), "AskNode").runtime.startswith("nodejs")


@pytest.mark.parametrize("field", ["ask", "askVtl", "askNode"])
@pytest.mark.aws_doc("AppSync developer guide, Lambda resolver reference: Event")
def test_the_function_is_invoked_by_event_and_the_field_is_null(
    api: Api, field: str
) -> None:
    handlers_ = handlers(api, field)
    request = handlers_.request(Context(dict(ARGUMENTS)))
    request.pop("version", None)
    assert request == {
        "operation": "Invoke",
        "invocationType": "Event",
        "payload": ARGUMENTS,
    }
    assert handlers_.response(Context(dict(ARGUMENTS))) is None


@pytest.mark.parametrize("field", ["ask", "askVtl", "models"])
def test_a_question_that_cannot_be_queued_is_an_error(api: Api, field: str) -> None:
    context = Context(dict(ARGUMENTS))
    context.error = {"message": "Rate exceeded", "type": "Lambda:Throttled"}
    with pytest.raises(Exception, match="Rate exceeded"):
        handlers(api, field).response(context)


def test_a_token_is_given_back_as_it_came(api: Api) -> None:
    token = {"session": "s1", "sequence": 3, "text": " blue", "done": False}
    handlers_ = handlers(api, "publishToken")
    assert handlers_.request(Context(dict(token))) == {"payload": token}
    context = Context(dict(token))
    context.result = token
    assert handlers_.response(context) == token


@pytest.mark.parametrize("name", ["AskPython", "AskNode", "Models"])
def test_functions_find_the_model_where_the_emulator_says(name: str) -> None:
    """Only a parameter sets the address and the key: else the stand-in is used."""
    plain = function(deployed(), name).environment
    assert {"OPENAI_BASE_URL", "OPENAI_API_KEY"} & set(plain) == set()
    address = "https://models.example/v1"
    given = deployed(OpenAIBaseUrl=address, OpenAIApiKey="sk-1")
    environment = function(given, name).environment
    assert environment["OPENAI_BASE_URL"] == address
    assert environment["OPENAI_API_KEY"] == "sk-1"


@pytest.mark.parametrize("name", ["AskPython", "AskNode"])
def test_a_failed_answer_is_not_begun_again(name: str) -> None:
    assert function(deployed(), name).async_config["MaximumRetryAttempts"] == 0


class Tagged(yaml.SafeLoader):
    """Reads `!Ref x` and the like as `x`."""


Tagged.add_multi_constructor(
    "!",
    lambda loader, _, node: (
        loader.construct_scalar(node)
        if isinstance(node, yaml.ScalarNode)
        else loader.construct_sequence(node)
    ),
)


def resources() -> dict[str, Any]:
    template = yaml.load(TEMPLATE.read_text(), Tagged)
    found: dict[str, Any] = template["Resources"]
    return found


@pytest.mark.aws_doc("AWS CLI reference, cloudformation package")
def test_local_paths_stand_only_where_the_packager_uploads_them() -> None:
    uploaded = {
        "AWS::AppSync::GraphQLSchema": ["DefinitionS3Location"],
        "AWS::AppSync::Resolver": [
            "CodeS3Location",
            "RequestMappingTemplateS3Location",
            "ResponseMappingTemplateS3Location",
        ],
        "AWS::Lambda::Function": ["Code"],
    }
    paths = {
        resource["Properties"][name]
        for resource in resources().values()
        for name in uploaded.get(resource["Type"], [])
        if name in resource["Properties"]
    }
    missing = [path for path in paths if not (EXAMPLE / path).exists()]
    assert missing == []
    written = set(map(str, files(EXAMPLE)))
    covered = {file for path in paths for file in map(str, files(EXAMPLE / path))}
    assert {Path(each).name for each in written - covered} == {
        "README.md",
        "template.yaml",
    }


def files(path: Path) -> list[Path]:
    """Give the files in a folder, or the file itself."""
    if path.is_file():
        return [path]
    return [
        each
        for each in path.rglob("*")
        if each.is_file() and "__pycache__" not in each.parts
    ]


@pytest.mark.aws_doc("AppSync developer guide, data source roles")
def test_data_sources_may_invoke_exactly_their_functions() -> None:
    found = resources()
    (policy,) = found["DataSourceRole"]["Properties"]["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "lambda:InvokeFunction"
    functions = {
        f"{name}.Arn"
        for name, each in found.items()
        if each["Type"] == "AWS::Lambda::Function"
    }
    assert set(statement["Resource"]) == functions


@pytest.mark.aws_doc("CloudFormation, AWS::AppSync::Resolver: the schema comes first")
def test_resolvers_wait_for_the_schema() -> None:
    for each in resources().values():
        if each["Type"] == "AWS::AppSync::Resolver":
            assert each["DependsOn"] == "Schema"
