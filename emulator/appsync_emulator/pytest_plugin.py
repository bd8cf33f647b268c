"""The pytest plug-in: the fixture `appsync`, an emulator for the project's template.

Every project in whose environment we are installed loads this file, so it imports
nothing of ours before a test asks for the fixture. It needs no other plug-in.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from appsync_emulator.testing import Appsync
    from appsync_emulator.testing.servers import Servers

SCOPES = ("session", "function")
TEMPLATES = ("template.yaml", "template.yml", "template.json", "*.template.*")

MARKER = (
    "appsync(template=None, *, scope=None, timeout=None, **settings): what the fixture "
    "appsync serves: a template (from the test file's folder or the root folder), a "
    "server for the session or for this test alone (scope='function'), seconds that "
    "waits take at most, and settings as of `appsync-emulator start`."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what `pytest.ini` or `pyproject.toml` may say."""
    parser.addini(
        "appsync_template",
        "Template that the fixture appsync serves, from the root folder. When empty it "
        "is looked for as the command line does, from the test file's folder upwards.",
        default="",
    )
    parser.addini(
        "appsync_scope",
        "session: all tests share a server, and each finds it as if it were new; "
        "function: each has its own.",
        default="session",
    )
    parser.addini("appsync_timeout", "Seconds that waits take at most.", default="5")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture(scope="session")
def appsync_servers() -> Iterator[Servers]:
    """Give the servers of this session: one for each template and its settings."""
    from appsync_emulator.testing.servers import Servers  # noqa: PLC0415 -- lazy

    with Servers() as servers:
        yield servers


@pytest.fixture
def appsync(
    request: pytest.FixtureRequest, appsync_servers: Servers
) -> Iterator[Appsync]:
    """Give an emulator that serves the project's template, as if it were new."""
    marker = request.node.get_closest_marker("appsync")
    given: dict[str, Any] = dict(marker.kwargs) if marker else {}
    named = marker.args[0] if marker and marker.args else given.pop("template", None)
    scope = given.pop("scope", None) or request.config.getini("appsync_scope")
    if scope not in SCOPES:
        _refuse(f"appsync_scope is {scope!r}: write {' or '.join(SCOPES)}.")
    if request.config.getoption("usepdb") or request.config.getoption("trace"):
        given.setdefault("debug", True)
    timeout = _seconds(
        given.pop("timeout", None) or request.config.getini("appsync_timeout")
    )
    template = find(request, named)
    from appsync_emulator.errors import EmulatorError, ProjectError  # noqa: PLC0415 -- lazy

    try:
        with appsync_servers.lend(
            template, timeout, given, alone=scope == "function"
        ) as handle:
            yield handle
    except (EmulatorError, ProjectError, ValueError) as error:
        # It is for the user, and says where; how we came upon it is not.
        problem = str(error)
    else:
        return
    _refuse(problem)


def _seconds(given: object) -> float:
    try:
        return float(str(given))
    except ValueError:
        _refuse(f"appsync_timeout is {given!r}: write a number of seconds.")


def _refuse(problem: str) -> NoReturn:
    pytest.fail(f"appsync cannot start: {problem}", pytrace=False)


def find(request: pytest.FixtureRequest, named: str | None) -> Path:
    """Give the template or its folder: of the marker, of the settings, or found."""
    root = request.config.rootpath
    own = Path(request.path).parent
    if named is not None:
        near = own / named
        return near if near.exists() else root / named
    if configured := request.config.getini("appsync_template"):
        return root / str(configured)
    folder = own
    while folder != root and root in folder.parents:
        if any(next(folder.glob(name), None) for name in TEMPLATES):
            return folder
        folder = folder.parent
    return root


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a failed test what happened in the emulator."""
    report = yield
    handle: Any = getattr(item, "funcargs", {}).get("appsync")
    # One of the project's own may have the name; ours may have ended.
    explains = hasattr(handle, "timeline") and getattr(handle, "runs", False)
    if explains and report.failed and report.when in ("setup", "call"):
        from appsync_emulator.testing import WaitFailed  # noqa: PLC0415 -- lazy

        # A failed wait has told it already.
        if call.excinfo is None or not call.excinfo.errisinstance(WaitFailed):
            report.sections.append(("appsync timeline", handle.timeline()))
    return report
