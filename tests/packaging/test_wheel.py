"""What is in the wheel."""

import configparser
import subprocess
import sys
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

import appsync_emulator

from .conftest import ROOT, run

pytestmark = [
    pytest.mark.ours("the layout of the distribution is our choice"),
    pytest.mark.timeout(300),
]

PACKAGES = {
    "appsync_emulator": ROOT / "emulator" / "appsync_emulator",
    "appsync_resolvers": ROOT / "resolvers" / "appsync_resolvers",
    # Those that `demo` runs.
    **{
        f"appsync_emulator/examples/{name}": ROOT / "examples" / name
        for name in ("queue-worker", "streaming-chat")
    },
}


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_only_our_two_packages_are_at_the_top(wheel: Path) -> None:
    top = {name.split("/")[0] for name in names(wheel)}
    assert {name for name in top if not name.endswith(".dist-info")} == {
        "appsync_emulator",
        "appsync_resolvers",
    }


def test_every_file_of_the_packages_and_the_example_is_in_it_and_no_other(
    wheel: Path,
) -> None:
    expected = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = {name for name in names(wheel) if ".dist-info/" not in name}
    assert packed == expected


def test_the_wheel_checker_has_nothing_to_say(wheel: Path) -> None:
    run([Path(sys.executable).with_name("check-wheel-contents"), wheel])


def test_both_packages_are_typed(wheel: Path) -> None:
    assert {"appsync_emulator/py.typed", "appsync_resolvers/py.typed"} <= set(
        names(wheel)
    )


def test_the_metadata_tell_version_licence_and_command(wheel: Path) -> None:
    info = f"appsync_emulator-{appsync_emulator.__version__}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        metadata = message_from_string(archive.read(f"{info}/METADATA").decode())
        entry_points = configparser.ConfigParser()
        entry_points.read_string(archive.read(f"{info}/entry_points.txt").decode())
    assert metadata["Version"] == appsync_emulator.__version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert f"{info}/licenses/LICENSE" in names(wheel)
    command = entry_points["console_scripts"]["appsync-emulator"]
    assert command == "appsync_emulator.cli:main"


def test_a_wheel_built_from_the_sdist_is_the_same(wheel: Path, tmp_path: Path) -> None:
    options: list[str | Path] = ["--no-isolation", "--outdir", tmp_path]
    subprocess.run(
        [sys.executable, "-m", "build", *options, ROOT],
        check=True,
        capture_output=True,
        timeout=300,
    )
    (again,) = tmp_path.glob("*.whl")
    assert sorted(names(again)) == sorted(names(wheel))
