"""Cognito in the process that moto runs in: the template's own pools, clients, groups.

moto gives pools ids of its own making, signs all tokens with one key that everybody
knows, and lets any password through where it is not sent (SRP). So the pools of the
template get their ids, their keys and Cognito's claims here, the rules of their app
clients, and a real SRP; the rest is moto's.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.cognitoidp import models
from moto.cognitoidp.exceptions import (
    InvalidParameterException,
    NotAuthorizedError,
    UserNotFoundError,
)
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.cognitoidp.utils import check_secret_hash

from appsync_emulator.issuer.keys import Signer
from appsync_emulator.issuer.tokens import (
    Holder,
    Use,
    pool_claims,
    role_claims,
    user_id,
    validity,
)
from appsync_emulator.model import UserPool, UserPoolClient
from appsync_emulator.services.cognito_actions import install_actions
from appsync_emulator.services.srp import Challenge
from appsync_emulator.services.user_pools import SigningPool
from appsync_emulator.types import JSON

WRONG = "Incorrect username or password."
FLAGS = ("email_verified", "phone_number_verified")

_OLD_FLOWS = {
    "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "CUSTOM_AUTH_FLOW_ONLY": "ALLOW_CUSTOM_AUTH",
    "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH",
}
_DEFAULT_FLOWS = (
    *("ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH"),
    "ALLOW_USER_SRP_AUTH",
)
"""What a client without ExplicitAuthFlows may do (CreateUserPoolClient)."""

_LEAST_PASSWORD = {
    "MinimumLength": 8,
    **dict.fromkeys(
        ("RequireLowercase", "RequireNumbers", "RequireSymbols", "RequireUppercase"),
        False,
    ),
}
"""What a PasswordPolicy says by saying nothing (PasswordPolicyType)."""

_WITH_SECRET = (
    "sign_up",
    "confirm_sign_up",
    "forgot_password",
    "confirm_forgot_password",
)
"""What moto answers without a look at SecretHash."""

_CHALLENGES_KEPT = 1_024


class Pools:
    """The template's pools by id, and what moto asks of them.

    Attributes:
        challenges: of SRP, by `SECRET_BLOCK`; the oldest are forgotten.
    """

    def __init__(self, pools: Iterable[SigningPool]) -> None:
        self.models: dict[str, UserPool] = {}
        self.signers: dict[str, Signer] = {}
        self.challenges: dict[str, Challenge] = {}
        self._signed_in: dict[str, int] = {}
        for one in pools:
            self.models[one.pool.id] = one.pool
            self.signers[one.pool.id] = Signer(one.key)

    def client(self, client_id: str) -> tuple[UserPool, UserPoolClient] | None:
        """Give a client and its pool; None for one that is not the template's."""
        for pool in self.models.values():
            for client in pool.clients:
                if client.id == client_id:
                    return pool, client
        return None

    def token(
        self, pool: Any, client_id: str, user: Any, use: Use, extra: Mapping[str, Any]
    ) -> tuple[str, int]:
        """Give a token for a user of moto's, and the seconds for which it holds."""
        model = self.models[pool.id]
        rank = {
            one.name: (one.precedence is None, one.precedence) for one in model.groups
        }
        names = {group.group_name for group in user.groups}
        groups = sorted(names, key=lambda name: (rank.get(name, (True, None)), name))
        client = next((one for one in model.clients if one.id == client_id), None)
        holder = Holder(user.username, user.id, groups, _attributes(user, client))
        origin = str(extra["origin_jti"])
        claims = pool_claims(
            model.issuer, holder, client=client_id, use=use, origin=origin
        )
        if use == "id":
            claims |= role_claims(model, groups)
        now = int(time.time())
        lasts = validity(model, client_id, use)
        since = self._signed_in.setdefault(origin, now)
        times: dict[str, JSON] = {"auth_time": since, "exp": now + lasts, "iat": now}
        return self.signers[pool.id].sign({**claims, **times}), lasts

    def challenge(self, pool: Any, user: Any, client_public: str) -> Challenge:
        """Give an SRP challenge to a user of moto's."""
        try:
            made = Challenge.make(
                pool.id.partition("_")[2], user.username, user.password, client_public
            )
        except ValueError as error:
            raise InvalidParameterException(str(error)) from None
        if len(self.challenges) >= _CHALLENGES_KEPT:
            del self.challenges[next(iter(self.challenges))]
        self.challenges[made.block] = made
        return made


def _attributes(user: Any, client: UserPoolClient | None) -> dict[str, JSON]:
    """Give the attributes that an ID token tells, with their types."""
    readable = None if client is None else client.readable
    found: dict[str, JSON] = {}
    for one in user.attributes:
        name, value = one["Name"], one["Value"]
        if readable is not None and name not in readable:
            continue
        if name in FLAGS:
            value = str(value).lower() == "true"
        elif name == "address":
            value = {"formatted": value}
        elif name == "updated_at" and str(value).isdecimal():
            value = int(value)
        found[name] = value
    return found


def install(pools: Iterable[SigningPool], account: str, region: str) -> None:
    """Make the template's pools in moto, and let it work by their rules."""
    os.environ["MOTO_COGNITO_IDP_USER_POOL_ENABLE_TOTP"] = "true"
    kept = Pools(pools)
    _install_tokens(kept)
    _install_users(kept)
    _install_sign_in(kept)
    install_actions()
    backend = models.cognitoidp_backends[account][region]
    for pool in kept.models.values():
        _make(backend, pool)


def _make(backend: Any, pool: UserPool) -> None:
    settings = dict(pool.settings)
    mfas = settings.pop("EnabledMfas", [])
    if "Policies" in settings:
        given = settings["Policies"].get("PasswordPolicy") or {}
        policy = {**_LEAST_PASSWORD, **given}
        settings["Policies"] = {**settings["Policies"], "PasswordPolicy": policy}
    made = backend.create_user_pool(pool.name, settings)
    del backend.user_pools[made.id]
    made.id, made.arn = pool.id, pool.arn
    backend.user_pools[pool.id] = made
    if "SOFTWARE_TOKEN_MFA" in mfas:
        made.token_mfa_config = {"Enabled": True}
    if "SMS_MFA" in mfas:
        made.sms_mfa_config = {"SmsConfiguration": {}}
    for client in pool.clients:
        about: dict[str, Any] = {"ClientName": client.name}
        if client.flows:
            about["ExplicitAuthFlows"] = list(client.flows)
        if client.readable is not None:
            about["ReadAttributes"] = list(client.readable)
        one = models.CognitoIdpUserPoolClient(pool.id, client.secret is not None, about)
        one.id, one.secret = client.id, client.secret or one.secret
        made.clients[client.id] = one
    for group in pool.groups:
        backend.create_group(pool.id, group.name, "", group.role, group.precedence)


def _wrap(owner: Any, name: str) -> Callable[[Callable[..., Any]], None]:
    """Put a function in the place of a method; it gets the method first."""
    before = getattr(owner, name)

    def replace(function: Callable[..., Any]) -> None:
        setattr(owner, name, lambda *given, **named: function(before, *given, **named))

    return replace


def _install_tokens(kept: Pools) -> None:
    @_wrap(models.CognitoIdpUserPool, "create_jwt")
    def create_jwt(  # noqa: PLR0917 -- moto calls it so
        before: Any,
        pool: Any,
        client_id: str,
        username: str,
        token_use: Use,
        expires_in: int = 3_600,
        extra_data: Mapping[str, Any] | None = None,
    ) -> tuple[str, int]:
        extra = extra_data or {}
        if pool.id not in kept.models:
            made: tuple[str, int] = before(
                pool, client_id, username, token_use, expires_in, extra_data
            )
            return made
        user = pool._get_user(username)  # noqa: SLF001 -- moto has no other way
        return kept.token(pool, client_id, user, token_use, extra)


def _install_users(kept: Pools) -> None:
    @_wrap(models.CognitoIdpUser, "__init__")
    def begin(before: Any, user: Any, *given: Any, **named: Any) -> None:
        before(user, *given, **named)
        if user.user_pool_id not in kept.models:
            return
        # The `sub` that `appsync-emulator token` gives, so that what belongs to a user
        # in a database does so after both ways to sign in, and after a restart.
        made_up = user.username == user.id
        known = user.attribute_lookup
        name = known.get("email") or known.get("phone_number") or user.id
        user.id = user_id(user.user_pool_id, name if made_up else user.username)
        if made_up:
            user.username = user.id
        user.update_attributes([{"Name": "sub", "Value": user.id}])

    for action in _WITH_SECRET:
        _ask_for_secret(kept, action)

    @_wrap(models.CognitoIdpBackend, "sign_up")
    def sign_up(
        before: Any, backend: Any, client_id: str, *given: Any, **named: Any
    ) -> Any:
        found = kept.client(client_id)
        rules = found[0].settings.get("AdminCreateUserConfig") if found else None
        if rules and rules.get("AllowAdminCreateUserOnly"):
            raise NotAuthorizedError("SignUp is not permitted for this user pool")
        return before(backend, client_id, *given, **named)


def _ask_for_secret(kept: Pools, action: str) -> None:
    """Let an action without signature prove that it comes from the app client."""

    @_wrap(CognitoIdpResponse, action)
    def answer(before: Any, response: Any) -> Any:
        asked = response.parameters
        found = kept.client(str(asked.get("ClientId")))
        if found is not None:
            name = str(asked.get("Username"))
            _check_secret(found[1], name, asked.get("SecretHash"))
        return before(response)


def _check_secret(client: UserPoolClient, username: str, given: str | None) -> None:
    if client.secret is None:
        return
    if given is None:
        raise NotAuthorizedError(
            f"Client {client.id} is configured with secret but SECRET_HASH was not "
            "received"
        )
    if not check_secret_hash(client.secret, client.id, username, given):
        raise NotAuthorizedError(f"Unable to verify secret hash for client {client.id}")


def _install_sign_in(kept: Pools) -> None:
    @_wrap(models.CognitoIdpBackend, "initiate_auth")
    def initiate_auth(
        before: Any, backend: Any, client_id: str, auth_flow: str, parameters: Any
    ) -> Any:
        found = kept.client(client_id)
        if found is None:
            return before(backend, client_id, auth_flow, parameters)
        pool, client = found
        _check_flow(client, auth_flow)
        if not auth_flow.startswith("REFRESH_TOKEN"):
            name = str(parameters.get("USERNAME"))
            _check_secret(client, name, parameters.get("SECRET_HASH"))
        try:
            answer = before(backend, client_id, auth_flow, parameters)
        except UserNotFoundError:
            if client.hides_users:
                raise NotAuthorizedError(WRONG) from None
            raise
        if answer.get("ChallengeName") == "PASSWORD_VERIFIER":
            _challenge(kept, backend, backend.user_pools[pool.id], answer, parameters)
        return answer

    @_wrap(models.CognitoIdpBackend, "respond_to_auth_challenge")
    def respond(  # noqa: PLR0917 -- moto calls it so
        before: Any, backend: Any, session: Any, client_id: str, name: str, given: Any
    ) -> Any:
        if name == "PASSWORD_VERIFIER" and kept.client(client_id) is not None:
            block = str(given.get("PASSWORD_CLAIM_SECRET_BLOCK"))
            challenge = kept.challenges.pop(block, None)
            signature = str(given.get("PASSWORD_CLAIM_SIGNATURE"))
            timestamp = str(given.get("TIMESTAMP"))
            if challenge is None or not challenge.is_answered_by(signature, timestamp):
                raise NotAuthorizedError(WRONG)
        return before(backend, session, client_id, name, given)


def _check_flow(client: UserPoolClient, flow: str) -> None:
    """Refuse a way to sign in that the app client does not allow."""
    allowed = {_OLD_FLOWS.get(one, one) for one in client.flows or _DEFAULT_FLOWS}
    if client.flows and not any(one.startswith("ALLOW_") for one in client.flows):
        # The older values name only what is added to SRP and refreshing.
        allowed |= {"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"}
    name = "REFRESH_TOKEN_AUTH" if flow == "REFRESH_TOKEN" else flow
    if f"ALLOW_{name}" not in allowed:
        raise InvalidParameterException(f"{name} flow not enabled for this client")


def _challenge(
    kept: Pools, backend: Any, pool: Any, answer: Any, parameters: Mapping[str, str]
) -> None:
    """Put a real challenge in the place of moto's."""
    session = answer.pop("Session")
    username = parameters["USERNAME"]
    user = backend.admin_get_user(pool.id, username)
    made = kept.challenge(pool, user, parameters["SRP_A"])
    backend.sessions[made.block] = backend.sessions.pop(session)
    answer["ChallengeParameters"] = {
        "SALT": f"{made.salt:x}",
        "SRP_B": f"{made.public:x}",
        "USERNAME": user.username,
        "USER_ID_FOR_SRP": user.username,
        "SECRET_BLOCK": made.block,
    }
