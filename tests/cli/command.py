"""The installed command, and a small project for it."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from support import js, template

COMMAND = Path(sys.executable).with_name("appsync-emulator")
SCHEMA = "type Query { hello: String  slow: String } type Mutation { go: String }"


def project(folder: Path, **parts: Any) -> Path:
    """Write a template that answers `{ hello }`."""
    resolvers = {"Query.hello": js("{ return { payload: 'hi' }; }")}
    path = folder / "template.yaml"
    content = template(SCHEMA, {**resolvers, **parts.pop("resolvers", {})}, **parts)
    path.write_text(yaml.safe_dump(content))
    return path


def run(
    *arguments: object, cwd: Path, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@contextmanager
def started(
    folder: Path, data_dir: Path, *arguments: object
) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start the command and read what it prints until it serves."""
    process = subprocess.Popen(
        [COMMAND, "start", "--port", "0", "--data-dir", data_dir, *map(str, arguments)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if "AppSyncWebsocketsTransport" in line:
                break
        yield process, lines
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=10)


def ask(url: str, key: str, query: str) -> Any:
    """Send a query."""
    body = json.dumps({"query": query}).encode()
    headers = {"x-api-key": key, "content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return json.load(answer)
