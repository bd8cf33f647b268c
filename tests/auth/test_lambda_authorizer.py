"""AWS_LAMBDA: what the function is told, and what its answer does."""

import asyncio
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from appsync_emulator.auth import lambda_authorizer
from appsync_emulator.auth.registry import Gate
from appsync_emulator.clock import ManualClock
from appsync_emulator.lambdas.invocation import Invocation, InvokeRejected

from .conftest import ACCOUNT, Asking, Makes, provider
from .issuers import admit, denied

DOC = "developer guide, AWS_LAMBDA authorization"
MODE: Any = "AWS_LAMBDA"
YES = {"isAuthorized": True}
UNAUTHORIZED = (
    "UnauthorizedException",
    "You are not authorized to make this call.",
    401,
)
ARN = f"arn:aws:appsync:us-east-1:{ACCOUNT}:apis/{'a' * 26}"


@dataclass
class Functions:
    """Stands for the application's functions: one that says what it is told to."""

    answer: Any = None
    error: str | None = None
    raises: Exception | None = None
    waits: bool = False
    events: list[Any] = field(default_factory=list)

    async def invoke(self, name: str, payload: bytes) -> Invocation:
        assert name == "authorizer"
        self.events.append(json.loads(payload))
        if self.raises is not None:
            raise self.raises
        if self.waits:
            await asyncio.Event().wait()
        answer = self.answer
        text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return Invocation(text, self.error, "r")  # type: ignore[arg-type]


@pytest.fixture
def functions() -> Functions:
    return Functions(YES)


@pytest.fixture
def gate(clock: ManualClock, functions: Functions) -> Callable[..., Gate]:
    makes = Makes(clock, lambdas=functions)
    return lambda **settings: makes.api([provider(MODE, **settings)])


async def caller(gate: Gate, token: str = "token") -> Any:
    return await admit(gate, Asking({"authorization": token}))


@pytest.mark.aws_doc(f"{DOC}: the shape of the event")
async def test_the_function_is_told_who_asks_for_what(
    gate: Any, functions: Functions
) -> None:
    headers = {"authorization": "Bearer x", "user-agent": "me"}
    asked = ("query A($a: Int) { a }", "A", {"a": 1})
    await admit(gate(), Asking(headers, asked=asked))
    (event,) = functions.events
    assert uuid.UUID(event["requestContext"].pop("requestId")).version == 4
    assert event == {
        "authorizationToken": "Bearer x",
        "requestContext": {
            "apiId": "a" * 26,
            "accountId": ACCOUNT,
            "queryString": "query A($a: Int) { a }",
            "operationName": "A",
            "variables": {"a": 1},
        },
        "requestHeaders": headers,
    }


@pytest.mark.aws_doc(f"{DOC}: resolverContext, deniedFields")
async def test_its_answer_becomes_identity_and_rights(
    gate: Any, functions: Functions
) -> None:
    functions.answer = {
        **YES,
        "resolverContext": {"banana": "very yellow", "n": 1},
        "deniedFields": [
            "Query.a",
            f"{ARN}/types/Post/fields/title",
            # Of another API, and what AppSync does not know either.
            f"{ARN[:-1]}b/types/Post/fields/id",
            "Mutation",
            "Mutation.",
            7,
        ],
    }
    one = await caller(gate())
    context = {"resolverContext": {"banana": "very yellow", "n": 1}}
    assert one.identity.value == context
    assert one.rights.denied == {"Query.a", "Post.title"}


@pytest.mark.aws_doc("LocalStack's recording of authType: the context is optional")
async def test_without_a_context_the_identity_is_empty(gate: Any) -> None:
    assert (await caller(gate())).identity.value == {}


REFUSING: list[Any] = [
    {"isAuthorized": False},
    {},
    None,
    [],
    "yes",
    {"isAuthorized": "true"},
    {"isAuthorized": 1},
    b"",
    b"{",
    {**YES, "resolverContext": {"a": {"b": 1}}},
    {**YES, "resolverContext": {"a": [1]}},
    {**YES, "resolverContext": "text"},
    {**YES, "resolverContext": {"a": "x" * (5 * 1024 * 1024)}},
]


@pytest.mark.aws_doc(f"{DOC}: whatever is not a plain yes is a no")
@pytest.mark.parametrize("answer", REFUSING, ids=lambda one: str(one)[:40])
async def test_any_other_answer_refuses(
    gate: Any, functions: Functions, answer: Any
) -> None:
    functions.answer = answer
    assert await denied(gate(), "token") == UNAUTHORIZED


@pytest.mark.aws_doc(f"{DOC}: an exception is treated as unauthorized")
async def test_a_failing_function_refuses(gate: Any, functions: Functions) -> None:
    functions.error = "Unhandled"
    assert await denied(gate(), "token") == UNAUTHORIZED


@pytest.mark.aws_doc(f"{DOC}: a time-out of 10 seconds")
async def test_a_function_that_takes_too_long_refuses(
    gate: Any, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lambda_authorizer.SECONDS == 10
    monkeypatch.setattr(lambda_authorizer, "SECONDS", 0.01)
    functions.waits = True
    assert await denied(gate(), "token") == UNAUTHORIZED


@pytest.mark.aws_observed("aws-cdk #19239: an authorizer that cannot be invoked")
async def test_a_function_that_is_not_there_is_a_bad_request_without_words(
    gate: Any, functions: Functions
) -> None:
    functions.raises = InvokeRejected("ResourceNotFoundException", "no such", 404)
    assert await denied(gate(), "token") == ("BadRequestException", None, 400)


@pytest.mark.aws_doc(f"{DOC}: IdentityValidationExpression")
async def test_a_token_of_another_form_does_not_reach_the_function(
    gate: Any, functions: Functions
) -> None:
    one = gate(IdentityValidationExpression="Bearer [a-z]+")
    assert await denied(one, "token") == UNAUTHORIZED
    assert await denied(one, "Bearer abc1") == UNAUTHORIZED
    assert functions.events == []
    assert await caller(one, "Bearer abc")


@pytest.mark.aws_doc(f"{DOC}: caching is off unless it is turned on")
@pytest.mark.parametrize(
    "ttl",  # the API's, the answer's, what counts
    [(0, None, 0), (60, None, 60), (0, 30, 30), (60, 0, 0), (60, 10, 10)],
)
@pytest.mark.parametrize("good", [True, False])
async def test_an_answer_counts_as_long_as_it_says(
    gate: Any,
    functions: Functions,
    clock: ManualClock,
    ttl: tuple[int, int | None, int],
    good: bool,
) -> None:
    setting, override, seconds = ttl
    functions.answer = {"isAuthorized": good}
    if override is not None:
        functions.answer["ttlOverride"] = override
    one = gate(AuthorizerResultTtlInSeconds=setting)

    async def ask(token: str = "token") -> None:
        if good:
            await caller(one, token)
        else:
            assert await denied(one, token) == UNAUTHORIZED

    await ask()
    await ask()
    assert len(functions.events) == (1 if seconds else 2)
    await ask("another")
    clock.advance(max(0, seconds - 1))
    await ask()
    assert len(functions.events) == (2 if seconds else 4)
    clock.advance(1)
    await ask()
    assert len(functions.events) == (3 if seconds else 5)


@pytest.mark.aws_doc(f"{DOC}: responses of 1,048,576 bytes and more are not cached")
@pytest.mark.parametrize(("size", "asked"), [(1_048_000, 1), (1_048_576, 2)])
async def test_a_big_answer_is_not_kept(
    gate: Any, functions: Functions, size: int, asked: int
) -> None:
    functions.answer = {**YES, "resolverContext": {"x": "x" * size}}
    one = gate(AuthorizerResultTtlInSeconds=60)
    await caller(one)
    await caller(one)
    assert len(functions.events) == asked


@pytest.mark.aws_doc(f"{DOC}: where its mode is on, a JWT is none of the function's")
@pytest.mark.parametrize("mode", ["OPENID_CONNECT", "AMAZON_COGNITO_USER_POOLS"])
async def test_a_jwt_reaches_the_function_only_where_there_is_no_mode_for_it(
    clock: ManualClock, functions: Functions, mode: Any
) -> None:
    token = "e30.e30.c2ln"
    makes = Makes(clock, lambdas=functions)
    assert await caller(makes(MODE), token)
    both = makes(mode, MODE)
    message = "Valid authorization header not provided."
    assert (await denied(both, token))[1] == message
    # The guide's way around: something before or after it.
    assert await caller(both, token + "-suffix.x")
    assert await caller(both, "custom")


@pytest.mark.aws_doc(
    f"{DOC}: where AWS_IAM is on, a signature is none of the function's"
)
async def test_a_signature_reaches_the_function_only_where_no_iam_is(
    clock: ManualClock, functions: Functions
) -> None:
    signed = "AWS4-HMAC-SHA256 Credential=x"
    makes = Makes(clock, lambdas=functions)
    assert await caller(makes(MODE), signed)
    assert (await denied(makes(MODE, "AWS_IAM"), signed))[2] == 400
