"""`appsync-emulator token`: offline, the token alone on standard output."""

import json
import re
import stat
import subprocess
import urllib.request
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import js, template

from .command import run, started

pytestmark = pytest.mark.ours("the command is our own")
SCHEMA = "type Query { me: String }"
ME = {"Query.me": js("{ return { payload: ctx.identity.username }; }")}
LOGIN = "https://login.example.com"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project whose first API has an API key, the second one a user pool."""
    content = template(SCHEMA, ME)
    pool = {"Ref": "People"}
    mode = {
        "AuthenticationType": "AMAZON_COGNITO_USER_POOLS",
        "UserPoolConfig": {"UserPoolId": pool, "DefaultAction": "ALLOW"},
    }
    other = template(SCHEMA, ME, api={"Name": "people", **mode})["Resources"]
    of_other = {"ApiId": {"Fn::GetAtt": ["OtherApi", "ApiId"]}}
    for name, resource in other.items():
        if name != "Key":
            properties = resource["Properties"]
            of = of_other if "ApiId" in properties else {}
            resource["Properties"] = {**properties, **of}
            content["Resources"][f"Other{name}"] = resource
    for name, kind, properties in (
        ("People", "UserPool", {"UserPoolName": "people"}),
        ("Web", "UserPoolClient", {"UserPoolId": pool, "ClientName": "web"}),
        ("Admins", "UserPoolGroup", {"UserPoolId": pool, "GroupName": "admins"}),
    ):
        content["Resources"][name] = {
            "Type": f"AWS::Cognito::{kind}",
            "Properties": properties,
        }
    place = tmp_path / "shop"
    place.mkdir()
    (place / "template.yaml").write_text(yaml.safe_dump(content))
    return place


def claims(token: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    return body


def token(
    folder: Path, data_dir: Path, *arguments: object, **environ: str
) -> subprocess.CompletedProcess[str]:
    place = ("--data-dir", data_dir, "--user", "alice")
    return run("token", *place, *arguments, cwd=folder, **environ)


def test_only_the_token_is_on_standard_output(folder: Path, tmp_path: Path) -> None:
    done = token(folder, tmp_path, "--group", "admins", "--group", "other")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", done.stdout)
    found = claims(done.stdout)
    assert found["username"] == "alice"
    assert found["token_use"] == "access"
    assert found["cognito:groups"] == ["admins", "other"]
    assert f"access token of alice by {found['iss']}; for client " in done.stderr
    assert "of API people; until " in done.stderr
    assert "the template has no group other" in done.stderr
    assert done.stdout.strip() not in done.stderr


def test_a_server_lets_the_token_in_before_and_after_a_restart(
    folder: Path, tmp_path: Path
) -> None:
    made = token(folder, tmp_path, "--api", "people").stdout.strip()
    for _ in range(2):
        ready = tmp_path / "ready.json"
        with started(folder, tmp_path, "--ready-file", ready):
            (_, api) = json.loads(ready.read_text())["apis"]
            body = json.dumps({"query": "{ me }"}).encode()
            url = api["graphqlUrl"]
            asked = urllib.request.Request(url, body, {"authorization": made})
            with urllib.request.urlopen(asked) as answer:
                assert json.load(answer) == {"data": {"me": "alice"}}


def test_claims_are_json_or_text_and_win(folder: Path, tmp_path: Path) -> None:
    given = ["a=7", "b=true", 'c={"d":[1]}', "e=text", 'f="7"', "g=x=y", "sub=me"]
    options = [word for one in given for word in ("--claim", one)]
    found = claims(token(folder, tmp_path, *options).stdout)
    wanted = {"a": 7, "b": True, "c": {"d": [1]}, "e": "text", "f": "7", "g": "x=y"}
    assert {name: found[name] for name in wanted} == wanted
    assert found["sub"] == "me"


def test_an_id_token_names_the_client_as_its_audience(
    folder: Path, tmp_path: Path
) -> None:
    found = claims(token(folder, tmp_path, "--id", "--client", "web").stdout)
    assert found["token_use"] == "id"
    assert found["cognito:username"] == "alice"
    assert re.fullmatch("[a-z][a-z0-9]{25}", found["aud"])


def test_a_token_can_be_one_that_has_expired(folder: Path, tmp_path: Path) -> None:
    found = claims(token(folder, tmp_path, "--expires", "-60").stdout)
    assert found["exp"] - found["iat"] == -60


def test_the_token_of_an_issuer_that_is_taken_the_place_of(
    folder: Path, tmp_path: Path
) -> None:
    options = ("--local-issuer", LOGIN, "--issuer", LOGIN, "--client", "app")
    done = token(folder, tmp_path, *options)
    found = claims(done.stdout)
    assert (found["iss"], found["sub"], found["aud"]) == (LOGIN, "alice", "app")
    assert "trusted by no API of the templates" in done.stderr


@pytest.mark.parametrize("how", ["argument", "option", "folder"])
def test_the_template_can_be_anywhere(folder: Path, tmp_path: Path, how: str) -> None:
    path = folder / "template.yaml"
    where: tuple[object, ...] = {
        "argument": (path,),
        "option": ("--template", path),
        "folder": (folder,),
    }[how]
    assert token(tmp_path, tmp_path, *where).returncode == 0


def test_ids_come_from_the_template_and_the_settings(
    folder: Path, tmp_path: Path
) -> None:
    first = claims(token(folder, tmp_path).stdout)
    again = claims(token(folder, tmp_path / "other").stdout)
    same = ("iss", "client_id", "sub", "username")
    assert {name: first[name] for name in same} == {name: again[name] for name in same}
    moved = claims(token(folder, tmp_path, APPSYNC_EMULATOR_REGION="eu-west-1").stdout)
    assert "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_" in moved["iss"]


def test_the_key_is_for_the_users_eyes_only(folder: Path, tmp_path: Path) -> None:
    token(folder, tmp_path)
    (path,) = (tmp_path / "issuer").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--api", "test"), "No issuer is trusted by 'test'"),
        (("--api", "nothing"), "There is no API 'nothing'; there is: test, people."),
        (("--claim", "x"), "--claim 'x': write NAME=VALUE."),
        (("--issuer", LOGIN), f"There is no local issuer '{LOGIN}'"),
        (("--local-issuer", "login"), "write a URL such as"),
    ],
)
def test_what_cannot_be_done_is_told_with_code_2(
    folder: Path, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    done = token(folder, tmp_path, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_a_key_that_cannot_be_kept_ends_with_code_1(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "issuer").write_text("in the way")
    done = token(folder, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Choose another folder with --data-dir" in done.stderr
