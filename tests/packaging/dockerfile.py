"""Reads a Dockerfile and follows it without Docker.

Each stage becomes a folder that stands for `/`, and all stages share one clean virtual
environment that stands for the base image's Python. Steps that change the system
(`apt-get`, `useradd`) are not run; the tests read them instead.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

SYSTEM = ("apt-get", "useradd")


@dataclass(frozen=True)
class Instruction:
    """One instruction: its name in capitals and all that follows."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """The arguments, of the JSON form or else split at spaces."""
        if self.text.startswith("["):
            words: list[str] = json.loads(self.text)
            return words
        return self.text.split()


@dataclass
class Image:
    """What following a Dockerfile gave.

    Attributes:
        bin: the environment's folder of commands.
        workdir: the folder that stands for the last stage's WORKDIR.
        settings: the last instruction of each name in the last stage.
    """

    bin: Path
    workdir: Path
    settings: dict[str, Instruction] = field(default_factory=dict)


def parse(text: str) -> Iterator[Instruction]:
    """Yield the instructions of a Dockerfile."""
    lines = [line for line in text.splitlines() if not re.match(r"\s*(#|$)", line)]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        name, _, rest = line.partition(" ")
        yield Instruction(name.upper(), rest.strip())


def ignored(root: Path, path: str) -> bool:
    """Tell whether .dockerignore keeps `path` out; the last matching line counts."""
    result = False
    for line in (root / ".dockerignore").read_text().split():
        pattern = line.removeprefix("!")
        parts = Path(path).parts
        starts = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        names = parts if pattern.startswith("**/") else starts
        if any(fnmatch(name, pattern.removeprefix("**/")) for name in names):
            result = not line.startswith("!")
    return result


def build_image(root: Path, base: Path) -> Image:
    """Follow the Dockerfile of `root` in the empty folder `base`."""
    subprocess.run([sys.executable, "-m", "venv", base / "python"], check=True)
    image = Image(base / "python" / "bin", base)
    stages: dict[str, Path] = {}
    stage = base
    for instruction in parse((root / "Dockerfile").read_text()):
        image.settings[instruction.name] = instruction
        match instruction.name, instruction.words:
            case "FROM", [_, *alias]:
                stage = base / f"stage{len(stages)}"
                stages[alias[-1] if alias else ""] = stage
                image.settings = {"FROM": instruction}
            case "WORKDIR", [folder]:
                image.workdir = stage / folder.lstrip("/")
                image.workdir.mkdir(parents=True)
            case "COPY", [option, source, target] if option.startswith("--from="):
                origin = stages[option.removeprefix("--from=")]
                shutil.copytree(origin / source.lstrip("/"), stage / target.lstrip("/"))
            case "COPY", [*sources, target]:
                for source in sources:
                    _copy(root, source, image.workdir / target)
            case "RUN", [command, *_] if command not in SYSTEM:
                _run(instruction.text, image, stage)
    return image


def _copy(root: Path, source: str, target: Path) -> None:
    for path in [root / source, *(root / source).rglob("*")]:
        relative = path.relative_to(root)
        if path.is_dir() or ignored(root, str(relative)):
            continue
        inner = path.relative_to(root / source)
        destination = target / (inner if inner.parts else path.name)
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, destination)


def _run(command: str, image: Image, stage: Path) -> None:
    """Run a shell command in which absolute paths lie in the stage's folder."""
    moved = re.sub(r"(?<![\w.])/(?=\w)", f"{stage}/", command)
    path = f"{image.bin}{os.pathsep}{os.environ['PATH']}"
    # The cache is the one thing that is spared: it saves a download for each run.
    done = subprocess.run(
        ["sh", "-c", moved.replace("--no-cache-dir", "")],
        cwd=image.workdir,
        env={"PATH": path, "HOME": os.environ.get("HOME", str(stage)), **_pip()},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"{moved}\n{done.stdout}\n{done.stderr}"


def _pip() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name[:4] == "PIP_"}
