"""The clients, and how each is pointed at the emulator."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .node_packages import install
from .server import Server

HERE = Path(__file__).parent
NODE_SCRIPTS = HERE / "node"
INSTALL = {
    "node": "install Node.js 18 or later",
    "npm": "install npm",
    "chromium": "install Chromium (Debian's package is `chromium`)",
    "certutil": "install NSS's tools (Debian's package is `libnss3-tools`)",
}
Place = Literal["Node.js", "Chromium", "Python"]


@dataclass(frozen=True)
class Way:
    """How a client is pointed at the emulator.

    Attributes:
        client: name of the client for its driver.
        place: what it runs in.
        scheme: of the GraphQL endpoint that its configuration names.
        socket: the scheme of the websocket that it opens.
        path: of that websocket.
        http: which of its HTTP transports it uses, where it has several.
    """

    client: str
    place: Place
    scheme: str
    socket: str
    path: str = "/graphql/realtime"
    http: str = ""

    def missing(self) -> list[str]:
        """Tell what has to be installed first."""
        commands = {
            "Node.js": ["node", "npm"],
            "Chromium": ["node", "npm", "chromium", "certutil"],
            "Python": [],
        }[self.place]
        return [INSTALL[command] for command in commands if not shutil.which(command)]

    def url(self, server: Server) -> str:
        """Give the address of the websocket."""
        return f"{self.socket}://{server.host}{self.path}"

    def options(self, server: Server) -> dict[str, Any]:
        """Give what the driver needs for this client."""
        return {
            "endpoint": f"{self.scheme}://{server.host}/graphql",
            "realtime": self.url(server),
            "key": server.key,
            "ca": str(server.ca),
            "http": self.http,
            "chromium": shutil.which("chromium"),
        }

    def command(self, scripts: Path) -> list[str]:
        """Give the driver's command; `scripts` are those for Node.js."""
        if self.place == "Python":
            return [sys.executable, "-m", "clients.python.driver", self.client]
        script = "browser.mjs" if self.place == "Chromium" else "driver.mjs"
        return ["node", str(scripts / script), self.client]

    def environment(self, ca: Path, home: Path) -> dict[str, str]:
        """Give the environment, in which `ca` is trusted if the client needs that.

        Args:
            ca: the emulator's authority.
            home: an empty folder for a browser's user.
        """
        environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
        environment.pop("NODE_EXTRA_CA_CERTS", None)
        trust = self.socket == "wss"
        if self.place == "Node.js" and trust:
            environment["NODE_EXTRA_CA_CERTS"] = str(ca)
        if self.place == "Chromium":
            environment["HOME"] = str(home)
            for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
                environment.pop(name, None)
            if trust:
                import_authority(ca, home)
        return environment


WAYS = {
    # Amplify turns http:// into wss://, so one port has to speak both.
    "Amplify": Way("amplify", "Node.js", "http", "wss"),
    "Amplify over TLS": Way("amplify", "Node.js", "https", "wss"),
    # It looks for the scheme in lower case only: another spelling needs no trust.
    "Amplify in clear": Way("amplify", "Node.js", "HTTP", "ws"),
    "Amplify in Chromium": Way("amplify", "Chromium", "http", "wss"),
    "Amplify in Chromium in clear": Way("amplify", "Chromium", "HTTP", "ws"),
    "Apollo": Way("apollo", "Node.js", "http", "ws"),
    "Apollo over TLS": Way("apollo", "Node.js", "https", "wss"),
    "gql": Way("gql", "Python", "http", "ws", "/graphql", "aiohttp"),
    "gql with httpx over TLS": Way("gql", "Python", "http", "wss", http="httpx"),
    "appsync-ws-client": Way("appsync-ws-client", "Python", "http", "ws"),
}


def import_authority(ca: Path, home: Path) -> None:
    """Import an authority as a user of Chromium under Linux does."""
    database = home / ".local" / "share" / "pki" / "nssdb"
    database.mkdir(parents=True)
    for options in (
        ["-N", "--empty-password"],
        ["-A", "-n", "appsync-emulator", "-t", "C,,", "-i", str(ca)],
    ):
        subprocess.run(
            ["certutil", "-d", f"sql:{database}", *options],
            check=True,
            capture_output=True,
            timeout=30,
        )


def node_scripts(folder: Path) -> Path:
    """Put the scripts beside their packages, which are kept outside the repository."""
    folder.mkdir()
    for script in NODE_SCRIPTS.glob("*.mjs"):
        shutil.copy(script, folder)
    (folder / "node_modules").symlink_to(install(NODE_SCRIPTS) / "node_modules")
    return folder
