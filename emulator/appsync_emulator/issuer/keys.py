"""The keys that tokens of local issuers are signed with, kept across runs.

In `<data folder>/issuer`, readable by the user only, one file for each issuer: a
private RSA key as a JWK. So tokens outlive a restart, and a token of one issuer is
never good for another, as on AWS.
"""

import hashlib
import json
import logging
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from appsync_emulator.errors import EmulatorError
from appsync_emulator.issuer.issuers import Issuer, same
from appsync_emulator.types import JSON

log = logging.getLogger(__name__)

ALGORITHM = "RS256"
"""What Cognito signs with, and what every OpenID Connect client understands."""

_BITS = 2_048


class LocalKeys:
    """The keys of local issuers, each made when it is first needed.

    Args:
        issuers: whose place the emulator takes.
        folder: the emulator's data folder.
        lasting: whether a key must be kept; if not, one that cannot be lasts as long as
            this object.

    Attributes:
        issuers: as given.
    """

    def __init__(
        self, issuers: Iterable[Issuer], folder: Path, *, lasting: bool = False
    ) -> None:
        self.issuers = tuple(issuers)
        self._by_url = {same(one.url): one for one in self.issuers}
        self._folder = folder / "issuer"
        self._lasting = lasting
        self._private: dict[str, Mapping[str, Any]] = {}
        self._public: dict[str, dict[str, JSON]] = {}
        self._signing: dict[str, Any] = {}

    def find(self, name: str) -> Issuer | None:
        """Give the issuer of a name, None when there is none."""
        return next((one for one in self.issuers if one.name == name), None)

    def has(self, issuer: str) -> bool:
        """Tell whether an issuer is one of these."""
        return same(issuer) in self._by_url

    def jwks(self, issuer: str) -> dict[str, JSON] | None:
        """Give the public keys of an issuer as a JWK set; None for a foreign issuer.

        Raises:
            EmulatorError: they have to be kept and cannot be (E106).
        """
        url = same(issuer)
        if url not in self._by_url:
            return None
        if url not in self._public:
            private = self.private(url)
            about = {"use": "sig", "alg": ALGORITHM, "kid": private["kid"]}
            key = {name: private[name] for name in ("kty", "n", "e")}
            self._public[url] = {"keys": [{**key, **about}]}
        return self._public[url]

    def private(self, issuer: str) -> Mapping[str, Any]:
        """Give the private key of an issuer as a JWK with a `kid`.

        Raises:
            LookupError: the issuer is foreign.
            EmulatorError: it has to be kept and cannot be (E106).
        """
        url = same(issuer)
        if url not in self._by_url:
            raise LookupError(issuer)
        if url not in self._private:
            self._private[url] = self._load(url)
        return self._private[url]

    def sign(self, issuer: str, claims: Mapping[str, JSON]) -> str:
        """Give a token with these claims.

        Raises:
            LookupError: the issuer is foreign.
            EmulatorError: its key has to be kept and cannot be (E106).
        """
        url = same(issuer)
        if url not in self._signing:
            self._signing[url] = Signer(self.private(url))
        signer: Signer = self._signing[url]
        return signer.sign(claims)

    def _load(self, url: str) -> Mapping[str, Any]:
        digest = hashlib.sha256(url.encode()).hexdigest()
        path = self._folder / f"{digest[:32]}.json"
        try:
            return _read(path) or _make(path)
        except OSError as error:
            problem = EmulatorError(
                "E106",
                f"The key of {url} cannot be kept in {self._folder}: {error}. Choose "
                "another folder with --data-dir.",
            )
        if self._lasting:
            raise problem
        log.warning("%s Its tokens are good for this run only.", problem)
        return _new_key()


class Signer:
    """Signs with one private key, which is imported once."""

    def __init__(self, private: Mapping[str, Any]) -> None:
        # Imported here: a tenth of a second that only who signs has to pay.
        from joserfc.jwk import RSAKey  # noqa: PLC0415
        from joserfc.jws import serialize_compact  # noqa: PLC0415

        self._serialize = serialize_compact
        self._key = RSAKey.import_key(dict(private))
        self._kid = private["kid"]

    def sign(self, claims: Mapping[str, JSON]) -> str:
        """Give a token; its header has `kid` and `alg` and no more, as Cognito's."""
        header = {"kid": self._kid, "alg": ALGORITHM}
        payload = json.dumps(claims, separators=(",", ":"))
        return self._serialize(header, payload, self._key)


def _new_key() -> Mapping[str, Any]:
    # Imported here: only who has no key yet has to pay for it.
    from joserfc.jwk import RSAKey  # noqa: PLC0415

    key = RSAKey.generate_key(_BITS)
    return {**key.as_dict(private=True), "kid": key.thumbprint()}


def _read(path: Path) -> Mapping[str, Any] | None:
    """Give the key in a file; None when there is none, or it is damaged."""
    try:
        key = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        key = None
    if isinstance(key, dict) and {"kty", "n", "e", "d", "kid"} <= key.keys():
        return key
    log.warning("%s is damaged: tokens of before are no longer good", path)
    path.unlink()
    return None


def _make(path: Path) -> Mapping[str, Any]:
    """Make a key and its file, unless another process was faster: then give its key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    key = _new_key()
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(key, file)
        try:
            os.link(temporary, path)
        except FileExistsError:
            return _read(path) or key
    finally:
        temporary.unlink(missing_ok=True)
    return key
