"""Keys of local issuers, kept across runs."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from appsync_emulator.errors import EmulatorError
from appsync_emulator.issuer.issuers import Issuer
from appsync_emulator.issuer.keys import LocalKeys

pytestmark = pytest.mark.ours("where keys are kept is our own choice")
ONE = Issuer("https://one.example", "one", False)
TWO = Issuer("https://two.example", "two", False)


def made(folder: Path, *, lasting: bool = True) -> LocalKeys:
    return LocalKeys([ONE, TWO], folder, lasting=lasting)


def verified(keys: LocalKeys, url: str, token: str) -> object:
    public: Any = keys.jwks(url)
    return jwt.decode(token, KeySet.import_key_set(public), algorithms=["RS256"]).claims


def test_a_token_verifies_with_the_public_key_of_its_issuer(tmp_path: Path) -> None:
    keys = made(tmp_path)
    assert verified(keys, ONE.url, keys.sign(ONE.url, {"a": 1})) == {"a": 1}


def test_a_token_outlives_a_restart(tmp_path: Path) -> None:
    token = made(tmp_path).sign(ONE.url, {"a": 1})
    assert verified(made(tmp_path), ONE.url, token) == {"a": 1}


@pytest.mark.aws_doc("Cognito developer guide: every user pool has keys of its own")
def test_a_token_of_one_issuer_is_not_good_for_another(tmp_path: Path) -> None:
    keys = made(tmp_path)
    keys.jwks(TWO.url)
    token = keys.sign(ONE.url, {"a": 1})
    public: Any = keys.jwks(TWO.url)
    kid = json.loads(jwt_header(token))["kid"]
    forged: Any = {"keys": [{**public["keys"][0], "kid": kid}]}
    with pytest.raises(BadSignatureError):
        jwt.decode(token, KeySet.import_key_set(forged), algorithms=["RS256"])


def jwt_header(token: str) -> bytes:
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(token.partition(".")[0] + "==")


@pytest.mark.aws_doc("Cognito developer guide, access token header: kid and alg")
def test_the_header_has_kid_and_alg(tmp_path: Path) -> None:
    keys = made(tmp_path)
    header = json.loads(jwt_header(keys.sign(ONE.url, {})))
    (public,) = keys.jwks(ONE.url)["keys"]  # type: ignore[index]
    assert header == {"kid": public["kid"], "alg": "RS256"}


@pytest.mark.aws_doc("Cognito developer guide, Verifying JSON web tokens: jwks.json")
def test_only_the_public_half_is_told(tmp_path: Path) -> None:
    (public,) = made(tmp_path).jwks(ONE.url)["keys"]  # type: ignore[index]
    assert public.keys() == {"alg", "e", "kid", "kty", "n", "use"}
    assert (public["alg"], public["kty"], public["use"]) == ("RS256", "RSA", "sig")


def test_a_foreign_issuer_has_no_keys_here(tmp_path: Path) -> None:
    keys = made(tmp_path)
    assert keys.jwks("https://elsewhere.example") is None
    with pytest.raises(LookupError):
        keys.sign("https://elsewhere.example", {})


def test_the_slash_at_the_end_does_not_matter(tmp_path: Path) -> None:
    keys = made(tmp_path)
    assert keys.jwks(ONE.url + "/") is keys.jwks(ONE.url)


def test_only_the_user_can_read_the_keys(tmp_path: Path) -> None:
    made(tmp_path).jwks(ONE.url)
    (path,) = (tmp_path / "issuer").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_nothing_is_made_before_it_is_needed(tmp_path: Path) -> None:
    made(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_of_several_first_starts_one_makes_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: made(tmp_path).private(ONE.url), range(4)))
    assert len({key["kid"] for key in found}) == 1
    assert len(list((tmp_path / "issuer").iterdir())) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"kty": "RSA"}'])
def test_a_damaged_file_is_made_anew(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    made(tmp_path).jwks(ONE.url)
    (path,) = (tmp_path / "issuer").iterdir()
    path.write_text(text)
    keys = made(tmp_path)
    assert verified(keys, ONE.url, keys.sign(ONE.url, {"a": 1})) == {"a": 1}
    assert "is damaged" in caplog.text


def test_where_nothing_can_be_kept_a_key_lasts_for_the_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "issuer").write_text("in the way")
    keys = made(tmp_path, lasting=False)
    assert verified(keys, ONE.url, keys.sign(ONE.url, {"a": 1})) == {"a": 1}
    assert "E106" in caplog.text


def test_a_key_that_must_last_and_cannot_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "issuer").write_text("in the way")
    with pytest.raises(EmulatorError, match="--data-dir") as caught:
        made(tmp_path).sign(ONE.url, {})
    assert caught.value.code == "E106"


def test_no_key_is_written_into_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    keys = made(tmp_path)
    token = keys.sign(ONE.url, {})
    assert keys.private(ONE.url)["d"] not in caplog.text
    assert token not in caplog.text
