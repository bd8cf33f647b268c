"""Where code comes from: folders, archives, single files, inline."""

import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from appsync_emulator.lambdas import code as code_module
from appsync_emulator.lambdas.code import TaskRoot, code_problem

pytestmark = pytest.mark.ours("code is looked for where the template's tools leave it")


@pytest.fixture
def make_root(make_function: Any, tmp_path: Path) -> Any:
    def make(*args: Any, **about: Any) -> TaskRoot:
        function = make_function(*args, **about)
        return TaskRoot(function, tmp_path / "work", "index.py")

    return make


async def test_a_folder_is_the_task_root_itself(make_root: Any, tmp_path: Path) -> None:
    assert await make_root("x = 1").path() == tmp_path / "fn"


async def test_a_single_file_is_run_in_its_folder(
    make_root: Any, tmp_path: Path
) -> None:
    file = tmp_path / "app.py"
    file.write_text("")
    assert await make_root(file).path() == tmp_path


async def test_inline_code_is_written_as_index(make_root: Any) -> None:
    root = await make_root(inline="x = 1").path()
    assert (root / "index.py").read_text() == "x = 1"


async def test_an_archive_is_unpacked_once_a_version(
    make_root: Any, tmp_path: Path
) -> None:
    archive = tmp_path / "code.zip"
    pack(archive, {"app.py": "1", "lib/x.py": "2"})
    root = make_root(archive)
    first = await root.path()
    assert (first / "lib" / "x.py").read_text() == "2"
    assert await root.path() == first
    pack(archive, {"app.py": "longer than before"})
    while not root.changed():
        pass
    second = await root.path()
    assert (second / "app.py").read_text() == "longer than before"
    assert (first / "app.py").read_text() == "1"


async def test_an_archive_cannot_write_elsewhere(
    make_root: Any, tmp_path: Path
) -> None:
    archive = tmp_path / "code.zip"
    pack(archive, {"../../../outside.py": "1"})
    root = await make_root(archive).path()
    assert not (tmp_path / "outside.py").exists()
    assert (root / "outside.py").exists()


def pack(archive: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(archive, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)


def test_looking_at_the_code_takes_a_small_share_of_the_time(
    make_root: Any, monkeypatch: Any
) -> None:
    now = 0.0
    looks = 0

    def clock() -> float:
        return now

    def slow_look(_: object) -> int:
        nonlocal now, looks
        now += 0.010
        looks += 1
        return 0

    monkeypatch.setattr(time, "perf_counter", clock)
    monkeypatch.setattr(TaskRoot, "_look", slow_look)
    root = make_root("")
    looks = 0
    while now < 10:
        now += 0.001
        assert not root.changed()
    assert looks <= 10 / 0.010 * 0.02 + 1


def test_only_so_many_files_are_looked_at(
    make_root: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(code_module, "SCAN_ENTRIES", 10)
    root = make_root("")
    for number in range(50):
        (tmp_path / "fn" / f"file{number}").touch()
    assert root.changed()


@pytest.mark.parametrize(
    ("about", "inline_name", "problem"),
    [
        ({"code": Path("/no/where")}, "index.py", "Its code /no/where does not exist."),
        (
            {},
            "index.py",
            "It has no code: neither a folder or archive nor inline.",
        ),
    ],
)
def test_missing_code_is_told(
    about: dict[str, Any], inline_name: str, problem: str, make_function: Any
) -> None:
    function = make_function(about.get("code", ""))
    if not about:
        function = type(function)(
            name="fn", arn="", runtime="python3.12", handler="", origin=function.origin
        )
    assert code_problem(function, inline_name) == problem


def test_some_runtimes_have_no_inline_code(make_function: Any) -> None:
    function = make_function(inline="x", runtime="provided.al2023")
    problem = "Lambda has no inline code for the runtime provided.al2023."
    assert code_problem(function, None) == problem
