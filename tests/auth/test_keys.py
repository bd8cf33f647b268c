"""Where the keys of issuers come from."""

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from appsync_emulator.auth import keys
from appsync_emulator.auth.keys import (
    DiscoveredKeys,
    GivenKeys,
    KeySources,
    NamedKeys,
    UnknownIssuer,
    key_set,
)

from .issuers import Issuers

pytestmark = pytest.mark.ours("how keys are kept is our own")

ISSUER = "https://issuer.example.com"


def document(*names: str, issuers: Issuers) -> dict[str, Any]:
    public = issuers.rsa.as_dict(private=False)
    return {"keys": [{**public, "kid": name} for name in names]}


def kids(found: KeySet) -> list[str | None]:
    return [one.kid for one in found.keys]


class Web:
    """An issuer on the web."""

    def __init__(self, issuers: Issuers) -> None:
        self.asked: list[str] = []
        self.keys: Any = document("one", issuers=issuers)
        self.configuration: Any = None
        routes = [
            Route("/{path:path}", self.answer),
        ]
        self.app = Starlette(routes=routes)

    async def answer(self, request: Any) -> Any:
        self.asked.append(request.url.path)
        if request.url.path.endswith("/.well-known/openid-configuration"):
            default = {"jwks_uri": str(request.base_url) + "keys"}
            given = default if self.configuration is None else self.configuration
        else:
            given = self.keys
        if isinstance(given, str):
            return PlainTextResponse(given)
        return JSONResponse(given)


@pytest.fixture
def web(issuers: Issuers) -> Web:
    return Web(issuers)


@pytest.mark.aws_doc("developer guide, OPENID_CONNECT: discovery and jwks_uri")
@pytest.mark.parametrize("path", ["", "/", "/tenant", "/tenant/"])
async def test_keys_are_discovered(web: Web, serve: Any, path: str) -> None:
    found = await DiscoveredKeys().key(serve(web.app) + path, "one")
    assert kids(found) == ["one"]
    configuration = f"{path.rstrip('/')}/.well-known/openid-configuration"
    assert web.asked == [configuration, "/keys"]


async def test_keys_are_kept_until_an_unknown_one_is_named(
    web: Web, serve: Any, issuers: Issuers, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, url = DiscoveredKeys(), serve(web.app)
    for kid in ("one", None, "one", "two", "two"):
        await source.key(url, kid)
    assert len(web.asked) == 2  # one that just came is not asked again at once
    web.keys = document("one", "two", issuers=issuers)
    monkeypatch.setattr(keys, "AGAIN_SECONDS", -1.0)
    assert kids(await source.key(url, "two")) == ["one", "two"]
    assert len(web.asked) == 4
    await source.key(url, "two")
    assert len(web.asked) == 4


BROKEN: list[tuple[str, Any]] = [
    ("configuration", "meow"),
    ("configuration", {}),
    ("configuration", []),
    ("configuration", {"jwks_uri": "nowhere"}),
    ("configuration", {"jwks_uri": 7}),
    ("configuration", {"jwks_uri": "http://127.0.0.1:1/keys"}),
    ("keys", "meow"),
    ("keys", {}),
    ("keys", {"keys": {}}),
    ("keys", "x" * 2_000_000),
]


@pytest.mark.parametrize(("part", "broken"), BROKEN)
async def test_a_broken_issuer_is_told_of_and_has_no_keys(
    web: Web, serve: Any, caplog: pytest.LogCaptureFixture, part: str, broken: Any
) -> None:
    setattr(web, part, broken)
    source, url = DiscoveredKeys(), serve(web.app)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            with pytest.raises(UnknownIssuer):
                await source.key(url, "one")
    (said,) = [one for one in caplog.records if "cannot be had" in one.getMessage()]
    assert f"--jwks {url}=FILE" in said.getMessage()


async def test_what_is_no_url_is_not_asked() -> None:
    with pytest.raises(UnknownIssuer, match="no URL"):
        await DiscoveredKeys().key("file:///etc/passwd", None)


async def test_a_file_stands_for_an_issuer_and_may_change(
    tmp_path: Path, issuers: Issuers
) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(document("one", issuers=issuers)))
    source = NamedKeys({ISSUER + "/": str(file)})
    assert kids(await source.key(ISSUER, "one")) == ["one"]
    file.write_text(json.dumps(document("two", issuers=issuers)))
    os.utime(file, ns=(1, 1))
    assert kids(await source.key(ISSUER, "one")) == ["two"]
    file.write_text("meow")
    with pytest.raises(UnknownIssuer, match="has no key set"):
        await source.key(ISSUER, "one")
    with pytest.raises(UnknownIssuer, match="no --jwks"):
        await source.key("https://other.example.com", None)


async def test_a_url_stands_for_an_issuer(web: Web, serve: Any) -> None:
    source = NamedKeys({ISSUER: serve(web.app) + "/mine"})
    assert kids(await source.key(ISSUER, "one")) == ["one"]
    assert web.asked == ["/mine"]


async def test_the_first_source_that_knows_an_issuer_is_taken(
    issuers: Issuers,
) -> None:
    def only(kid: str, issuer: str) -> Callable[[str], Any]:
        made = document(kid, issuers=issuers)
        return lambda asked: made if asked == issuer else None

    source = KeySources(
        [
            GivenKeys(only("a", "x")),
            GivenKeys(only("b", "x")),
            GivenKeys(only("c", "y")),
        ]
    )
    assert kids(await source.key("x", None)) == ["a"]
    assert kids(await source.key("y", None)) == ["c"]
    with pytest.raises(UnknownIssuer, match="own"):
        await source.key("z", None)
    with pytest.raises(UnknownIssuer, match="no keys"):
        await KeySources([]).key("x", None)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_keys_of_other_kinds_do_not_spoil_a_set(issuers: Issuers) -> None:
    good = document("one", issuers=issuers)["keys"]
    odd: list[Any] = [
        {},
        {"kty": "XYZ"},
        7,
        None,
        {"kty": "RSA", "n": "!"},
        {"kty": []},
    ]
    assert kids(key_set({"keys": [*odd, *good]})) == ["one"]
    assert isinstance(key_set({"keys": good}).keys[0], RSAKey)
