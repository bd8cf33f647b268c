"""User pools on their way into the process that moto runs in."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from appsync_emulator.issuer.keys import LocalKeys
from appsync_emulator.model import (
    UserPool,
    UserPoolClient,
    UserPoolGroup,
)
from appsync_emulator.types import JSON, Origin


@dataclass(frozen=True, slots=True)
class SigningPool:
    """A user pool, and what its tokens are signed with.

    Attributes:
        key: private JWK.
    """

    pool: UserPool
    key: Mapping[str, Any]

    def as_json(self) -> JSON:
        """Give it as JSON, for another process; never for a log."""
        return {"pool": asdict(self.pool), "key": dict(self.key)}


def signing_pools(pools: Iterable[UserPool], keys: LocalKeys) -> list[SigningPool]:
    """Give pools with their keys, which are made when there are none yet."""
    return [SigningPool(pool, keys.private(pool.issuer)) for pool in pools]


def read_pools(given: list[Any]) -> list[SigningPool]:
    """Give the pools that `as_json` was taken of."""
    return [SigningPool(_pool(one["pool"]), one["key"]) for one in given]


def _pool(given: dict[str, Any]) -> UserPool:
    return UserPool(
        **{
            **given,
            "origin": Origin(**given["origin"]),
            "clients": tuple(_client(one) for one in given["clients"]),
            "groups": tuple(
                UserPoolGroup(**{**one, "origin": Origin(**one["origin"])})
                for one in given["groups"]
            ),
        }
    )


def _client(given: dict[str, Any]) -> UserPoolClient:
    readable = given["readable"]
    return UserPoolClient(
        **{
            **given,
            "origin": Origin(**given["origin"]),
            "flows": tuple(given["flows"]),
            "readable": None if readable is None else tuple(readable),
        }
    )
