"""AWS's evaluate APIs: `aws appsync evaluate-code`, `evaluate-mapping-template`.

They are AppSync's management API in REST-JSON, so errors have other forms than those of
GraphQL requests. Signatures are not checked, and none is needed: whoever reaches this
port may evaluate code, which reads and changes nothing outside of its context.

Sources: API reference, EvaluateCode, EvaluateMappingTemplate, BadRequestException; the
constraints are those of the service model that AWS's SDKs are made from. The wording of
refused input is what AWS's services have in common; AppSync's own is not published.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from appsync_emulator.jsontext import dumps
from appsync_emulator.server.exchange import Answer
from appsync_emulator.types import JSON
from appsync_resolvers import Context
from appsync_resolvers.evaluation import (
    FUNCTIONS,
    ContextRejected,
    Evaluation,
    FunctionName,
    Runtime,
    read_context,
    run,
)

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024
"""Bytes. The longest members allowed, every character escaped, are half of it."""

AT_ONCE = 2
"""Evaluations that run at the same time; the others wait. Each may hold a thread for
seconds, and resolvers that take long need threads of the same pool."""


class BadRequest(Exception):
    """A request that is answered with AWS's `BadRequestException`."""


@dataclass(frozen=True, slots=True)
class Task:
    """A request that has been checked."""

    text: str
    context: Context
    function: FunctionName
    runtime: Runtime

    def run(self) -> Evaluation:
        """Evaluate; blocks its thread for seconds at most."""
        return run(
            self.text, self.context, function=self.function, runtime=self.runtime
        )


def routes() -> list[Route]:
    """Give the routes, to stand before what else is at `/v1`."""
    places = asyncio.Semaphore(AT_ONCE)

    def route(path: str, parse: Callable[[bytes], Task]) -> Route:
        async def endpoint(request: Request) -> Response:
            answer = await _answer(request, parse, places)
            response = Response(answer.body, answer.status)
            response.raw_headers = answer.head()
            return response

        return Route(path, endpoint, methods=["POST"])

    return [
        route("/v1/dataplane-evaluatecode", parse_code),
        route("/v1/dataplane-evaluatetemplate", parse_template),
    ]


async def _answer(
    request: Request, parse: Callable[[bytes], Task], places: asyncio.Semaphore
) -> Answer:
    try:
        task = parse(await _body(request))
        async with places:
            loop = asyncio.get_running_loop()
            evaluation = await loop.run_in_executor(None, task.run)
        return Answer(200, dumps(evaluation.as_answer()))
    except BadRequest as error:
        return _failure(400, "BadRequestException", str(error))
    except Exception:
        log.exception("evaluating failed")
        return _failure(500, "InternalFailureException", "Internal Failure")


def _failure(status: int, error_type: str, message: str) -> Answer:
    headers = [(b"x-amzn-errortype", error_type.encode())]
    return Answer(status, dumps({"message": message}), headers)


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > MAX_BODY:
                raise BadRequest("The request is larger than 1 MB.")
    except ClientDisconnect:
        raise BadRequest("The client went away.") from None
    return bytes(body)


def parse_code(body: bytes) -> Task:
    """Read a request of EvaluateCode.

    Raises:
        BadRequest: it breaks a constraint of the API.
    """
    given = _read(body)
    code = given.text("code", 1, 32_768)
    context = given.text("context", 2, 28_000)
    runtime = given.members("runtime")
    runtime.choice("name", ("APPSYNC_JS",))
    runtime.choice("runtimeVersion", ("1.0.0",))
    # AWS does not say what is evaluated when no function is named.
    function = given.choice("function", FUNCTIONS, default="request")
    given.raise_any()
    return Task(code, _context(context), function, "APPSYNC_JS")


def parse_template(body: bytes) -> Task:
    """Read a request of EvaluateMappingTemplate.

    Raises:
        BadRequest: it breaks a constraint of the API.
    """
    given = _read(body)
    template = given.text("template", 2, 65_536)
    context = given.text("context", 2, 28_000)
    given.raise_any()
    return Task(template, _context(context), "request", "VTL")


def _context(text: str) -> Context:
    try:
        given = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The context is not valid JSON: {error}") from None
    try:
        # AWS, too, takes names that no context has; the command refuses them.
        return read_context(given, strict=False)
    except ContextRejected as error:
        raise BadRequest(str(error)) from None


def _read(body: bytes) -> "_Members":
    try:
        value = orjson.loads(body)
    except ValueError as error:
        raise BadRequest(f"The request is not valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadRequest("The request must be a JSON object.")
    return _Members(value, "", [])


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number.")


class _Members:
    """The members of a JSON object, and what is wrong with them."""

    def __init__(self, value: dict[str, JSON], path: str, wrong: list[str]) -> None:
        self._value = value
        self._path = path
        self._wrong = wrong

    def members(self, name: str) -> "_Members":
        """Give the members of an object; what is wrong with them is noted here too.

        When there is no object, that alone is noted.
        """
        value: Any = self._value.get(name)
        path = f"{self._path}{name}."
        if self._require(name, value, dict, "an object"):
            return _Members(value, path, self._wrong)
        return _Members({}, path, [])

    def text(self, name: str, least: int, most: int) -> str:
        """Give a text that has to be there, of a length in UTF-16 units as in Java."""
        value: Any = self._value.get(name)
        if not self._require(name, value, str, "a string"):
            return ""
        length = len(value.encode("utf-16-le", "surrogatepass")) // 2
        if length < least:
            must = f"have length greater than or equal to {least}"
        elif length > most:
            must = f"have length less than or equal to {most}"
        else:
            return str(value)
        self._note(f"Value at '{self._path}{name}'", must)
        return ""

    def choice(
        self, name: str, allowed: tuple[Any, ...], default: str | None = None
    ) -> Any:
        """Give one of some texts, the default when it is absent."""
        value = self._value.get(name)
        if value is None and default is not None:
            return default
        if self._require(name, value, str, "a string") and value not in allowed:
            must = f"satisfy enum value set: [{', '.join(allowed)}]"
            self._note(f"Value '{value}' at '{self._path}{name}'", must)
        return value

    def raise_any(self) -> None:
        """Raise everything that was wrong at once.

        Raises:
            BadRequest: something was.
        """
        count = len(self._wrong)
        if count:
            errors = "error" if count == 1 else "errors"
            text = "; ".join(self._wrong)
            raise BadRequest(f"{count} validation {errors} detected: {text}")

    def _require(self, name: str, value: JSON, kind: type, named: str) -> bool:
        if value is None:
            self._note(f"Value null at '{self._path}{name}'", "not be null")
        elif not isinstance(value, kind):
            self._note(f"Value at '{self._path}{name}'", f"be {named}")
        return isinstance(value, kind)

    def _note(self, what: str, must: str) -> None:
        self._wrong.append(f"{what} failed to satisfy constraint: Member must {must}")
