"""Where the keys of token issuers come from: files, the web, the emulator itself."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import orjson

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

log = logging.getLogger(__name__)

DISCOVERY = "/.well-known/openid-configuration"
FETCH_SECONDS = 5.0
DOCUMENT_LIMIT = 1024 * 1024
"""Bytes of a document of an issuer; a set of keys has a few thousand."""

FRESH_SECONDS = 3600.0
"""How long keys are kept."""

AGAIN_SECONDS = 10.0
"""How soon they are asked for again when a token names a key that is not there."""

KEPT_ISSUERS = 64


class UnknownIssuer(Exception):
    """There are no keys of the issuer here, in a sentence for the log."""


class KeySource(Protocol):
    """Knows keys of issuers."""

    async def key(self, issuer: str, kid: str | None) -> "KeySet":
        """Give the keys of an issuer.

        Args:
            issuer: the `iss` of its tokens, or the URL under which it is configured.
            kid: the key that is looked for; a source that keeps keys asks for them
                again when it is not among them.

        Raises:
            UnknownIssuer: the next source is to be asked.
        """
        ...


class KeySources:
    """Several sources, asked one after the other."""

    def __init__(self, sources: Sequence[KeySource]) -> None:
        self._sources = tuple(sources)

    async def key(self, issuer: str, kid: str | None) -> "KeySet":
        """Give the keys of the first source that has them.

        Raises:
            UnknownIssuer: none has, for the reason that the last one gives.
        """
        reason = UnknownIssuer(f"there are no keys for {issuer}")
        for source in self._sources:
            try:
                return await source.key(issuer, kid)
            except UnknownIssuer as unknown:
                reason = unknown
        raise reason


class GivenKeys:
    """The keys that somebody in this process has.

    Args:
        jwks: gives the JWKS document of an issuer, None for a foreign one.
    """

    def __init__(self, jwks: Callable[[str], Mapping[str, Any] | None]) -> None:
        self._jwks = jwks
        self._made: dict[str, KeySet] = {}

    async def key(self, issuer: str, kid: str | None) -> "KeySet":  # noqa: ARG002 -- all are there
        """Give the keys.

        Raises:
            UnknownIssuer: the issuer is foreign.
        """
        known = self._made.get(issuer)
        if known is None:
            document = self._jwks(issuer)
            if document is None:
                raise UnknownIssuer(f"{issuer} is no issuer of the emulator's own")
            known = self._made[issuer] = key_set(document)
        return known


class NamedKeys:
    """The keys that `--jwks ISSUER=FILE_OR_URL` names.

    A file is read again when it has changed.

    Args:
        places: by issuer.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = {plain(issuer): place for issuer, place in places.items()}
        self._urls = FetchedKeys(self._places.__getitem__)
        self._files: dict[str, tuple[int, KeySet]] = {}

    async def key(self, issuer: str, kid: str | None) -> "KeySet":
        """Give the keys of a file or behind a URL.

        Raises:
            UnknownIssuer: there is no setting for the issuer, or its file has no keys.
        """
        place = self._places.get(plain(issuer))
        if place is None:
            raise UnknownIssuer(f"no --jwks is given for {issuer}")
        if place.startswith(("http://", "https://")):
            return await self._urls.key(plain(issuer), kid)
        return self._file(Path(place))

    def _file(self, path: Path) -> "KeySet":
        try:
            changed = path.stat().st_mtime_ns
            known = self._files.get(str(path))
            if known is None or known[0] != changed:
                known = changed, key_set(orjson.loads(path.read_bytes()))
                self._files[str(path)] = known
        except (OSError, ValueError) as error:
            raise UnknownIssuer(f"{path} has no key set: {error}") from None
        return known[1]


class DiscoveredKeys:
    """The keys that issuers publish (OpenID Connect Discovery 1.0).

    AppSync looks for `<issuer>/.well-known/openid-configuration`, and there for
    `jwks_uri` (developer guide, OPENID_CONNECT authorization).
    """

    def __init__(self) -> None:
        self._fetched = FetchedKeys(None)

    async def key(self, issuer: str, kid: str | None) -> "KeySet":
        """Give the keys, from the network unless they are fresh.

        Raises:
            UnknownIssuer: they cannot be had.
        """
        if not issuer.startswith(("https://", "http://")):
            raise UnknownIssuer(f"{issuer} is no URL")
        return await self._fetched.key(issuer, kid)


class FetchedKeys:
    """Keys behind URLs, kept for a while.

    Args:
        place: gives the URL of an issuer's keys; None to discover it.
    """

    def __init__(self, place: Callable[[str], str] | None) -> None:
        self._place = place
        self._kept: dict[str, tuple[float, KeySet | UnknownIssuer]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def key(self, issuer: str, kid: str | None) -> "KeySet":
        """Give the keys of an issuer.

        Raises:
            UnknownIssuer: they cannot be had.
        """
        lock = self._locks.setdefault(issuer, asyncio.Lock())
        async with lock:
            found = self._known(issuer, kid)
            if found is None:
                found = await self._fetch(issuer)
                self._keep(issuer, found)
        if isinstance(found, UnknownIssuer):
            raise found
        return found

    def _known(self, issuer: str, kid: str | None) -> "KeySet | UnknownIssuer | None":
        kept = self._kept.get(issuer)
        if kept is None:
            return None
        age = asyncio.get_running_loop().time() - kept[0]
        found = kept[1]
        wanted = not isinstance(found, UnknownIssuer) and (
            kid is None or any(one.kid == kid for one in found.keys)
        )
        return found if age < (FRESH_SECONDS if wanted else AGAIN_SECONDS) else None

    def _keep(self, issuer: str, found: "KeySet | UnknownIssuer") -> None:
        if len(self._kept) >= KEPT_ISSUERS:
            self._kept.clear()
            self._locks.clear()
        self._kept[issuer] = asyncio.get_running_loop().time(), found

    async def _fetch(self, issuer: str) -> "KeySet | UnknownIssuer":
        # Imported when the first token comes that needs it.
        import httpx  # noqa: PLC0415

        try:
            async with httpx.AsyncClient(timeout=FETCH_SECONDS) as client:
                if self._place is not None:
                    url = self._place(issuer)
                else:
                    document = await _get(client, issuer.rstrip("/") + DISCOVERY)
                    url = str(document["jwks_uri"])
                return key_set(await _get(client, url))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, LookupError) as error:
            reason = f"{type(error).__name__} {error}".rstrip()
        except (TypeError, ValueError) as error:
            reason = str(error)
        log.warning(
            "The keys of %s cannot be had: %s. --jwks %s=FILE names them offline.",
            issuer,
            reason,
            issuer,
        )
        return UnknownIssuer(f"the keys of {issuer} cannot be had")


async def _get(client: Any, url: str) -> Any:
    """Give a JSON document.

    Raises:
        ValueError: it is too large, or no JSON.
    """
    async with client.stream("GET", url) as response:
        response.raise_for_status()
        body = b""
        async for part in response.aiter_bytes():
            body += part
            if len(body) > DOCUMENT_LIMIT:
                raise ValueError(f"{url} is larger than {DOCUMENT_LIMIT} bytes")
    return orjson.loads(body)


def key_set(document: Any) -> "KeySet":
    """Make the keys of a JWKS document; keys of unknown kinds are left out.

    Raises:
        ValueError: it is no JWKS document.
    """
    # joserfc brings cryptography, 30 MB that most runs do not need.
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import JWKRegistry, KeySet  # noqa: PLC0415

    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("it has no list `keys`")  # noqa: TRY004 -- of its content
    keys = []
    for one in listed:
        try:
            keys.append(JWKRegistry.import_key(one))
        except (JoseError, ValueError, TypeError, LookupError, AttributeError):
            log.debug("a key of a kind that no token is checked by is left out")
    return KeySet(keys)


def plain(issuer: str) -> str:
    """Give an issuer in the form in which two of them are compared.

    A slash at the end does not count (observed: amplify-cli #6463, where AppSync takes
    either).
    """
    return issuer.rstrip("/")
