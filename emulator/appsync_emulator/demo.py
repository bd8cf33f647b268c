"""The streaming loop shown to a human, by a client that knows only the wire.

`appsync-emulator demo` serves the streaming-chat example, then queue-worker, and runs
this for each: it subscribes, sends the mutation, prints what arrives when, and checks
it. Nothing in here imports the emulator, so what it shows any client would see.
"""

import asyncio
import base64
import json
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urljoin, urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from appsync_emulator.timeline import Answer, Timeline, proved, show

VARIANTS = {
    "ask": "JavaScript resolver, Python function",
    "askVtl": "VTL resolver, Python function",
    "askNode": "JavaScript resolver, Node.js function",
}
"""The mutations of the example and what each one shows."""

QUEUED = {
    "ask": "Python worker behind a queue",
    "askNode": "Node.js worker behind a queue",
}
"""The same for the example with the queue."""

AGAIN = "the same again, with all functions warm"

PROMPT = "Why does streaming feel fast?"
SUBPROTOCOL = Subprotocol("graphql-ws")

TITLES = (
    "A mutation starts a function and does not wait; tokens come by subscription",
    "The older way: a mutation waits for a function that fills a queue",
)

PATIENCE = 10.0
"""Seconds that one answer may take."""


UNREADABLE = (OSError, ValueError, LookupError, httpx.HTTPError, WebSocketException)
"""What an unreachable server, or one that speaks otherwise, ends in."""


class Failed(Exception):
    """The server did not do its part; the message says which."""


def example_folder(name: str = "streaming-chat") -> Path:
    """Give the folder of an example, installed or in the repository.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    here = Path(__file__).parent
    for base in (here, here.parents[1]):
        folder = base / "examples" / name
        if (folder / "template.yaml").is_file():
            return folder
    raise FileNotFoundError(f"examples/{name} is missing in this installation")


async def run_demo(
    graphql_url: str,
    realtime_url: str,
    api_key: str,
    *,
    mutations: Sequence[str] = tuple(VARIANTS),
    variants: Mapping[str, str] = VARIANTS,
    into: list[Answer] | None = None,
    out: TextIO,
) -> bool:
    """Ask once by each of `mutations` and print a timeline as it happens.

    Args:
        graphql_url: of the example's API, on `http://`.
        realtime_url: of the same API, on `ws://`.
        api_key: for both.
        mutations: names from `variants`; the others are named as left out.
        variants: `VARIANTS` or `QUEUED`; with the latter the mutation waits for a
            function and is answered with the id of a message.
        into: gets the answers.
        out: where the timeline goes.

    Returns:
        Whether every answer arrived as it should: the mutation's at once, then each
        token once, in order, giving the model's text.
    """
    queued = variants is QUEUED
    show(out, TITLES[queued])
    show(out, f"  HTTP       {graphql_url}\n  WebSocket  {realtime_url}")
    answers = [] if into is None else into
    try:
        async with (
            httpx.AsyncClient(
                headers={"x-api-key": api_key}, trust_env=False, timeout=PATIENCE
            ) as http,
            realtime(graphql_url, realtime_url, api_key) as socket,
        ):
            text = await whole_answer(
                http, urljoin(graphql_url, "/v1/chat/completions")
            )
            for mutation in mutations:
                again = any(one.mutation == mutation for one in answers)
                show(out, f"\n{mutation}: {AGAIN if again else variants[mutation]}")
                answer = Answer(mutation, queued)
                async with asyncio.timeout(PATIENCE):
                    await ask(http, graphql_url, socket, answer, Timeline(out))
                show(out, f"     ok  {verdict(answer, text)}")
                answers.append(answer)
    except (Failed, TimeoutError) as error:
        show(out, f"\n FAILED  {str(error) or f'nothing more came for {PATIENCE:g} s'}")
        return False
    except UNREADABLE as error:
        show(out, f"\n FAILED  {type(error).__name__}: {error}")
        return False
    if not queued:
        show(out, proved(answers))
    for mutation, about in variants.items():
        if mutation not in mutations:
            show(out, f"Left out: {mutation} ({about}).")
    return True


# What is asked


async def ask(
    http: httpx.AsyncClient,
    url: str,
    socket: "Socket",
    answer: Answer,
    timeline: Timeline,
) -> None:
    """Subscribe, send the mutation, and take in tokens until the last one."""
    session = uuid.uuid4().hex[:8]
    mutation = answer.mutation
    subscription = (
        f'subscription {{ onToken(session: "{session}") '
        "{ session sequence text done error } }"
    )
    await socket.start(session, subscription)
    timeline.start()
    timeline.line(f'subscribed to onToken(session: "{session}"); sending the mutation')

    async def send() -> None:
        query = (
            f"mutation ($session: ID!, $prompt: String!) "
            f"{{ {mutation}(session: $session, prompt: $prompt) }}"
        )
        variables = {"session": session, "prompt": PROMPT}
        request = {"query": query, "variables": variables}
        response = await http.post(url, json=request)
        answer.answered = timeline.now()
        timeline.line(f"the mutation is answered: {response.text}")
        _check_answer(response, answer)

    async def receive() -> None:
        while not (answer.tokens and answer.tokens[-1]["done"]):
            token = await socket.token(session)
            answer.tokens.append(token)
            answer.times.append(timeline.now())
            if not token["done"]:
                timeline.token(token["text"])

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(receive())
            group.create_task(send())
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    timeline.line("done")
    answer.tokens += [token async for token in socket.stop(session)]


async def whole_answer(http: httpx.AsyncClient, url: str) -> str:
    """Ask the stand-in model itself, without streaming and without its pauses."""
    messages = [{"role": "user", "content": PROMPT}]
    request = {"model": "stand-in@rate=0,first=0", "messages": messages}
    response = await http.post(url, json=request)
    content: str = response.json()["choices"][0]["message"]["content"]
    return content


# What is checked


def _check_answer(response: httpx.Response, answer: Answer) -> None:
    """Insist on null, or on the id of a message."""
    match response.json():
        case {"data": {answer.mutation: None}, **rest} if not answer.queued:
            if not rest:
                return
        case {"data": {answer.mutation: str()}, **rest} if answer.queued and not rest:
            return
    wanted = "the id of a message" if answer.queued else "null"
    raise Failed(f"the mutation's answer is not {wanted}: {response.text}")


def verdict(answer: Answer, text: str) -> str:
    """Say what was right about an answer.

    Raises:
        Failed: something was not.
    """
    last = answer.tokens[-1]
    if last["error"]:
        raise Failed(f"the function says: {last['error']}")
    numbers = [token["sequence"] for token in answer.tokens]
    if numbers != list(range(len(numbers))):
        raise Failed(f"tokens are missing, doubled or out of order: {numbers}")
    said = "".join(token["text"] for token in answer.tokens)
    if said != text:
        raise Failed(f"the tokens give {said!r}, but the model said {text!r}")
    later = sum(at > answer.answered for at in answer.times[:-1])
    if not later and not answer.queued:
        raise Failed("the mutation was answered only when its function was done")
    return (
        f"{len(numbers) - 1} tokens, once each and in order, {later} after the "
        "mutation's answer; the model's text"
    )


# The realtime protocol, after AppSync's developer guide


class Socket:
    """A client of the `graphql-ws` subprotocol as AppSync speaks it."""

    def __init__(self, connection: ClientConnection, authorization: Any) -> None:
        self._connection = connection
        self._authorization = authorization

    async def start(self, id_: str, query: str) -> None:
        """Subscribe, and wait until AppSync has acknowledged it."""
        payload = {
            "data": json.dumps({"query": query, "variables": {}}),
            "extensions": {"authorization": self._authorization},
        }
        await self.send({"id": id_, "type": "start", "payload": payload})
        await self.expect("start_ack", id_)

    async def token(self, id_: str) -> Any:
        """Give the next token of the subscription."""
        return _token(await self.expect("data", id_))

    async def stop(self, id_: str) -> AsyncIterator[Any]:
        """Unsubscribe; yields the tokens that came nevertheless."""
        await self.send({"id": id_, "type": "stop"})
        while (message := await self.receive())["type"] != "complete":
            yield _token(message)

    async def expect(self, kind: str, id_: str | None = None) -> Any:
        """Give the next message, which must be of this kind and subscription."""
        message = await self.receive()
        if message["type"] != kind or message.get("id") != id_:
            raise Failed(f"{kind} was expected, but {json.dumps(message)} came")
        return message

    async def send(self, message: Any) -> None:
        """Send a message."""
        await self._connection.send(json.dumps(message))

    async def receive(self) -> Any:
        """Give the next message that is no keep-alive."""
        async with asyncio.timeout(PATIENCE):
            while True:
                message = json.loads(await self._connection.recv())
                if message["type"] != "ka":
                    return message


def _token(message: Any) -> Any:
    """Give the token in an event, which must hold nothing else."""
    match message:
        case {"type": "data", "payload": {"data": {"onToken": dict(token)}, **rest}}:
            if not rest.get("errors"):
                return token
    raise Failed(f"a token was expected, but {json.dumps(message)} came")


@asynccontextmanager
async def realtime(
    graphql_url: str, realtime_url: str, api_key: str
) -> AsyncIterator[Socket]:
    """Connect with an API key, carried in the subprotocol."""
    authorization = {"host": urlsplit(graphql_url).netloc, "x-api-key": api_key}
    encoded = base64.urlsafe_b64encode(json.dumps(authorization).encode())
    credentials = Subprotocol(f"header-{encoded.decode().rstrip('=')}")
    async with connect(
        realtime_url,
        subprotocols=[SUBPROTOCOL, credentials],
        proxy=None,
        ping_interval=None,
        open_timeout=PATIENCE,
    ) as connection:
        socket = Socket(connection, authorization)
        await socket.send({"type": "connection_init"})
        await socket.expect("connection_ack")
        yield socket
