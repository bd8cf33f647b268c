"""APIs as data, with any authorization modes, and what asks them to be let in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from appsync_emulator.auth.authorities import Authorities
from appsync_emulator.auth.caller import Question, Signed, Sources
from appsync_emulator.auth.iam import IamCredential, known_credential
from appsync_emulator.auth.keys import KeySource, KeySources
from appsync_emulator.auth.registry import Gate
from appsync_emulator.clock import ManualClock
from appsync_emulator.model import Api, ApiKey, AuthProvider, AuthType
from appsync_emulator.types import JSON, Origin

HERE = Origin("template.yaml", 1)
NOON = 1_700_000_000
REGION = "us-east-1"
ACCOUNT = "123456789012"


@dataclass
class Asking:
    """A request that asks to be let in."""

    credentials: Mapping[str, str]
    sources: Sources = (None, "127.0.0.1")
    asked: Question = ("{ a }", None, None)
    signed_as: Signed | None = None

    def headers(self) -> Mapping[str, JSON]:
        return dict(self.credentials)

    def signed(self) -> Signed:
        default = Signed("POST", ("/graphql",), "", self.credentials, b"{}")
        return self.signed_as or default

    def question(self) -> Question:
        return self.asked


@dataclass
class Makes:
    """Makes gates; what they share can be set first."""

    clock: ManualClock
    keys: KeySource = field(default_factory=lambda: KeySources([]))
    credentials: dict[str, IamCredential] = field(default_factory=dict)
    lambdas: Any = None

    def know(self, access_key: str, secret: str, **given: Any) -> None:
        made = known_credential(access_key, secret, ACCOUNT, given)
        self.credentials[access_key] = made

    def api(self, providers: list[AuthProvider], **keys: int | None) -> Gate:
        default, *more = providers
        # Keyword names hold no hyphens.
        made = [
            ApiKey(name.replace("_", "-"), expires, HERE)
            for name, expires in keys.items()
        ]
        settings: dict[str, Any] = {"additional_auth": tuple(more)}
        api = Api("a" * 26, "test", HERE, default, api_keys=tuple(made), **settings)
        authorities = Authorities(
            REGION, ACCOUNT, self.keys, self.credentials, self.lambdas
        )
        return Gate(api, self.clock, authorities)

    def __call__(self, *modes: AuthType, **keys: int | None) -> Gate:
        providers = [provider(mode) for mode in modes or ("API_KEY",)]
        return self.api(providers, **keys)


SETTINGS: dict[str, dict[str, Any]] = {
    "AMAZON_COGNITO_USER_POOLS": {"UserPoolId": "us-east-1_pool"},
    "OPENID_CONNECT": {"Issuer": "https://issuer.example.com"},
    "AWS_LAMBDA": {"AuthorizerUri": "authorizer"},
}


def provider(mode: AuthType, **settings: Any) -> AuthProvider:
    """Give a mode with the least settings that it needs, and others."""
    return AuthProvider(mode, HERE, {**SETTINGS.get(mode, {}), **settings})


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands at noon."""
    return ManualClock(NOON)


@pytest.fixture
def gate(clock: ManualClock) -> Callable[..., Gate]:
    """Make the gate of an API: its modes, the default first, and its keys."""
    return Makes(clock)


@pytest.fixture(scope="session")
def _issuers() -> Any:
    from .issuers import Issuers

    return Issuers()


@pytest.fixture
def issuers(_issuers: Any) -> Any:
    """Give issuers whose keys nobody has asked for."""
    _issuers.asked = 0
    return _issuers
