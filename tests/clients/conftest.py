"""The real command in a process of its own, and Node.js with the pinned clients."""

import json
import os
import shutil
import signal
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .packages import install

HERE = Path(__file__).parent
NODE_SCRIPTS = HERE / "node"


@dataclass(frozen=True)
class Running:
    """An emulator that somebody has started.

    Attributes:
        host: name and port, as clients write them.
        key: the API key.
        ca: the file to trust for `https` and `wss`.
    """

    host: str
    key: str
    ca: Path


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start `appsync-emulator` for the project beside this file, end it by SIGTERM."""
    folder = tmp_path_factory.mktemp("emulator")
    ready, log = folder / "ready.json", folder / "log"
    command: list[str | Path] = [
        Path(sysconfig.get_path("scripts")) / "appsync-emulator",
        *("start", HERE / "project" / "template.yaml"),
        *("--port", "0", "--ready-file", ready, "--data-dir", folder / "data"),
    ]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        about = when_ready(process, ready, log)
        (api,) = about["apis"]
        (key,) = api["apiKeys"]
        yield Running(f"localhost:{about['port']}", key, Path(about["ca"]))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0, log.read_text()
        assert "Traceback" not in log.read_text(), log.read_text()
    finally:
        process.kill()
        process.wait()


def when_ready(process: subprocess.Popen[bytes], ready: Path, log: Path) -> Any:
    """Give what the ready file says as soon as it is there."""
    deadline = time.monotonic() + 30
    while not ready.exists():
        ended = process.poll()
        assert ended is None, f"it ended with {ended}:\n{log.read_text()}"
        assert time.monotonic() < deadline, f"it is not ready:\n{log.read_text()}"
        time.sleep(0.01)
    return json.loads(ready.read_text())


class Lines(list[dict[str, Any]]):
    """What a script printed: one JSON object with one name a line."""

    def all(self, name: str) -> list[Any]:
        """Give every value with a name, in order."""
        return [line[name] for line in self if name in line]

    def one(self, name: str) -> Any:
        """Give the only value with a name."""
        (value,) = self.all(name)
        return value


Run = Callable[..., Lines]


@pytest.fixture(scope="session")
def node_scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Put the scripts beside their packages, which are kept outside the repository."""
    for command in ("node", "npm"):
        if shutil.which(command) is None:
            pytest.skip(f"{command} is not on the PATH: install Node.js 18 and npm")
    folder = tmp_path_factory.mktemp("node")
    for script in NODE_SCRIPTS.glob("*.mjs"):
        shutil.copy(script, folder)
    (folder / "node_modules").symlink_to(install(NODE_SCRIPTS) / "node_modules")
    return folder


@pytest.fixture
def run(node_scripts: Path, emulator: Running, tmp_path: Path) -> Run:
    """Run one scenario of a script to its end; gives what it printed."""

    def run(
        script: str,
        scenario: str,
        *,
        endpoint: str = f"http://{emulator.host}/graphql",
        key: str = emulator.key,
        trust: bool = True,
        **options: Any,
    ) -> Lines:
        options = {"endpoint": endpoint, "key": key, **options}
        options["gate"] = str(tmp_path / "gate")
        environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
        environment.pop("NODE_EXTRA_CA_CERTS", None)
        if trust:
            environment["NODE_EXTRA_CA_CERTS"] = str(emulator.ca)
        done = subprocess.run(
            ["node", script, scenario, json.dumps(options)],
            cwd=node_scripts,
            env=environment,
            capture_output=True,
            text=True,
            timeout=40,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return Lines(map(json.loads, done.stdout.splitlines()))

    return run
