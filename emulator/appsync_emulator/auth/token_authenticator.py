"""Tokens: of which user pool or OpenID provider each is, and whether it holds."""

from collections.abc import Collection, Sequence
from typing import Protocol

from appsync_emulator.auth.admitted import Admitted
from appsync_emulator.auth.caller import (
    UNUSABLE,
    AccessDenied,
    Admission,
    AuthRequest,
    Caller,
    Sources,
)
from appsync_emulator.auth.keys import KeySource, UnknownIssuer, plain
from appsync_emulator.auth.tokens import (
    NOT_TRUSTED,
    UNPARSABLE_TOKEN,
    Token,
    check_signature,
    read_token,
)
from appsync_emulator.clock import Clock


class Issuer(Protocol):
    """A user pool or an OpenID provider of an API."""

    @property
    def issuer(self) -> str:
        """The `iss` of its tokens."""
        ...

    @property
    def algorithms(self) -> tuple[str, ...]:
        """Those that its tokens may be signed with."""
        ...

    def check(self, token: Token, now: float) -> float:
        """Hold the claims against the settings; tell until when the token is good.

        Raises:
            AccessDenied: they do not fit.
        """
        ...

    def caller(self, token: Token, sources: Sources) -> Caller:
        """Give the user of a token that was checked."""
        ...


class TokenAuthenticator:
    """Lets in whoever has a token of one of an API's issuers.

    A token that was good is not looked at again before it ends.

    Args:
        issuers: of the API.
        keys: of the issuers.
        clock: for the times of tokens.
        any_issuer: whether the only issuer takes tokens that name another one, as
            AppSync does where OPENID_CONNECT is the only mode (developer guide).
        unverified: issuers whose signatures are not looked at, because the user said
            so; in the form of `plain`.
    """

    def __init__(
        self,
        issuers: Sequence[Issuer],
        keys: KeySource,
        clock: Clock,
        *,
        any_issuer: bool = False,
        unverified: Collection[str] = (),
    ) -> None:
        self._issuers = {plain(one.issuer): one for one in issuers}
        self._any = issuers[0] if any_issuer else None
        self._keys = keys
        self._unverified = frozenset(unverified)
        self._clock = clock
        self._admitted: Admitted[Caller] = Admitted()

    def authenticate(self, request: AuthRequest) -> Admission:
        """Give the caller at once when the token is known, else after a look at it.

        Raises:
            AccessDenied: the token is of no issuer of the API, or ill formed.
        """
        text = request.credentials["authorization"]
        sources = request.sources
        known = self._admitted.get((text, sources), self._clock.now())
        if known is not None:
            return known
        token = read_token(text)
        if token is None:
            raise AccessDenied(UNPARSABLE_TOKEN, reason="the token is no JWT")
        issuer = self._any or self._issuers.get(plain(token.issuer))
        if issuer is None:
            reason = f"no mode of the API has the token's issuer, {token.issuer!r}"
            raise AccessDenied(UNUSABLE, reason=reason)
        return self._verify(issuer, token, text, sources)

    async def _verify(
        self, issuer: Issuer, token: Token, text: str, sources: Sources
    ) -> Caller:
        if plain(issuer.issuer) not in self._unverified:
            await self._check_signature(issuer, token)
        until = issuer.check(token, self._clock.now())
        caller = issuer.caller(token, sources)
        self._admitted.put((text, sources), caller, until)
        return caller

    async def _check_signature(self, issuer: Issuer, token: Token) -> None:
        try:
            keys = await self._keys.key(issuer.issuer, token.key_id)
        except UnknownIssuer as unknown:
            raise AccessDenied(NOT_TRUSTED, reason=str(unknown)) from None
        check_signature(token, keys, issuer.algorithms)
