"""Which issuer and client a token is for when little is said."""

import re
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.issuer.choice import Choice, choose
from appsync_emulator.issuer.issuers import issuers_of
from appsync_emulator.issuer.keys import LocalKeys
from appsync_emulator.model import Application, AuthProvider

from .conftest import POOL_ID, application, openid_mode, pool_mode, provider

pytestmark = pytest.mark.ours("how tokens are asked for is our own choice")
LOGIN = "https://login.example.com"


def chosen(
    *modes: AuthProvider, app: Application | None = None, **about: Any
) -> Choice:
    app = app or application(*modes)
    keys = LocalKeys(issuers_of(app, "", about.pop("local", ())), Path("unused"))
    return choose(app, keys, **about)


def test_the_first_client_of_the_apis_pool_is_taken() -> None:
    found = chosen(provider("API_KEY"), pool_mode())
    assert found.api is not None
    assert (found.api.name, found.issuer.name, found.client) == ("chat", POOL_ID, "web")


def test_a_client_that_the_api_lets_in_is_taken() -> None:
    assert chosen(pool_mode(AppIdClientRegex="ph.*")).client == "phone"


@pytest.mark.parametrize("given", ["phone", "Phone"])
def test_a_client_can_be_named_by_id_and_by_name(given: str) -> None:
    assert chosen(pool_mode(), client=given).client == "phone"


def test_the_default_mode_comes_first() -> None:
    modes = (openid_mode(LOGIN), pool_mode())
    assert chosen(*modes, local=[LOGIN]).issuer.url == LOGIN
    assert chosen(*modes).issuer.name == POOL_ID


@pytest.mark.parametrize("name", [POOL_ID, "people", "login.example.com", LOGIN + "/"])
def test_an_issuer_can_be_named(name: str) -> None:
    found = chosen(pool_mode(), openid_mode(LOGIN), issuer=name, local=[LOGIN])
    assert found.issuer.is_pool == (name in (POOL_ID, "people"))


def test_an_issuer_that_no_api_trusts_can_be_named() -> None:
    found = chosen(provider("API_KEY"), issuer="people")
    assert (found.api, found.issuer.name) == (None, POOL_ID)


def test_the_client_id_of_an_openid_mode_is_taken_when_it_is_one() -> None:
    found = chosen(openid_mode(LOGIN, ClientId="my-app"), local=[LOGIN])
    assert found.client == "my-app"


def test_a_client_is_made_up_where_any_will_do() -> None:
    found = chosen(openid_mode(LOGIN), local=[LOGIN])
    assert re.fullmatch("[a-z][a-z0-9]{25}", found.client)
    assert found.client == chosen(openid_mode(LOGIN), local=[LOGIN]).client


@pytest.mark.parametrize(
    ("modes", "about", "words"),
    [
        ([provider("API_KEY")], {}, "No issuer is trusted by 'chat'"),
        ([openid_mode(LOGIN)], {}, f"--local-issuer {LOGIN} lets"),
        ([pool_mode()], {"api": "shop"}, "no API 'shop'; there is: chat"),
        (
            [pool_mode()],
            {"issuer": "x"},
            f"no local issuer 'x' for it; there is: {POOL_ID}",
        ),
        ([pool_mode()], {"issuer": "x", "api": "chat"}, "no local issuer 'x'"),
        (
            [openid_mode(LOGIN, ClientId="one|two")],
            {"local": [LOGIN]},
            "match 'one|two': name one with --client",
        ),
        (
            [openid_mode(LOGIN, ClientId="(")],
            {"local": [LOGIN]},
            "name one with --client",
        ),
    ],
)
def test_what_cannot_be_chosen_is_told(
    modes: list[AuthProvider], about: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        chosen(*modes, **about)
