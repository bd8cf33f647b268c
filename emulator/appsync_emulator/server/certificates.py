"""A local certificate authority and the server's certificate, kept across runs.

In `<data folder>/tls`, readable by the user only:

    ca.pem       the CA's certificate: what clients are told to trust
    ca-key.pem   the CA's certificate and key; `ca.pem` is made from it
    server.pem   the server's certificate and key
    server.json  names and end of `server.pem`; written last, so it vouches for the rest

Looking at `server.json` is all that a later start does; `trustme` and `cryptography`
are imported only when something has to be made.
"""

import fcntl
import json
import logging
import os
import secrets
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from appsync_emulator.errors import EmulatorError

log = logging.getLogger(__name__)

_DAY = 24 * 60 * 60
_VALID = 365 * _DAY
"""Lifetime of the server's certificate: Apple's systems refuse more than 825 days even
below a CA that the user trusts."""

_RENEW = 30 * _DAY
_LOCK_TIME = 20.0


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where the certificates are.

    Attributes:
        ca: the file that clients must trust, such as in `NODE_EXTRA_CA_CERTS`.
        server: certificate and key of the server.
    """

    ca: Path
    server: Path

    def context(self) -> ssl.SSLContext:
        """Make the context for TLS connections; costs a millisecond or two."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server)
        context.set_alpn_protocols(["http/1.1"])
        return context


def server_names(region: str, extra: Iterable[str] = ()) -> tuple[str, ...]:
    """Give the names for the server's certificate.

    A wildcard stands for one label only, hence the two with the region: they are
    AppSync's own host names below `localhost`. Go and Java accept `*.localhost`;
    OpenSSL and Node want two labels behind the star.

    Args:
        region: as in the API's URLs.
        extra: what the user adds.
    """
    names = (
        "localhost",
        "*.localhost",
        f"*.appsync-api.{region}.localhost",
        f"*.appsync-realtime-api.{region}.localhost",
        "127.0.0.1",
        "::1",
        socket.gethostname(),
        *extra,
    )
    return tuple(dict.fromkeys(name.strip().lower() for name in names if name.strip()))


def ensure_certificates(data_dir: Path, names: Sequence[str]) -> Certificates:
    """Give certificates for `names`, making what is missing, old or for other names.

    The CA is made once and kept, so that a client has to be told only once.

    Args:
        data_dir: the emulator's data folder; made when missing.
        names: host names, addresses, and wildcards.

    Raises:
        EmulatorError: the folder cannot be used (E104), or a name is none (E105).
    """
    folder = data_dir / "tls"
    found = Certificates(folder / "ca.pem", folder / "server.pem")
    if _is_current(folder, names):
        return found
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        with _locked(folder):
            if not _is_current(folder, names):  # another start may have made it
                _make(folder, names)
    except OSError as error:
        raise EmulatorError(
            "E104",
            f"Certificates cannot be kept in {folder}: {error}. Choose another folder "
            "with --data-dir.",
        ) from error
    return found


def _is_current(folder: Path, names: Sequence[str]) -> bool:
    try:
        about = json.loads((folder / "server.json").read_bytes())
        present = all(
            os.access(folder / name, os.R_OK)
            for name in ("ca.pem", "ca-key.pem", "server.pem")
        )
        return (
            present
            and set(about["names"]) == set(names)
            and about["expires"] > time.time() + _RENEW
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _make(folder: Path, names: Sequence[str]) -> None:
    # Here, because importing it costs more than all of the start else.
    import trustme  # noqa: PLC0415

    authority = _load_authority(folder, trustme.CA) or _make_authority(
        folder, trustme.CA
    )
    expires = int(time.time()) + _VALID
    leaf = authority.issue_cert(
        *_usable(names),
        organization_name="appsync-emulator",
        organization_unit_name="local server",
        not_before=_date(time.time() - _DAY),
        not_after=_date(expires),
    )
    _write(folder / "ca.pem", authority.cert_pem.bytes())
    _write(folder / "server.pem", leaf.private_key_and_cert_chain_pem.bytes())
    about = {"names": list(names), "expires": expires}
    _write(folder / "server.json", json.dumps(about).encode())


def _load_authority(folder: Path, kind: Any) -> Any:
    path = folder / "ca-key.pem"
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        # Both parts from one file: two could be of different makes after a crash.
        return kind.from_pem(cert_bytes=text, private_key_bytes=text)
    except ValueError as error:
        log.warning("%s is damaged (%s): clients must trust a new CA", path, error)
        return None


def _make_authority(folder: Path, kind: Any) -> Any:
    authority = kind(
        organization_name="appsync-emulator",
        organization_unit_name=f"local CA of {socket.gethostname()}"[:64],
        path_length=0,
    )
    pem = authority.private_key_pem.bytes() + authority.cert_pem.bytes()
    _write(folder / "ca-key.pem", pem)
    return authority


def _usable(names: Sequence[str]) -> list[str]:
    """Leave out the machine's own name when it is no valid host name."""
    # Comes with trustme, and is slow to import as well.
    import idna  # noqa: PLC0415

    usable = []
    for name in names:
        try:
            if ":" not in name and not name.replace(".", "").isdigit():
                idna.encode(name.removeprefix("*."), uts46=True)
        except idna.IDNAError as error:
            if name == socket.gethostname().lower():
                continue
            raise EmulatorError(
                "E105", f"{name!r} is not a host name: {error} (--tls-name)."
            ) from error
        usable.append(name)
    return usable


def _date(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step, readable by the user only."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that of several first starts one makes the CA."""
    with (folder / ".lock").open("w") as file:
        deadline = time.monotonic() + _LOCK_TIME
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError("another emulator is making them") from None
                time.sleep(0.02)
        yield
