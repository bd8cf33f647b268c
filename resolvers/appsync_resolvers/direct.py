"""Direct Lambda resolvers: the handlers that apply when a resolver brings none.

Source: AppSync developer guide, "Direct Lambda resolvers" and the Lambda mapping
template reference.
"""

from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.errors import EvaluationError

DENIED = "You are not authorized to make this call."
"""What AppSync says for an errorType `UnauthorizedException`, whatever the function
said itself."""


def function_event(context: Context) -> dict[str, Any]:
    """Give the event that a direct Lambda resolver sends: the whole context."""
    info = context.info
    return {
        "arguments": context.arguments,
        "identity": context.identity.value,
        "source": context.source,
        "request": context.request.value,
        "prev": {"result": context.prev} if context.has_prev else None,
        "info": {
            "selectionSetList": info.selection_set_list,
            "selectionSetGraphQL": info.selection_set_graphql,
            **info.value,
        },
        "stash": context.stash,
    }


class DirectRequest:
    """Sends the whole context to the function.

    Args:
        batched: the resolver has a `MaxBatchSize`, so invocations are grouped.
    """

    returns_result = False

    def __init__(self, *, batched: bool) -> None:
        self.operation = "BatchInvoke" if batched else "Invoke"

    def __call__(self, context: Context) -> Any:
        """Give the Lambda request document."""
        return {"operation": self.operation, "payload": function_event(context)}

    patiently = __call__


class DirectResponse:
    """Passes on what the function returned, and what it failed with."""

    returns_result = True

    def __call__(self, context: Context) -> Any:
        """Give the result, or raise the function's error under its own name."""
        error = context.error
        if error is not None:
            error_type = error.get("unhandledErrorType") or error["type"]
            raise function_error(error["message"], error_type, context.result)
        return context.result

    patiently = __call__


class DirectBatchResponse(DirectResponse):
    """Unwraps an item of a batch: `{data, errorMessage, errorType}`."""

    returns_result = False

    def __call__(self, context: Context) -> Any:
        """Give the item's `data`, or raise what its `errorMessage` says."""
        item = super().__call__(context)
        if not isinstance(item, dict):
            return None
        data = item.get("data")
        if item.get("errorMessage") is not None:
            raise function_error(item["errorMessage"], item.get("errorType"), data)
        return data

    patiently = __call__


def function_error(message: Any, error_type: str | None, data: Any) -> EvaluationError:
    """Make the error of a direct resolver from what the function reported."""
    if error_type == "UnauthorizedException":
        message = DENIED
    return EvaluationError(str(message), error_type, data)
