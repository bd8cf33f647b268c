"""AWS_LAMBDA: invoke a function, wait for it or not, one by one or in groups.

Source: AppSync developer guide, Lambda function resolver reference. What the function
receives is the bare `payload`: the reference page prints the whole request document,
but AWS's own tutorials read fields of the payload straight off the event.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import orjson

from appsync_emulator.datasources.datasource import (
    DataSourceError,
    Scope,
    Step,
    invalid_document,
    object_document,
)
from appsync_emulator.errors import EmulatorError
from appsync_emulator.jsontext import dumps
from appsync_emulator.lambdas.service import Invocation, InvokeRejected, Lambdas
from appsync_emulator.schema.scalars import java_text
from appsync_emulator.types import JSON
from appsync_resolvers import EvaluationError

MEMBERS = {"version", "operation", "invocationType", "payload"}
OPERATIONS = ("Invoke", "BatchInvoke")
INVOCATION_TYPES = ("RequestResponse", "Event")
DEFAULT_BATCH_SIZE = 5
"""How many payloads one BatchInvoke carries when no MaxBatchSize is declared."""


class LambdaDataSource:
    """Sends payloads to one function.

    Args:
        function: name or ARN, as the data source declares it.
    """

    def __init__(self, function: str, lambdas: Lambdas) -> None:
        self.function = function
        self.lambdas = lambdas

    def invoke(
        self, document: JSON, step: Step, scope: Scope
    ) -> JSON | Coroutine[Any, Any, JSON]:
        """Invoke the function as the document says.

        Returns:
            None at once for `Event`; else a coroutine that gives the function's value.
        """
        members = checked(object_document(document))
        payload = members.get("payload")
        event = members.get("invocationType") == "Event"
        if members["operation"] == "BatchInvoke":
            return self._batch(step, scope, event=event).add(payload)
        if event:
            self.send_event(payload)
            return None
        return self.call(payload, scope)

    def send_event(self, payload: JSON) -> None:
        """Hand `payload` to the function's asynchronous queue.

        Raises:
            DataSourceError: the queue refused it.
        """
        try:
            self.lambdas.invoke_event(self.function, encoded(payload))
        except InvokeRejected as error:
            raise rejected(error) from error
        except EmulatorError as error:
            raise cannot_run(error) from error

    async def call(self, payload: JSON, scope: Scope) -> JSON:
        """Invoke the function and give its value.

        AppSync stops waiting when the request's 30 seconds are over; the function runs
        on, up to its own time-out.

        Raises:
            DataSourceError: the function failed, or did not answer in time.
        """
        try:
            async with asyncio.timeout_at(scope.deadline):
                answer = await self.lambdas.invoke(self.function, encoded(payload))
        except InvokeRejected as error:
            raise rejected(error) from error
        except EmulatorError as error:
            raise cannot_run(error) from error
        except TimeoutError:
            raise DataSourceError(
                "Lambda:ExecutionTimeoutException", "Execution timed out."
            ) from None
        return value_of(answer)

    def _batch(self, step: Step, scope: Scope, *, event: bool) -> "Batch":
        key = (step, event)
        batch = scope.batches.get(key)
        if batch is None or not batch.open:
            size = step.max_batch_size or DEFAULT_BATCH_SIZE
            batch = scope.batches[key] = Batch(self, scope, size, event=event)
        return batch


class Batch:
    """One `BatchInvoke`: payloads of several fields for one invocation.

    The first part that is awaited sends the group, when those that are resolved side by
    side with it have had their chance to join.
    """

    def __init__(
        self, source: LambdaDataSource, scope: Scope, size: int, *, event: bool
    ) -> None:
        self.source = source
        self.scope = scope
        self.size = size
        self.event = event
        self.payloads: list[JSON] = []
        self.open = True
        self._answer: asyncio.Future[JSON] | None = None

    def add(self, payload: JSON) -> Coroutine[Any, Any, JSON]:
        """Take a payload; give the coroutine of its part of the answer."""
        number = len(self.payloads)
        self.payloads.append(payload)
        self.open = len(self.payloads) < self.size
        return self._part(number)

    async def _part(self, number: int) -> JSON:
        if self._answer is None:
            self._answer = asyncio.get_running_loop().create_future()
            await self._send(self._answer)
        answer = await self._answer
        if self.event:
            return None
        if not isinstance(answer, list) or len(answer) != len(self.payloads):
            found = f"{len(answer)} items" if isinstance(answer, list) else "no list"
            message = (
                f"A batch of {len(self.payloads)} must be answered by a list of as "
                f"many items, but the function returned {found}."
            )
            raise DataSourceError("Lambda:IllegalArgument", message)
        return answer[number]

    async def _send(self, future: "asyncio.Future[JSON]") -> None:
        """Invoke the function for all; every part waits for the same future."""
        try:
            # Fields below an earlier batch are resolved by one task each, in the same
            # turn of the loop or the next: they shall get into the group as well.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            self.open = False
            if self.event:
                self.source.send_event(self.payloads)
                answer = None
            else:
                answer = await self.source.call(self.payloads, self.scope)
        except Exception as error:  # noqa: BLE001 -- every part of the batch gets it
            future.set_exception(error)
        except BaseException:
            future.cancel()
            raise
        else:
            future.set_result(answer)


def encoded(payload: JSON) -> bytes:
    """Give the payload as the function gets it.

    Raises:
        EvaluationError: it cannot be written as JSON.
    """
    try:
        return dumps(payload)
    except ValueError as error:
        raise invalid_document(str(error)) from None


def checked(document: dict[str, JSON]) -> dict[str, JSON]:
    """Give the document back when it is a valid Lambda request.

    Raises:
        EvaluationError: AppSync would refuse it. Its text for a missing operation is
            documented; the others are worded after it.
    """
    operation = document.get("operation")
    if operation is None:
        raise invalid_document("Value for field '$[operation]' not found.")
    if operation not in OPERATIONS:
        raise unsupported("operation", operation)
    kind = document.get("invocationType")
    if kind is not None and kind not in INVOCATION_TYPES:
        raise unsupported("invocationType", kind)
    if document.keys() <= MEMBERS:
        return document
    strange = next(name for name in document if name not in MEMBERS)
    raise invalid_document(f"Unsupported element '$[{strange}]'.")


def unsupported(member: str, value: JSON) -> EvaluationError:
    """Say that a member of the document has a value that is not allowed."""
    text = java_text(value)
    return invalid_document(f"Unsupported value '{text}' for field '$[{member}]'.")


def value_of(answer: Invocation) -> JSON:
    """Give the function's value.

    Raises:
        DataSourceError: the function ended with an error.
    """
    try:
        value = orjson.loads(answer.payload) if answer.payload else None
    except orjson.JSONDecodeError:
        raise DataSourceError(
            "Lambda:IllegalArgument", "The function's response is not valid JSON."
        ) from None
    if answer.function_error is None:
        return value
    report = value if isinstance(value, dict) else {}
    message = report.get("errorMessage")
    raise DataSourceError(
        f"Lambda:{answer.function_error}",
        "Unhandled error" if message is None else str(message),
        unhandled_error_type=report.get("errorType"),
    )


def rejected(error: InvokeRejected) -> DataSourceError:
    """Give the error for an invocation that Lambda did not accept."""
    return DataSourceError("Lambda:IllegalArgument", error.message)


def cannot_run(error: EmulatorError) -> EvaluationError:
    """Give the error for a function that cannot run on this machine."""
    return EvaluationError(str(error), "NotEmulated")
