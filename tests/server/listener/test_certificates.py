"""The local CA: made once, kept, renewed, and safe against crashes and races."""

import json
import os
import socket
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from appsync_emulator.errors import EmulatorError
from appsync_emulator.server import certificates as module
from appsync_emulator.server.certificates import ensure_certificates, server_names

pytestmark = pytest.mark.ours("how the emulator keeps its certificates")

NAMES = ("localhost", "127.0.0.1")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "tls").iterdir()}


def about(folder: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads((folder / "tls" / "server.json").read_bytes())
    return read


def test_certificates_are_kept(tmp_path: Path) -> None:
    first = ensure_certificates(tmp_path, NAMES)
    before = contents(tmp_path)
    assert ensure_certificates(tmp_path, NAMES) == first
    assert ensure_certificates(tmp_path, NAMES[::-1]) == first
    assert contents(tmp_path) == before
    assert first.ca.read_text().startswith("-----BEGIN CERTIFICATE-----")
    assert "PRIVATE" not in first.ca.read_text()


def test_a_later_start_imports_nothing_heavy(tmp_path: Path) -> None:
    ensure_certificates(tmp_path, NAMES)
    code = (
        "import sys; from pathlib import Path;"
        "from appsync_emulator.server.certificates import ensure_certificates;"
        f"ensure_certificates(Path({str(tmp_path)!r}), {NAMES!r}).context();"
        "print([name for name in ('trustme', 'cryptography', 'idna') "
        "if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_only_the_user_can_read_them(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        ensure_certificates(tmp_path, NAMES)
    finally:
        os.umask(old)
    folder = tmp_path / "tls"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("ca.pem", "ca-key.pem", "server.pem", "server.json"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_other_names_make_a_new_certificate_below_the_same_ca(tmp_path: Path) -> None:
    ca = ensure_certificates(tmp_path, NAMES).ca.read_bytes()
    before = contents(tmp_path)
    found = ensure_certificates(tmp_path, (*NAMES, "*.example.test"))
    assert found.ca.read_bytes() == ca
    assert found.server.read_bytes() != before["server.pem"]
    assert about(tmp_path)["names"] == [*NAMES, "*.example.test"]


def test_a_certificate_is_renewed_before_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ensure_certificates(tmp_path, NAMES)
    ca, server = first.ca.read_bytes(), first.server.read_bytes()
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 330 * 86400)
    ensure_certificates(tmp_path, NAMES)
    assert first.server.read_bytes() == server
    monkeypatch.setattr(time, "time", lambda: real() + 340 * 86400)
    ensure_certificates(tmp_path, NAMES)
    assert first.server.read_bytes() != server
    assert first.ca.read_bytes() == ca


def drop(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def damage(name: str) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        (folder / name).write_bytes(b'{"names": ')

    return harm


@pytest.mark.parametrize(
    ("harm", "same_ca"),
    [
        (drop("ca.pem"), True),
        (drop("server.pem"), True),
        (drop("server.json"), True),
        (damage("server.json"), True),
        (drop("ca-key.pem"), False),
    ],
)
def test_what_is_lost_is_made_again(
    tmp_path: Path, harm: Callable[[Path], None], same_ca: bool
) -> None:
    ca = ensure_certificates(tmp_path, NAMES).ca.read_bytes()
    harm(tmp_path / "tls")
    found = ensure_certificates(tmp_path, NAMES)
    found.context()
    assert (found.ca.read_bytes() == ca) is same_ca
    ssl.create_default_context(cafile=found.ca)


def test_a_damaged_ca_is_replaced_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ensure_certificates(tmp_path, NAMES)
    (tmp_path / "tls" / "ca-key.pem").write_bytes(b"-----BEGIN")
    (tmp_path / "tls" / "server.json").unlink()
    ensure_certificates(tmp_path, NAMES).context()
    assert "clients must trust a new CA" in caplog.text


def test_first_starts_at_the_same_time_agree(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from appsync_emulator.server.certificates import ensure_certificates;"
        "sys.stdin.read();"
        f"found = ensure_certificates(Path({str(tmp_path)!r}), {NAMES!r});"
        "found.context(); print(hash(found.ca.read_text()) and found.ca.read_text())"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    outputs = {start.communicate("", timeout=30)[0] for start in starts}
    assert len(outputs) == 1
    assert outputs.pop().startswith("-----BEGIN CERTIFICATE-----")
    assert [
        path for path in contents(tmp_path) if path.startswith(".") and path != ".lock"
    ] == []


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmulatorError) as raised:
        ensure_certificates(tmp_path / "file", NAMES)
    assert raised.value.code == "E104"
    assert str(tmp_path / "file") in str(raised.value)
    assert "--data-dir" in str(raised.value)


def test_a_lock_that_is_held_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOCK_TIME", 0.05)
    (tmp_path / "tls").mkdir()
    with module._locked(tmp_path / "tls"), pytest.raises(EmulatorError) as raised:
        ensure_certificates(tmp_path, NAMES)
    assert "another emulator" in str(raised.value)


@pytest.mark.parametrize("name", ["no name", "-a", "a..b", "x" * 64])
def test_a_name_that_is_none_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(EmulatorError) as raised:
        ensure_certificates(tmp_path, (*NAMES, name))
    assert raised.value.code == "E105"
    assert name in str(raised.value)


def test_a_machine_with_an_odd_name_still_gets_certificates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "My Machine!")
    names = server_names("eu-west-1")
    assert "My Machine!" not in names
    context = ensure_certificates(tmp_path, names).context()
    assert isinstance(context, ssl.SSLContext)


def test_the_names() -> None:
    names = server_names("eu-west-1", ["Dev.Example.Test", "localhost", " "])
    assert names[:6] == (
        "localhost",
        "*.localhost",
        "*.appsync-api.eu-west-1.localhost",
        "*.appsync-realtime-api.eu-west-1.localhost",
        "127.0.0.1",
        "::1",
    )
    assert names[-1] == "dev.example.test"
    assert len(set(names)) == len(names)
