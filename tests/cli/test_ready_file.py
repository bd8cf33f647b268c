"""The ready file: there while the server is, and only then."""

import json
import signal
from pathlib import Path

import pytest

from .command import project, run, started

pytestmark = pytest.mark.ours("the ready file is our own")


def test_a_place_that_cannot_be_written_is_told_before_anything_is_served(
    tmp_path: Path, data_dir: Path
) -> None:
    project(tmp_path)
    (tmp_path / "file").touch()
    for place in ("nowhere/ready.json", "file/ready.json", "."):
        arguments = ("--port", "0", "--data-dir", data_dir, "--ready-file", place)
        done = run("start", *arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert f"--ready-file {place}: " in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""


def test_what_an_earlier_run_left_goes_even_when_nothing_can_be_served(
    tmp_path: Path,
) -> None:
    (tmp_path / "template.yaml").write_text("Resources: []")
    stale = tmp_path / "ready.json"
    stale.write_text('{"port": 1}')
    done = run("start", "--port", "0", "--ready-file", stale, cwd=tmp_path)
    assert done.returncode == 2
    assert "P1" in done.stderr
    assert not stale.exists()


def test_the_file_goes_when_the_server_ends(tmp_path: Path, data_dir: Path) -> None:
    project(tmp_path)
    ready = tmp_path / "ready.json"
    with started(tmp_path, data_dir, "--ready-file", ready) as (process, _):
        assert json.loads(ready.read_text())["port"] > 0
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
        assert process.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["template.yaml"]


def test_the_file_of_another_server_stays(tmp_path: Path, data_dir: Path) -> None:
    project(tmp_path)
    ready = tmp_path / "ready.json"
    with started(tmp_path, data_dir, "--ready-file", ready) as (process, _):
        ready.write_text('{"port": 2}')
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
    assert ready.read_text() == '{"port": 2}'


def test_the_ca_is_told_so_that_it_is_found_from_any_folder(tmp_path: Path) -> None:
    project(tmp_path)
    ready = tmp_path / "ready.json"
    with started(tmp_path, Path("data"), "--ready-file", ready) as (_, lines):
        ca = json.loads(ready.read_text())["ca"]
        assert ca == str(tmp_path.resolve() / "data" / "tls" / "ca.pem")
        assert f"export NODE_EXTRA_CA_CERTS={ca}" in "\n".join(lines)
