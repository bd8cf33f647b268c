"""The npm packages of the tests, installed once for each lock file."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

FILES = ("package.json", "package-lock.json", ".npmrc")


def install(source: Path) -> Path:
    """Give a folder with the `node_modules` that `source` asks for.

    It is kept in the user's cache and shared by processes that run at once.
    """
    lock_file = source / "package-lock.json"
    key = hashlib.sha256(lock_file.read_bytes()).hexdigest()[:16]
    folder = cache() / key
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "installed").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for name in FILES:
                shutil.copy(source / name, folder)
            run_npm(folder)
            (folder / "installed").touch()
    return folder


def cache() -> Path:
    """Give the user's cache folder for these packages."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "appsync-emulator" / "client-tests"


def run_npm(folder: Path) -> None:
    """Install exactly what the lock file says; no package gets to run anything."""
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, f"npm ci failed:\n{done.stdout}\n{done.stderr}"
