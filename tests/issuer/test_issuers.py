"""Whose place the emulator takes."""

import pytest

from appsync_emulator.issuer.issuers import issuer_url, issuers_of

from .conftest import (
    BASE,
    POOL_ID,
    POOL_URL,
    application,
    openid_mode,
    pool_mode,
    provider,
)

pytestmark = pytest.mark.ours("whose place the emulator takes is our own choice")
FOREIGN = "https://login.example.com/realms/shop"


def urls(*modes: object, local: tuple[str, ...] = (), **about: object) -> list[str]:
    found = issuers_of(application(*modes, **about), BASE, local)  # type: ignore[arg-type]
    return [one.url for one in found]


def test_a_user_pool_of_the_template_is_local() -> None:
    (found,) = issuers_of(application(pool_mode()))
    assert (found.url, found.name, found.is_pool) == (POOL_URL, POOL_ID, True)
    assert found.pool is not None


def test_a_pool_that_only_the_account_has_is_foreign() -> None:
    assert urls(pool_mode(), pools={}) == []


def test_the_user_can_make_a_foreign_pool_local() -> None:
    (found,) = issuers_of(application(pool_mode(), pools={}), BASE, [POOL_URL])
    assert (found.name, found.is_pool, found.pool) == (POOL_ID, True, None)


def test_an_openid_issuer_is_foreign_until_the_user_says_so() -> None:
    assert urls(openid_mode(FOREIGN), pools={}) == []
    assert urls(openid_mode(FOREIGN), pools={}, local=(FOREIGN,)) == [FOREIGN]


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_template_decides_about_the_slash_at_the_end(slash: str) -> None:
    written = FOREIGN + slash
    for local in (FOREIGN, FOREIGN + "/"):
        assert urls(openid_mode(written), pools={}, local=(local,)) == [written]


def test_an_issuer_at_the_emulator_itself_is_local() -> None:
    own = f"{BASE}/_emulator/issuer/shop"
    (found,) = issuers_of(application(openid_mode(own), pools={}), BASE)
    assert (found.url, found.name, found.is_pool) == (own, "shop", False)
    assert not issuers_of(application(openid_mode(own), pools={}))


def test_an_issuer_that_no_api_trusts_is_local_when_the_user_says_so() -> None:
    (found,) = issuers_of(
        application(openid_mode(FOREIGN), pools={}), BASE, ["http://x:1"]
    )
    assert (found.url, found.name) == ("http://x:1", "x-1")


def test_the_name_of_a_foreign_issuer_is_one_part_of_a_path() -> None:
    (found,) = issuers_of(application(openid_mode(FOREIGN), pools={}), BASE, [FOREIGN])
    assert found.name == "login.example.com-realms-shop"


@pytest.mark.aws_doc("Cognito developer guide, Verifying JSON web tokens: the issuer")
@pytest.mark.parametrize(
    ("region", "pool", "url"),
    [
        ("eu-west-1", "eu-west-1_aB3", "https://cognito-idp.eu-west-1.amazonaws.com/"),
        ("", "us-east-1_aB3", "https://cognito-idp.us-east-1.amazonaws.com/"),
        (
            "cn-north-1",
            "cn-north-1_a",
            "https://cognito-idp.cn-north-1.amazonaws.com.cn/",
        ),
    ],
)
def test_the_issuer_of_a_pool_is_cognito_in_its_region(
    region: str, pool: str, url: str
) -> None:
    assert issuer_url(pool_mode(UserPoolId=pool, AwsRegion=region)) == url + pool


def test_modes_without_tokens_have_no_issuer() -> None:
    assert issuer_url(provider("API_KEY")) is None
