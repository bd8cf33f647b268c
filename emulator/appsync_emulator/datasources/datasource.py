"""The seam between resolvers and what they talk to."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from appsync_emulator.schema.scalars import java_text
from appsync_emulator.types import JSON
from appsync_resolvers import EvaluationError


class DataSourceError(Exception):
    """A call to a data source failed: it becomes `ctx.error`, not yet an error entry.

    Attributes:
        error_type: such as `Lambda:Unhandled`.
        data: what `ctx.result` holds in spite of the error, often None.
        unhandled_error_type: the error type that a Lambda function reported.
    """

    def __init__(
        self,
        error_type: str,
        message: str,
        data: JSON = None,
        unhandled_error_type: str | None = None,
    ) -> None:
        super().__init__(f"{error_type}: {message}")
        self.error_type = error_type
        self.message = message
        self.data = data
        self.unhandled_error_type = unhandled_error_type

    def context_error(self) -> dict[str, JSON]:
        """Give the value of `ctx.error`."""
        error: dict[str, JSON] = {"message": self.message, "type": self.error_type}
        if self.error_type.startswith("Lambda:"):
            error["unhandledErrorType"] = self.unhandled_error_type
        return error


@dataclass(frozen=True, slots=True)
class Step:
    """The place of a resolver from which a data source is called.

    Attributes:
        name: for logs, such as `Query.posts` or `Query.posts/loadAuthors`.
        max_batch_size: 0 when the resolver declares none.
    """

    name: str
    max_batch_size: int = 0


class Scope(Protocol):
    """What a data source knows of the request that calls it.

    Attributes:
        batches: groups of invocations that are still being filled, by step.
        deadline: event loop time at which AppSync gives up the request.
    """

    batches: dict[Any, Any]
    deadline: float


class DataSource(Protocol):
    """Something a resolver's request document can be sent to."""

    def invoke(
        self, document: JSON, step: Step, scope: Scope
    ) -> JSON | Coroutine[Any, Any, JSON]:
        """Do what the request document says.

        Returns:
            The value for `ctx.result`, or a coroutine that gives it. The coroutine is
            not started until it is awaited.

        Raises:
            EvaluationError: the document is not valid for this type of data source;
                the resolver ends with it.
            DataSourceError: the call failed, at once or when awaited.
        """
        ...


def invalid_document(message: str) -> EvaluationError:
    """Make the error for a request document that AppSync would refuse."""
    return EvaluationError(message, "MappingTemplate")


def object_document(document: JSON) -> dict[str, JSON]:
    """Insist on a JSON object.

    Raises:
        EvaluationError: it is something else.
    """
    if isinstance(document, dict):
        return document
    raise invalid_document(f"Unable to convert {java_text(document)} to Object.")
