"""The command `token`: a token on standard output, and a note about it beside.

It needs no running server: ids come from the templates and keys from the data folder,
both the same for every run.
"""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from appsync_emulator.config import find_template
from appsync_emulator.issuer.choice import Choice, choose
from appsync_emulator.issuer.keys import LocalKeys
from appsync_emulator.issuer.tokens import Use, mint, validity
from appsync_emulator.server.serving import Project, name_values
from appsync_emulator.settings import Settings, data_folder
from appsync_emulator.types import JSON


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user said about the token.

    Attributes:
        api: name or id; None for the first that trusts a local issuer.
        issuer: name or URL; None for the first of the API.
        client: id or name of an app client; None for the first of the pool.
        claims: each `NAME=VALUE`.
        expires: seconds from now; None for what the app client says.
    """

    user: str
    groups: Sequence[str] = ()
    claims: Sequence[str] = ()
    api: str | None = None
    issuer: str | None = None
    client: str | None = None
    use: Use = "access"
    expires: float | None = None


def print_token(templates: Sequence[Path], settings: Settings, wanted: Wanted) -> int:
    """Print a token; gives the exit code.

    Raises:
        ProjectError: the project cannot be loaded.
        EmulatorError: the key cannot be kept, so nobody could verify the token (E106).
        ValueError: there is no issuer for it, or a claim is not NAME=VALUE.
    """
    # No key of the settings is used, and their number need not fit.
    project = Project(
        templates or [find_template(Path.cwd())],
        replace(settings, api_key=()),
        settings.port,
    )
    keys = LocalKeys(project.keys.issuers, data_folder(settings), lasting=True)
    choice = choose(
        project.application,
        keys,
        api=wanted.api,
        issuer=wanted.issuer,
        client=wanted.client,
    )
    now = time.time()
    token = mint(
        keys,
        choice.issuer,
        wanted.user,
        client=choice.client,
        groups=wanted.groups,
        claims=read_claims(wanted.claims),
        use=wanted.use,
        expires=wanted.expires,
        now=now,
    )
    print(token)
    print(note(choice, wanted, now), file=sys.stderr)
    return 0


def read_claims(entries: Sequence[str]) -> Mapping[str, JSON]:
    """Give claims of the form NAME=VALUE; a value is JSON if it can be, else text.

    Raises:
        ValueError: an entry has no `=`, or no name.
    """
    return {
        name: _value(text) for name, text in name_values("--claim", entries).items()
    }


def _value(text: str) -> JSON:
    try:
        value: JSON = json.loads(text)
    except ValueError:
        return text
    return value


def note(choice: Choice, wanted: Wanted, now: float) -> str:
    """Tell what the token is good for, without telling it."""
    issuer, api = choice.issuer, choice.api
    kind = f"{wanted.use} token" if issuer.is_pool else "ID token"
    lasts = wanted.expires
    if lasts is None:
        lasts = validity(issuer.pool, choice.client, wanted.use)
    end = datetime.fromtimestamp(int(now + lasts), UTC)
    lines = [
        f"{kind} of {wanted.user} by {issuer.url}",
        f"for client {choice.client}"
        + (f" of API {api.name}" if api else ", trusted by no API of the templates"),
        f"until {end:%Y-%m-%dT%H:%M:%SZ}",
    ]
    if issuer.pool is not None:
        known = {group.name for group in issuer.pool.groups}
        if strange := [group for group in wanted.groups if group not in known]:
            lines.append(f"the template has no group {', '.join(strange)}")
    return "; ".join(lines)
