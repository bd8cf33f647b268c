"""No function outlives the emulator, however the emulator ends.

A shell waits at the other end of a pipe. When the emulator goes, be it by SIGKILL, the
pipe closes, and the shell kills the process groups it was told of and removes their
folder. That holds for every runtime, for handlers that hang, and for what functions
have started themselves; and it needs no feature of one operating system.
"""

import contextlib
import os
import subprocess
from pathlib import Path

SCRIPT = """
groups=
while read -r sign group; do
  case $sign in
    +) groups="$groups $group" ;;
    -) left=
       for one in $groups; do [ "$one" = "$group" ] || left="$left $one"; done
       groups=$left ;;
  esac
done
for group in $groups; do kill -9 -"$group" 2>/dev/null; done
rm -rf -- "$1"
"""


class Guard:
    """Ends process groups and removes their folder when this process has ended.

    Args:
        folder: removed too, also when the guard is closed in good order.
    """

    def __init__(self, folder: Path) -> None:
        # A session of its own: Ctrl-C in the terminal must not end the guard first.
        self._pipe: int | None
        read_end, self._pipe = os.pipe()
        try:
            self._shell = subprocess.Popen(  # noqa: S603 - a constant script
                ["/bin/sh", "-c", SCRIPT, "guard", str(folder)],
                stdin=read_end,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        finally:
            os.close(read_end)

    def watch(self, group: int) -> None:
        """Take charge of a process group."""
        self._tell(f"+ {group}\n")

    def release(self, group: int) -> None:
        """Forget a process group that has ended; its id may soon be another's."""
        self._tell(f"- {group}\n")

    def close(self) -> None:
        """Let it finish; blocks for the milliseconds that removing the folder takes."""
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            os.close(pipe)
        self._shell.wait()

    def _tell(self, line: str) -> None:
        if self._pipe is None:
            return  # a process that took long to end; the number may be another file's
        with contextlib.suppress(BrokenPipeError):
            os.write(self._pipe, line.encode())
