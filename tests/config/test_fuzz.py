"""Nothing that stands in a template makes the loader raise anything of its own."""

import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appsync_emulator.config import Deployment, load
from appsync_emulator.config.functions import FUNCTIONS
from appsync_emulator.config.resources.types import RUN
from appsync_emulator.config.source import parse
from appsync_emulator.config.template.sections import ATTRIBUTES, SECTIONS
from appsync_emulator.errors import ProjectError

pytestmark = pytest.mark.ours("malformed input is an error of the project")

SLOWLY = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

NAMES = ["A", "B", "Api", "AWS::Region", "AWS::NoValue", "Nope", "ApiId", "Name"]
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-5, 2000)
    | st.floats()
    | st.sampled_from([*NAMES, "${A}", "${A.Arn}", "${!x}", "NONE", "API_KEY", "", "."])
    | st.text(max_size=5)
)
keys = st.sampled_from(
    [*FUNCTIONS, *ATTRIBUTES, *NAMES, "Condition", "Fn::ForEach::L", "Code", "Schema"]
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(keys, inner, max_size=3)
        | st.builds(lambda key, value: {key: value}, keys, inner)
    ),
    max_leaves=8,
)
PROPERTIES = [
    *("ApiId", "Name", "Type", "AuthenticationType", "TypeName", "FieldName", "Code"),
    *("DataSourceName", "Kind", "Runtime", "Handler", "FunctionName", "Definition"),
    *("LambdaConfig", "Environment", "TemplateURL", "Parameters", "Qualifier"),
    *("Expires", "PipelineConfig", "CodeS3Location", "RequestMappingTemplate"),
]
resources = st.fixed_dictionaries(
    {"Type": st.sampled_from([*RUN, "AWS::SQS::Queue"]) | values},
    optional={
        "Properties": st.dictionaries(st.sampled_from(PROPERTIES), values, max_size=5)
        | values,
        "Condition": st.sampled_from(NAMES) | values,
        "DependsOn": values,
    },
)
sections = st.dictionaries(keys | st.sampled_from(NAMES), values, max_size=3)
templates = st.fixed_dictionaries(
    {"Resources": st.dictionaries(st.sampled_from(NAMES), resources, max_size=4)},
    optional={
        **{name: sections | values for name in SECTIONS if name != "Resources"},
        "Transform": st.sampled_from(["AWS::LanguageExtensions", "X"]) | values,
    },
)


def try_load(text: str, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        with suppress(ProjectError):
            load([path], Deployment())


@SLOWLY
@given(st.text())
def test_any_text_is_yaml_or_an_error(text: str) -> None:
    for name in ("t.yaml", "t.json"):
        with suppress(ProjectError):
            parse(text, name)


@SLOWLY
@given(st.text(alphabet="ab:{}[]&*!|>'\"-?#%@,\\\n\t 01<.~", max_size=40).map(str))
def test_any_text_of_yaml_characters_is_yaml_or_an_error(text: str) -> None:
    with suppress(ProjectError):
        parse(text, "t.yaml")


@SLOWLY
@given(values)
def test_any_json_loads_or_is_an_error(document: Any) -> None:
    try_load(json.dumps(document), "t.json")


@SLOWLY
@given(templates)
def test_any_template_loads_or_is_an_error(document: Any) -> None:
    try_load(json.dumps(document), "t.json")


@SLOWLY
@given(templates)
def test_any_sam_template_loads_or_is_an_error(document: Any) -> None:
    text = json.dumps({**document, "Transform": "AWS::Serverless-2016-10-31"})
    try_load(
        text.replace("AWS::Lambda::Function", "AWS::Serverless::Function"), "t.json"
    )
