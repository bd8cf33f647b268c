"""The Dockerfile, followed step by step in a clean environment."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.demo import example_folder
from appsync_emulator.settings import Settings

from .conftest import ROOT, run
from .dockerfile import Image, Instruction, ignored, parse

pytestmark = [
    pytest.mark.ours("how the image is made is our choice"),
    pytest.mark.timeout(600),
]


@pytest.fixture
def instructions() -> list[Instruction]:
    return list(parse((ROOT / "Dockerfile").read_text()))


def only(instructions: list[Instruction], name: str) -> Instruction:
    (found,) = [each for each in instructions if each.name == name]
    return found


def test_the_image_does_not_run_as_root(instructions: list[Instruction]) -> None:
    user, _, group = only(instructions, "USER").text.partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert f"--uid {user} " in "\n".join(each.text for each in instructions)
    names = [each.name for each in instructions]
    assert "RUN" not in names[names.index("USER") :]


def test_the_image_has_node_for_functions_and_no_package_lists(
    instructions: list[Instruction],
) -> None:
    (step,) = [each.text for each in instructions if "apt-get" in each.text]
    assert "install --yes --no-install-recommends nodejs" in step
    assert step.endswith("rm -rf /var/lib/apt/lists/*")


def test_the_image_serves_the_default_port_on_all_addresses(
    instructions: list[Instruction],
) -> None:
    assert only(instructions, "EXPOSE").text == str(Settings().port)
    assert only(instructions, "CMD").words == ["start", "--host", "0.0.0.0"]


def test_what_is_copied_is_let_in_and_nothing_else(
    instructions: list[Instruction],
) -> None:
    copied = {
        source
        for each in instructions
        if each.name == "COPY" and not each.text.startswith("--from")
        for source in each.words[:-1]
    }
    there = {path.name for path in ROOT.iterdir()}
    assert {name for name in there if not ignored(ROOT, name)} == copied
    assert ignored(ROOT, "emulator/appsync_emulator/__pycache__/cli.pyc")
    assert not ignored(ROOT, "emulator/appsync_emulator/cli.py")


def test_the_command_of_the_image_runs(image: Image) -> None:
    command = image.bin / image.settings["ENTRYPOINT"].words[0]
    assert "start" in run([command, "--help"])
    assert image.workdir.name == "app"


@dataclass(frozen=True)
class Started:
    """A server that the image's command has started, and how it said so."""

    process: subprocess.Popen[bytes]
    ready: dict[str, Any]


@pytest.fixture
def started(image: Image, tmp_path: Path) -> Iterator[Started]:
    """Run what `docker run -v example:/app` runs, on a free port."""
    command = image.settings["ENTRYPOINT"].words + image.settings["CMD"].words
    ready = tmp_path / "ready.json"
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [image.bin / command[0], *command[1:], "--port=0", f"--ready-file={ready}"],
            cwd=example_folder(),
            stdout=log,
            stderr=log,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        )
    try:
        yield Started(process, _read(ready, process, tmp_path / "log"))
    finally:
        process.terminate()
        process.wait(timeout=30)


def _read(ready: Path, process: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    # A file gives no event to wait for.
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if ready.exists():
            content: dict[str, Any] = json.loads(ready.read_text())
            return content
        time.sleep(0.05)
    raise AssertionError(f"The server did not become ready:\n{log.read_text()}")


def healthy(image: Image, port: int) -> bool:
    """Run the image's health check against a port of this machine."""
    check = image.settings["HEALTHCHECK"].text.partition("CMD ")[2]
    command = Instruction("CMD", check).words
    done = subprocess.run(
        [image.bin / command[0], *command[1:]],
        env={"APPSYNC_EMULATOR_PORT": str(port)},
        capture_output=True,
        timeout=30,
        check=False,
    )
    return done.returncode == 0


def test_the_health_check_tells_a_running_server_from_a_stopped_one(
    image: Image, started: Started
) -> None:
    port = started.ready["port"]
    assert healthy(image, port)
    started.process.send_signal(signal.SIGTERM)
    assert started.process.wait(timeout=30) == 0
    assert not healthy(image, port)


def test_the_ready_file_tells_where_the_api_is(started: Started) -> None:
    assert Path(started.ready["ca"]).is_file()
    (api,) = started.ready["apis"]
    port = started.ready["port"]
    assert api["graphqlUrl"] == f"http://localhost:{port}/graphql"
    assert api["realtimeUrl"] == f"ws://localhost:{port}/graphql/realtime"
    assert api["apiKeys"][0].startswith("da2-")
    assert len(api["id"]) == 26
