"""The command, as a user runs it: a process, its output, its exit code."""

import json
import os
import re
import signal
import urllib.error
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import inline_python, js, lambda_js, template

from .command import SCHEMA, ask, project, run, started

pytestmark = pytest.mark.ours("the command line is our own")


def test_start_prints_what_to_paste_and_writes_the_ready_file(
    tmp_path: Path, data_dir: Path
) -> None:
    project(tmp_path)
    ready = tmp_path / "ready.json"
    with started(tmp_path, data_dir, "--ready-file", ready) as (process, lines):
        text = "\n".join(lines)
        url = re.search(r"GraphQL +(http://localhost:\d+/graphql)", text)
        key = re.search(r"API key +(da2-[a-z0-9]{26})\b", text)
        assert url is not None
        assert key is not None
        assert f"endpoint: '{url[1]}'" in text
        assert f"HTTP://{url[1].removeprefix('http://')}" in text
        assert "Nothing: NONE" in text
        found = json.loads(ready.read_text())
        (api,) = found["apis"]
        assert api["name"] == "test"
        assert api["graphqlUrl"] == url[1]
        assert api["realtimeUrl"] == url[1].replace("http", "ws") + "/realtime"
        assert api["apiKeys"] == [key[1]]
        assert url[1].endswith(f":{found['port']}/graphql")
        assert Path(found["ca"]).is_file()
        assert ask(url[1], key[1], "{ hello }") == {"data": {"hello": "hi"}}
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
        assert process.returncode == 0


def test_ids_and_keys_are_the_same_after_a_restart(
    tmp_path: Path, data_dir: Path
) -> None:
    project(tmp_path)
    found = []
    for _ in range(2):
        ready = tmp_path / "ready.json"
        with started(tmp_path, data_dir, "--ready-file", ready):
            (api,) = json.loads(ready.read_text())["apis"]
            found.append((api["id"], api["apiKeys"]))
    assert found[0] == found[1]


def test_ctrl_c_lets_running_functions_end(tmp_path: Path, data_dir: Path) -> None:
    done = tmp_path / "done"
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    code = (
        "import time\n"
        "def handler(event, context):\n"
        f"    open({str(begun)!r}, 'w').close()\n"
        "    time.sleep(1)\n"
        f"    open({str(done)!r}, 'w').close()\n"
    )
    parts: Any = {
        "resolvers": {"Mutation.go": {"DataSourceName": "fn", **lambda_js("Event")}},
        "functions": {"fn": inline_python(code)},
    }
    project(tmp_path, **parts)
    ready = tmp_path / "ready.json"
    with started(tmp_path, data_dir, "--ready-file", ready) as (process, _):
        (api,) = json.loads(ready.read_text())["apis"]
        answer = ask(api["graphqlUrl"], api["apiKeys"][0], "mutation { go }")
        assert answer == {"data": {"go": None}}
        begun.read_text()  # the function is running
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
        assert process.returncode == 0
    assert done.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_second_signal_ends_it_at_once(
    tmp_path: Path, data_dir: Path, number: signal.Signals
) -> None:
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    code = (
        "import time\n"
        "def handler(event, context):\n"
        f"    open({str(begun)!r}, 'w').close()\n"
        "    time.sleep(60)\n"
    )
    function = inline_python(code, Timeout=60)
    parts: Any = {
        "resolvers": {"Mutation.go": {"DataSourceName": "fn", **lambda_js("Event")}},
        "functions": {"fn": function},
    }
    project(tmp_path, **parts)
    ready = tmp_path / "ready.json"
    with started(tmp_path, data_dir, "--ready-file", ready) as (process, _):
        (api,) = json.loads(ready.read_text())["apis"]
        ask(api["graphqlUrl"], api["apiKeys"][0], "mutation { go }")
        begun.read_text()  # the function is running
        process.send_signal(number)
        assert process.stderr is not None
        while "again to end at once" not in process.stderr.readline():
            pass
        process.send_signal(number)
        process.communicate(timeout=5)
        assert process.returncode == -number


def test_several_apis_and_types_that_are_not_run(
    tmp_path: Path, data_dir: Path
) -> None:
    content = template(SCHEMA, {"Query.hello": js("{ return { payload: 'hi' }; }")})
    resources = content["Resources"]
    resources["Second"] = {
        "Type": "AWS::AppSync::GraphQLApi",
        "Properties": {"Name": "second", "AuthenticationType": "API_KEY"},
    }
    resources["Table"] = {"Type": "AWS::DynamoDB::Table", "Properties": {}}
    resources["Other"] = {"Type": "AWS::DynamoDB::Table", "Properties": {}}
    (tmp_path / "template.json").write_text(json.dumps(content))
    ready = tmp_path / "ready.json"
    arguments = ("template.json", "--ready-file", ready)
    with started(tmp_path, data_dir, *arguments) as (_, lines):
        text = "\n".join(lines)
        assert text.count("AWS::DynamoDB::Table") == 1
        _, second = json.loads(ready.read_text())["apis"]
        assert second["graphqlUrl"].endswith(f"/{second['id']}/graphql")
        with pytest.raises(urllib.error.HTTPError) as error:
            ask(second["graphqlUrl"], second["apiKeys"][0], "{ hello }")
        assert error.value.code == 502
        assert json.load(error.value)["errors"] == [
            {
                "errorType": "GraphQLSchemaException",
                "message": "No schema definition exists.",
            }
        ]


def test_check_counts_what_can_be_served(tmp_path: Path) -> None:
    project(tmp_path)
    done = run("check", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == "1 API(s), 1 resolvers and 0 functions can be served.\n"


def test_check_warns_of_what_is_not_emulated(tmp_path: Path) -> None:
    path = project(tmp_path)
    content = yaml.safe_load(path.read_text())
    content["Resources"]["Table"] = {"Type": "AWS::DynamoDB::Table", "Properties": {}}
    content["Resources"]["Rows"] = {
        "Type": "AWS::AppSync::DataSource",
        "Properties": {
            "ApiId": {"Fn::GetAtt": ["Api", "ApiId"]},
            "Name": "Rows",
            "Type": "AMAZON_DYNAMODB",
            "DynamoDBConfig": {"TableName": "rows", "AwsRegion": "us-east-1"},
        },
    }
    path.write_text(yaml.safe_dump(content))
    done = run("check", cwd=tmp_path)
    assert done.returncode == 0
    assert "AMAZON_DYNAMODB is not emulated; its resolvers answer" in done.stderr
    assert "AWS::DynamoDB::Table is not run." in done.stderr


def test_check_warns_of_functions_that_cannot_run_here(tmp_path: Path) -> None:
    project(tmp_path, functions={"fn": inline_python("")})
    done = run("check", "--python", "/nowhere/python", cwd=tmp_path)
    assert done.returncode == 0
    assert re.search(
        "WARNING The function fn cannot run: .*'/nowhere/python'", done.stderr
    )
    assert " and 0 functions can be served." in done.stdout


TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: test, AuthenticationType: API_KEY}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      Definition: |
        type Query {
          hello: String
        }
  Nothing:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: Nothing, Type: NONE}
  Hello:
    Type: AWS::AppSync::Resolver
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: Query
      FieldName: hello
      DataSourceName: Nothing
      Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
      Code: |
        export function request(ctx) {
          return { payload: 'hi' };
        }
        export function response(ctx) { return ctx.result; }
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Name: hello", "Name: helo", "yaml:17 .*P221 .*Did you mean 'hello'"),
        ("TypeName: Query", "TypeName: Quer", "yaml:17 .*P220 .*Did you mean 'Query'"),
        ("TypeName: Query", "TypNam: Query", "yaml:21 .*P131 .*'TypeName'"),
        ("Api.ApiId, Name", "Ap.ApiId, Name", "yaml:16 .*P112 .*'Api'"),
        ("Api.ApiId, Name", "Api.ApId, Name", "yaml:16 .*P113 .*'ApiId'"),
        ("Sync::DataSource", "Sync::DataSorce", "yaml:15 .*P130 .*::DataSource'"),
        ("Name: Nothing\n", "Name: Nothin\n", "yaml:17 .*P222 .*'Nothing'"),
        ("type Query {", "type Query [", "yaml:11 .*P200 column 12"),
        ("hello: String", "hello: Strin", "yaml:12 .*P203 .*'String'"),
        ("return { pay", "class A {} return { pay", "yaml:27 .*P303 .*Class decl"),
        ("'hi' };", "'hi' ;", "yaml:27 .*P303"),
        ("AWSTemp", "{AWSTemp", "yaml:1:2: P102"),
        ("|\n        type", "|\n      type", "P102|P200"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_nearest_name(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in TEMPLATE
    (tmp_path / "template.yaml").write_text(TEMPLATE.replace(old, new))
    done = run("check", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert re.search(expected, done.stderr), done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_template_is_told(tmp_path: Path) -> None:
    for arguments in ((), ("nowhere.yaml",)):
        done = run("check", *arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert "P10" in done.stderr


def test_a_port_in_use_is_told_with_a_way_out(tmp_path: Path, data_dir: Path) -> None:
    project(tmp_path)
    ready = tmp_path / "ready.json"
    with started(tmp_path, data_dir, "--ready-file", ready):
        port = json.loads(ready.read_text())["port"]
        done = run("start", "--port", port, cwd=tmp_path)
    assert done.returncode == 1
    assert f"E101 Port {port}" in done.stderr
    assert "--port" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "environ", "expected"),
    [
        (("--parameter", "noequals"), {}, "write NAME=VALUE"),
        (("--port", "many"), {}, "not a valid integer"),
        ((), {"APPSYNC_EMULATOR_PORT": "many"}, "APPSYNC_EMULATOR_PORT='many'"),
        (("--parameter", "Nme=1"), {}, "Nme"),
    ],
)
def test_a_wrong_setting_is_told(
    tmp_path: Path, arguments: tuple[str, ...], environ: dict[str, str], expected: str
) -> None:
    project(tmp_path)
    done = run("check", *arguments, cwd=tmp_path, **environ)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_function_env_reaches_functions(tmp_path: Path, data_dir: Path) -> None:
    code = (
        "import os\ndef handler(e, c):\n    return os.environ['A'] + os.environ['B']\n"
    )
    parts: Any = {
        "resolvers": {"Query.slow": {"DataSourceName": "fn", **lambda_js()}},
        "functions": {"fn": inline_python(code)},
    }
    project(tmp_path, **parts)
    ready = tmp_path / "ready.json"
    os.environ["B"] = "from outside"
    try:
        arguments = ("--function-env", "A=given, ", "--function-env", "B")
        with started(tmp_path, data_dir, "--ready-file", ready, *arguments):
            (api,) = json.loads(ready.read_text())["apis"]
            answer = ask(api["graphqlUrl"], api["apiKeys"][0], "{ slow }")
    finally:
        del os.environ["B"]
    assert answer == {"data": {"slow": "given, from outside"}}
