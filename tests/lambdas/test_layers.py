"""Layers: what is in them is found where Lambda's runtimes look for it."""

import shutil
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest

pytestmark = pytest.mark.aws_doc("Lambda developer guide, packaging your layer content")


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)
    return folder


def packed(folder: Path) -> Path:
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as writer:
        for file in folder.rglob("*"):
            writer.write(file, file.relative_to(folder))
    return archive


async def answer(lambdas: Any) -> Any:
    result = await lambdas.invoke("fn", b"{}")
    assert result.function_error is None, result.payload
    return orjson.loads(result.payload)


@pytest.mark.parametrize("pack", [packed, lambda folder: folder])
@pytest.mark.parametrize(
    "place", ["python/shared.py", "python/lib/python3.12/site-packages/shared.py"]
)
async def test_python_imports_from_a_layer(
    pack: Any, place: str, make_function: Any, start: Any, tmp_path: Path
) -> None:
    layer = pack(write(tmp_path / "layer", {place: "WORD = 'shared'"}))
    code = "import shared\ndef handler(event, context): return shared.WORD"
    lambdas = await start(make_function(code, layers=(layer,)))
    assert await answer(lambdas) == "shared"


async def test_a_later_layer_hides_an_earlier_one_and_code_hides_both(
    make_function: Any, start: Any, tmp_path: Path
) -> None:
    files = {"python/one.py": "WORD = '{0}'", "python/two.py": "WORD = '{0}'"}
    layers = tuple(
        write(
            tmp_path / name, {file: text.format(name) for file, text in files.items()}
        )
        for name in ("below", "above")
    )
    code = "import one, two\ndef handler(event, context): return one.WORD, two.WORD\n"
    function = make_function(code, layers=layers)
    (function.code / "two.py").write_text("WORD = 'code'")
    assert await answer(await start(function)) == ["above", "code"]


@pytest.mark.skipif(not shutil.which("node"), reason="there is no node")
@pytest.mark.parametrize("place", ["nodejs", "nodejs/node20"])
async def test_node_requires_from_a_layer(
    place: str, make_function: Any, start: Any, tmp_path: Path
) -> None:
    module = f"{place}/node_modules/shared/index.js"
    layer = write(tmp_path / "layer", {module: "module.exports = 'shared';"})
    code = "exports.handler = async () => require('shared');"
    about = {"runtime": "nodejs20.x", "handler": "index.handler", "file": "index.js"}
    lambdas = await start(make_function(code, layers=(layer,), **about))
    assert await answer(lambdas) == "shared"


async def test_programs_of_a_layer_are_on_the_path(
    make_function: Any, start: Any, tmp_path: Path
) -> None:
    script = "#!/bin/sh\necho from the layer\n"
    layer = write(tmp_path / "layer", {"bin/say": script, "lib/none.so": ""})
    code = (
        "import os, subprocess\n"
        "def handler(event, context):\n"
        "    said = subprocess.check_output(['say'], text=True)\n"
        "    return said, os.environ['LD_LIBRARY_PATH']\n"
    )
    said, libraries = await answer(await start(make_function(code, layers=(layer,))))
    assert said == "from the layer\n"
    assert libraries.endswith(str(layer / "lib"))


async def test_a_bootstrap_may_be_in_a_layer(
    make_function: Any, start: Any, tmp_path: Path
) -> None:
    script = (
        "#!/bin/sh\n"
        'base="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"\n'
        "while true; do\n"
        '  id=$(curl -s -o /dev/null -D - "$base/next" | tr -d "\\r" |\n'
        "    sed -n 's/^Lambda-Runtime-Aws-Request-Id: //p')\n"
        '  curl -s -o /dev/null -d "\\"layered\\"" "$base/$id/response"\n'
        "done\n"
    )
    layer = write(tmp_path / "layer", {"bootstrap": script})
    function = make_function(
        "", file="data.txt", layers=(layer,), runtime="provided.al2023"
    )
    assert await answer(await start(function)) == "layered"


async def test_a_changed_layer_is_used_by_the_next_event(
    make_function: Any, start: Any, tmp_path: Path
) -> None:
    layer = write(tmp_path / "layer", {"python/shared.py": "WORD = 'one'"})
    code = "import shared\ndef handler(event, context): return shared.WORD"
    lambdas = await start(make_function(code, layers=(layer,)))
    assert await answer(lambdas) == "one"
    write(layer, {"python/shared.py": "WORD = 'another'"})
    while await answer(lambdas) != "another":  # the code is looked at now and then
        pass
