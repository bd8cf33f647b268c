"""Says messages one after the other, as a function streaming a model's answer would."""

import http.client
import json
import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SAY = """
mutation Say($room: ID!, $number: Int!, $text: String!, $last: Boolean!) {
  say(room: $room, number: $number, text: $text, last: $last) { room number text last }
}
"""


def handler(event: dict[str, Any], _context: object) -> None:
    wait_for(Path(event["gate"]))
    url = urlsplit(os.environ["GRAPHQL_URL"])
    connection = http.client.HTTPConnection(url.netloc, timeout=10)
    headers = {"content-type": "application/json", "x-api-key": os.environ["API_KEY"]}
    for number in range(event["count"]):
        variables = {
            "room": event["room"],
            "number": number,
            "text": f"word{number} ",
            "last": number == event["count"] - 1,
        }
        body = json.dumps({"query": SAY, "variables": variables})
        connection.request("POST", url.path, body, headers)
        answer = json.load(connection.getresponse())
        if answer.get("errors"):
            raise RuntimeError(answer["errors"])
    connection.close()


def wait_for(gate: Path) -> None:
    """The client opens the gate when the mutation has been answered, not earlier."""
    deadline = time.monotonic() + 30
    while not gate.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{gate} did not appear: was the mutation answered?")
        time.sleep(0.01)
