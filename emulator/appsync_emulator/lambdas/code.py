"""Where a function's code lies on disk, and whether it has changed."""

import asyncio
import os
import shutil
import time
import zipfile
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from appsync_emulator.model import LambdaFunction

SCAN_SHARE = 50
"""After a look at the code that took t, none is taken for 50 t: at most 2 % of time."""

SCAN_ENTRIES = 2_000
"""Files beyond these, from the top folder down, are not looked at (a look at so many
takes 4 ms)."""

FRESH = 2.0
"""Seconds for which a change of the code is fresh."""

SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "venv"})
"""Folders that running a function fills, or that hold thousands of others' files."""


class TaskRoot:
    """The folder that is `/var/task` on AWS.

    Args:
        function: with `code` (a folder, an archive or a single file) or `inline` code.
        folder: where archives are unpacked and inline code is written.
        inline_name: `index.py` or `index.js`, the names CloudFormation gives inline
            code; None when the runtime has no inline code.
    """

    def __init__(
        self, function: LambdaFunction, folder: Path, inline_name: str | None
    ) -> None:
        self._function = function
        self._folder = folder
        self._inline_name = inline_name
        self._archive = _is_archive(function.code)
        self._unpacked: Path | None = None
        self._unpacking = asyncio.Lock()
        self._copies = 0
        self._newest = 0
        self._seen = self._look()
        self._next_look = 0.0

    def problem(self) -> str | None:
        """Tell why there is no code to run; None when there is."""
        return code_problem(self._function, self._inline_name)

    async def path(self) -> Path:
        """Give the folder, unpacked or written when that was not done yet.

        Raises:
            OSError, zipfile.BadZipFile: the archive cannot be unpacked.
        """
        code = self._function.code
        if code is not None and not self._archive:
            return code if code.is_dir() else code.parent
        async with self._unpacking:
            if self._unpacked is None:
                self._copies += 1
                target = self._folder / f"task-{self._copies}"
                await asyncio.to_thread(self._fill, target)
                self._unpacked = target
        return self._unpacked

    def fresh(self) -> bool:
        """Tell whether the code was changed in the last 2 seconds."""
        return time.time() - self._newest / 1e9 < FRESH

    def changed(self) -> bool:
        """Tell whether the code is other than at the last call.

        Cheap enough for every invocation: see `SCAN_SHARE`.
        """
        started = time.perf_counter()
        if self._function.code is None or started < self._next_look:
            return False
        seen = self._look()
        ended = time.perf_counter()
        self._next_look = ended + SCAN_SHARE * (ended - started)
        if seen == self._seen:
            return False
        self._seen = seen
        self._unpacked = None
        return True

    def _look(self) -> int:
        code = self._function.code
        if code is None:
            return 0
        entries = _files(code) if code.is_dir() else iter([code])
        seen = self._newest = 0
        for _, entry in zip(range(SCAN_ENTRIES), entries, strict=False):
            try:
                about = entry.stat()
            except OSError:  # gone while we look: the next look sees it
                continue
            self._newest = max(self._newest, about.st_mtime_ns)
            seen = hash((seen, os.fspath(entry), about.st_mtime_ns, about.st_size))
        return seen

    def _fill(self, target: Path) -> None:
        target.mkdir(parents=True)
        code, inline = self._function.code, self._function.inline
        if code is not None:
            _unpack(code, target)
        elif inline is not None and self._inline_name is not None:
            (target / self._inline_name).write_text(inline.text, encoding="utf-8")


def code_problem(function: LambdaFunction, inline_name: str | None) -> str | None:
    """Tell why a function has no code to run; None when it has."""
    if function.code is not None:
        if function.code.exists():
            return None
        return f"Its code {function.code} does not exist."
    if function.inline is None:
        return "It has no code: neither a folder or archive nor inline."
    if inline_name is None:
        return f"Lambda has no inline code for the runtime {function.runtime}."
    return None


def _is_archive(code: Path | None) -> bool:
    return code is not None and code.is_file() and zipfile.is_zipfile(code)


def _files(folder: Path) -> Iterator[os.DirEntry[str] | Path]:
    folders = deque([os.fspath(folder)])
    while folders:
        try:
            with os.scandir(folders.popleft()) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or entry.name in SKIPPED:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        yield entry
        except OSError:  # gone or not readable: running it will tell
            continue


def _unpack(archive: Path, target: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        for about in packed.infolist():
            written = packed.extract(about, target)
            # zipfile forgets the permissions, and a bootstrap must be executable.
            mode = (about.external_attr >> 16) & 0o777
            if mode and not about.is_dir():
                Path(written).chmod(mode | 0o400)


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it, as far as possible."""
    shutil.rmtree(folder, ignore_errors=True)
