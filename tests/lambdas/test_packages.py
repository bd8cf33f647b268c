"""What a function's requirements.txt names is there when it runs."""

import asyncio
import shutil
import sys
import venv
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest

from appsync_emulator.lambdas.bootstrap.packages import missing
from appsync_emulator.settings import Settings

pytestmark = pytest.mark.ours("sam build installs what requirements.txt names")

CODE = """
import localdep
def handler(event, context): return localdep.WORD
"""


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """Make a folder with two versions of a package that nobody else has."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for version in ("1.0", "2.0"):
        about = f"localdep-{version}.dist-info"
        name = f"localdep-{version}-py3-none-any.whl"
        with zipfile.ZipFile(folder / name, "w") as wheel:
            wheel.writestr("localdep.py", f"WORD = 'version {version}'\n")
            head = f"Metadata-Version: 2.1\nName: localdep\nVersion: {version}\n"
            wheel.writestr(f"{about}/METADATA", head)
            tag = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            wheel.writestr(f"{about}/WHEEL", tag)
            wheel.writestr(f"{about}/RECORD", "")
    return folder


@pytest.fixture
def run(make_function: Any, start: Any, wheels: Path, tmp_path: Path) -> Any:
    """Start a function that requires something."""

    async def enter(
        requirement: str, code: str = CODE, layers: Any = (), **settings: Any
    ) -> Any:
        function = make_function(code, layers=layers)
        lines = f"--no-index\n--find-links {wheels}\n{requirement}\n"
        (function.code / "requirements.txt").write_text(lines)
        given = {"data_dir": str(tmp_path / "data"), **settings}
        return await start(function, settings=Settings(**given))

    return enter


async def answer(lambdas: Any) -> Any:
    result = await lambdas.invoke("fn", b"{}")
    return orjson.loads(result.payload)


async def test_what_is_missing_is_installed_once_and_told(
    run: Any, wheels: Path, caplog: Any
) -> None:
    caplog.set_level("INFO")
    lambdas = await run("localdep==1.0")
    await lambdas.prepare()
    assert "Installing what fn needs" in caplog.text
    assert "(requirements.txt: localdep==1.0)" in caplog.text
    shutil.rmtree(wheels)
    caplog.clear()
    assert await answer(lambdas) == "version 1.0"
    again = await run("localdep==1.0")
    assert await answer(again) == "version 1.0"
    assert "Installing" not in caplog.text


async def test_a_changed_file_is_installed_for_the_next_event(run: Any) -> None:
    lambdas = await run("localdep==1.0")
    assert await answer(lambdas) == "version 1.0"
    again = await run("localdep==2.0")
    while await answer(again) != "version 2.0":  # the code is looked at now and then
        pass


async def test_what_the_interpreter_has_is_not_installed(
    run: Any, tmp_path: Path
) -> None:
    code = "import pytest\ndef handler(event, context): return pytest.__name__"
    lambdas = await run("pytest>=1  # a comment", code)
    assert await answer(lambdas) == "pytest"
    assert not (tmp_path / "data").exists()


async def test_what_a_layer_has_is_not_installed(
    run: Any, wheels: Path, tmp_path: Path
) -> None:
    layer = tmp_path / "layer" / "python"
    with zipfile.ZipFile(wheels / "localdep-1.0-py3-none-any.whl") as wheel:
        wheel.extractall(layer)
    lambdas = await run("localdep==1.0", layers=(layer.parent,))
    assert await answer(lambdas) == "version 1.0"
    assert not (tmp_path / "data").exists()


async def test_functions_with_the_same_file_may_start_together(
    run: Any, caplog: Any
) -> None:
    both = [await run("localdep==1.0") for _ in range(2)]
    found = await asyncio.gather(*(answer(lambdas) for lambdas in both))
    assert found == ["version 1.0", "version 1.0"]
    assert "cannot be installed" not in caplog.text


async def test_nothing_is_installed_when_it_is_turned_off(
    run: Any, tmp_path: Path
) -> None:
    lambdas = await run("localdep==1.0", requirements="off")
    await lambdas.prepare()
    assert (await answer(lambdas))["errorType"] == "Runtime.ImportModuleError"
    assert not (tmp_path / "data").exists()


async def test_what_cannot_be_installed_is_told_and_the_function_runs(
    run: Any, caplog: Any
) -> None:
    lambdas = await run("localdep==3.0")
    assert (await answer(lambdas))["errorType"] == "Runtime.ImportModuleError"
    assert "What fn needs cannot be installed" in caplog.text
    assert "localdep==3.0" in caplog.text


async def test_a_folder_for_data_that_cannot_be_had_is_told(
    run: Any, caplog: Any, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    lambdas = await run("localdep==1.0", data_dir=str(tmp_path / "file"))
    assert (await answer(lambdas))["errorType"] == "Runtime.ImportModuleError"
    assert "What fn needs cannot be installed" in caplog.text


async def test_an_interpreter_that_is_none_is_told(run: Any, caplog: Any) -> None:
    lambdas = await run("localdep", python="/no/such/python")
    await lambdas.prepare()
    assert "requirements.txt cannot be read" in caplog.text


@pytest.mark.parametrize(
    ("line", "met"),
    [
        ("", True),
        ("# pytest", True),
        ("pytest", True),
        ("PyTest[dev]>=1,<999 ; python_version >= '3'", True),
        ("no-such-package ; python_version < '3'", True),
        ("--extra-index-url x", True),
        ("-c constraints.txt", True),
        ("no-such-package", False),
        ("pytest==0.1", False),
        ("pytest @ https://example.com/pytest.whl", False),
        ("-r others.txt", False),
        ("./folder", False),
    ],
)
def test_a_requirement_is_met_or_not(line: str, met: bool) -> None:
    assert missing([line]) == ([] if met else [line])


async def test_files_that_the_file_names_count(run: Any, make_function: Any) -> None:
    lambdas = await run("-r others.txt")
    others = make_function(CODE).code / "others.txt"
    others.write_text("localdep==1.0")
    assert await answer(lambdas) == "version 1.0"
    lambdas = await run("-r others.txt")
    others.write_text("localdep==2.0")
    assert await answer(lambdas) == "version 2.0"


async def test_nothing_is_asked_of_other_functions(
    make_function: Any, start: Any
) -> None:
    function = make_function("", runtime="nodejs20.x", file="requirements.txt")
    lambdas = await start(function, settings=Settings(python=sys.executable))
    await lambdas.prepare()


@pytest.mark.ours("--python takes what people have: a program or its environment")
async def test_a_virtual_environment_may_be_named_by_its_folder(
    make_function: Any, start: Any, tmp_path: Path
) -> None:
    venv.create(tmp_path / "venv", symlinks=True, with_pip=False)
    code = "import sys\ndef handler(event, context): return sys.prefix"
    settings = Settings(python=str(tmp_path / "venv"))
    lambdas = await start(make_function(code), settings=settings)
    assert await answer(lambdas) == str(tmp_path / "venv")
