"""The real command in a process of its own, which can be killed and started again."""

import json
import signal
import subprocess
import sysconfig
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class Server:
    """`appsync-emulator start` for the project beside this file.

    Args:
        folder: for its files; empty at first.

    Attributes:
        host: name and port, as clients write them; the port stays the same.
        key: the API key.
        ca: the file to trust for `https` and `wss`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder / "log"
        self._process, about = self._start(port=0)
        (api,) = about["apis"]
        (self.key,) = api["apiKeys"]
        self.port = about["port"]
        self.host = f"localhost:{self.port}"
        self.ca = Path(about["ca"])

    def restart(self) -> None:
        """Kill it, as a crash would, and start it again on the same port."""
        self.kill()
        self._process, about = self._start(self.port)
        assert about["port"] == self.port
        assert about["apis"][0]["apiKeys"] == [self.key]

    def stop(self) -> None:
        """End it as Ctrl-C would, and see that it had nothing to complain about."""
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(timeout=20) == 0, self._log.read_text()
        assert "Traceback" not in self._log.read_text(), self._log.read_text()

    def kill(self) -> None:
        """End it whatever it does."""
        self._process.kill()
        self._process.wait()

    def _start(self, port: int) -> tuple[subprocess.Popen[bytes], Any]:
        ready = self._folder / "ready.json"
        ready.unlink(missing_ok=True)
        command: list[str | Path] = [
            Path(sysconfig.get_path("scripts")) / "appsync-emulator",
            *("start", HERE / "project" / "template.yaml"),
            *("--port", str(port), "--ready-file", ready),
            *("--data-dir", self._folder / "data"),
        ]
        with self._log.open("a") as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            return process, self._when_ready(process, ready)
        except BaseException:
            process.kill()
            process.wait()
            raise

    def _when_ready(self, process: subprocess.Popen[bytes], ready: Path) -> Any:
        deadline = time.monotonic() + 30
        while not ready.exists():
            ended = process.poll()
            assert ended is None, f"it ended with {ended}:\n{self._log.read_text()}"
            assert time.monotonic() < deadline, f"not ready:\n{self._log.read_text()}"
            time.sleep(0.01)
        return json.loads(ready.read_text())
