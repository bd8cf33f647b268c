"""Amplify signs up and in against `userPoolEndpoint`, unmodified."""

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from clients.node_packages import install
from support import Server

from .pools import PASSWORD, Cognito, pool_template

pytestmark = [
    pytest.mark.ours("real clients must find here what they find on AWS"),
    pytest.mark.timeout(300),  # the packages may have to be installed first
    pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node and npm"),
]
Start = Callable[..., Awaitable[Server]]
HERE = Path(__file__).parent


async def run(folder: Path, options: dict[str, str]) -> Any:
    packages = await asyncio.to_thread(install, HERE.parent / "clients" / "node")
    (folder / "node_modules").symlink_to(packages / "node_modules")
    script = folder / "auth.mjs"
    script.write_text((HERE / "amplify_auth.mjs").read_text())
    process = await asyncio.create_subprocess_exec(
        "node", script, json.dumps(options), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    return json.loads(out)


async def test_amplify_signs_up_and_in(start: Start, tmp_path: Path) -> None:
    cognito = Cognito(await start(pool_template({"AutoVerifiedAttributes": ["email"]})))
    admin = Cognito(cognito.server, signed=True)
    pool = {"UserPoolId": cognito.pool.id, "Username": "carol"}
    await admin.call("admin_create_user", **pool, TemporaryPassword=PASSWORD)
    await admin.call("admin_add_user_to_group", **pool, GroupName="admins")
    folder = tmp_path / "node"
    folder.mkdir()
    told = await run(
        folder,
        {
            "endpoint": cognito.server.url,
            "userPoolEndpoint": cognito.url,
            "userPoolId": cognito.pool.id,
            "userPoolClientId": cognito.client_id,
        },
    )
    step = told["signUp"]["nextStep"]
    assert step["signUpStep"] == "CONFIRM_SIGN_UP"
    assert told["early"]["nextStep"] == {"signInStep": "CONFIRM_SIGN_UP"}
    assert told["confirmSignUp"]["isSignUpComplete"] is True
    wrong = "NotAuthorizedException: Incorrect username or password."
    assert told["wrong"] == wrong
    assert told["nobody"] == "UserNotFoundException: User does not exist."
    done = {"isSignedIn": True, "nextStep": {"signInStep": "DONE"}}
    assert told["srp"] == done
    assert told["current"]["username"] == "alice"
    assert told["current"]["userId"] == told["attributes"]["sub"]
    assert told["attributes"]["email"] == "alice@example.com"
    for who in (told["me"], told["again"]):
        assert (who["username"], who["sub"]) == ("alice", told["attributes"]["sub"])
        assert who["issuer"] == cognito.pool.issuer
    assert told["fresh"]["jti"] != told["session"]["jti"]
    assert told["fresh"]["auth_time"] == told["session"]["auth_time"]
    assert told["id"]["email"] == "alice@example.com"
    assert told["update"] == "done"
    assert told["signOut"] == "done"
    assert told["signedOut"].startswith("UserUnAuthenticatedException")
    assert told["plain"] == done
    assert told["global"] == "done"
    assert told["reset"]["nextStep"]["resetPasswordStep"] == (
        "CONFIRM_RESET_PASSWORD_WITH_CODE"
    )
    assert told["carol"]["nextStep"]["signInStep"] == (
        "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED"
    )
    assert told["carolNew"] == done
    assert told["carolMe"] == ["admins"]
    assert told["delete"] == "done"
