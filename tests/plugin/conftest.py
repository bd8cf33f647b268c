"""One server for all tests of a module, each finds it as if it were new."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appsync_emulator.testing import Appsync
from appsync_emulator.testing.servers import Servers

from .project import KEYS, write_project


@pytest.fixture(scope="session")
def project_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the small chat."""
    return write_project(tmp_path_factory.mktemp("chat"))


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Give the servers of the session."""
    with Servers() as servers:
        yield servers


@pytest.fixture
def appsync(
    project_template: Path, servers: Servers, data_dir: Path
) -> Iterator[Appsync]:
    """Give the emulator of the small chat."""
    settings = {"data_dir": str(data_dir), "api_key": KEYS}
    with servers.lend(project_template, 5.0, settings) as appsync:
        yield appsync
