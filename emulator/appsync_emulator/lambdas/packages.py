"""The packages of a Python function's `requirements.txt`.

`sam build` and its like install them beside the code. Here they are used from the
interpreter, where it has them; else they are installed once into a folder of the
emulator's data that all functions with the same file share.
"""

import asyncio
import errno
import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from appsync_emulator.lambdas.layers import python_folders
from appsync_emulator.lambdas.runners.language import BOOTSTRAP
from appsync_emulator.lambdas.runners.python import interpreter
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings, data_folder

log = logging.getLogger(__name__)

FILE = "requirements.txt"
LOOK_LIMIT = 30.0
INSTALL_LIMIT = 900.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What an interpreter says of a file of requirements.

    Attributes:
        missing: the lines that it does not fulfil.
        build: interpreter and platform that packages are built for.
    """

    missing: tuple[str, ...]
    build: str


class Packages:
    """Finds or installs what a function requires.

    Args:
        function: a Python one; others require nothing here.
        settings: the interpreter, the folder for data, and whether to install.
    """

    def __init__(self, function: LambdaFunction, settings: Settings) -> None:
        self._function = function
        self._settings = settings
        self._wanted = (
            settings.requirements == "install"
            and function.runtime.startswith("python")
            and function.code is not None
        )
        self._lock = asyncio.Lock()
        self._seen = b""
        self._found: Path | None = None

    async def folder(self, root: Path, layers: Sequence[Path]) -> Path | None:
        """Give the folder with the packages; None when nothing is missing.

        What cannot be installed is logged; the function then runs without it, and says
        itself what it cannot import. It is tried again when the file changes.

        Args:
            root: the folder of the code.
            layers: folders of layers, which may have the packages, too.
        """
        file = root / FILE
        if not self._wanted or not _is_there(file):
            return None
        async with self._lock:
            text = await asyncio.to_thread(_read, file)
            if text != self._seen:
                places = [root, *python_folders(self._function, layers)]
                self._found = await self._find(file, text, places)
                self._seen = text
            return self._found

    async def _find(
        self, file: Path, text: bytes, places: Sequence[Path]
    ) -> Path | None:
        python = interpreter(self._settings)
        look = await self._look(python, file, places)
        if look is None or not look.missing:
            return None
        digits = hashlib.sha256(look.build.encode() + b"\0" + text).hexdigest()[:24]
        target = data_folder(self._settings) / "packages" / digits
        if target.is_dir():
            return target
        log.info(
            "Installing what %s needs and %s does not have (%s: %s)",
            self._function.name,
            python,
            FILE,
            ", ".join(look.missing),
        )
        if not await self._install(python, file, target):
            return None
        log.info("Installed what %s needs", self._function.name)
        return target

    async def _look(
        self, python: str, file: Path, places: Sequence[Path]
    ) -> _Look | None:
        command = (python, str(BOOTSTRAP / "packages.py"), str(file), *map(str, places))
        status, out = await _run(command, LOOK_LIMIT)
        try:
            found = json.loads(out)
            return _Look(tuple(found["missing"]), found["build"])
        except (ValueError, KeyError, TypeError):
            log.warning("%s cannot be read (%d): %s", file, status, _end(out))
            return None

    async def _install(self, python: str, file: Path, target: Path) -> bool:
        """Install into a folder that gets its name when it is complete."""
        try:
            building = await asyncio.to_thread(_beside, target)
            try:
                problem = await _install_into(building, python, file)
                if problem is None:
                    building.rename(target)
            finally:
                await asyncio.to_thread(shutil.rmtree, building, ignore_errors=True)
        except OSError as error:
            taken = error.errno in (errno.EEXIST, errno.ENOTEMPTY)
            problem = None if taken else str(error)  # another one was faster
        if problem is None:
            return True
        log.error(
            "What %s needs cannot be installed; it runs without. "
            "--requirements off leaves it to you.\n%s",
            self._function.name,
            problem,
        )
        return False


def _beside(target: Path) -> Path:
    """Make a folder of any name where `target` will be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))


async def _install_into(folder: Path, python: str, file: Path) -> str | None:
    """Install; gives what went wrong, or None."""
    options = ("--quiet", "--target", str(folder), "--requirement", str(file))
    if uv := shutil.which("uv"):
        command: tuple[str, ...] = (uv, "pip", "install", "--python", python, *options)
    else:
        pip = (python, "-m", "pip", "install", "--no-input")
        command = (*pip, "--disable-pip-version-check", *options)
    status, out = await _run(command, INSTALL_LIMIT)
    return None if status == 0 else _end(out)


def _is_there(file: Path) -> bool:
    """Tell whether there is a file; none, where its folder may not be looked into."""
    try:
        return file.is_file()
    except PermissionError:
        return False


def _read(file: Path) -> bytes:
    """Read a file of requirements, with the files that it names."""
    text = file.read_bytes()
    for line in text.splitlines():
        option, _, name = line.decode("utf-8", "replace").strip().partition(" ")
        if option in ("-r", "-c"):
            other = file.parent / name.strip()
            text += other.read_bytes() if other.is_file() else b""
    return text


async def _run(command: Sequence[str], seconds: float) -> tuple[int, str]:
    """Run a program; gives its exit status and all that it has printed.

    It is ended when it takes longer, or when this is cancelled; and by Ctrl-C in the
    terminal, like everything that keeps people waiting.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    except OSError as error:
        return -1, str(error)
    try:
        async with asyncio.timeout(seconds):
            out, _ = await process.communicate()
        return process.returncode or 0, out.decode("utf-8", "replace")
    except TimeoutError:
        return -1, f"It was ended after {seconds:g} s."
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _end(text: str) -> str:
    return text.strip()[-2_000:]
