"""Errors of Bedrock's runtime API, before an answer and in the middle of one."""

from uuid import uuid4

import orjson
from starlette.responses import Response

from appsync_emulator.server.eventstream import encode, exception_headers
from appsync_emulator.server.model.speech import Failed

EXCEPTIONS = {
    400: "ValidationException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}
"""Each status and what it is called (Bedrock API reference, InvokeModel)."""

MESSAGES = {
    403: "You don't have access to the model with the specified model ID.",
    404: "Could not resolve the foundation model from the provided model identifier.",
    408: "Model has timed out in processing the request. Try your request again.",
    424: "The model returned an error while processing the request.",
    429: "Too many requests, please wait before trying again.",
    500: "The system encountered an unexpected error during processing. Try your "
    "request again.",
    503: "Bedrock is unable to process your request.",
}

IN_STREAM = (400, 429, 500, 503)
"""What `ConverseStream` can say in mid-stream by its own name; all else is an error of
the model (Bedrock API reference, ConverseStreamOutput)."""

IN_INVOKED_STREAM = (*IN_STREAM, 408)
"""The same of `InvokeModelWithResponseStream` (ResponseStream)."""

MODEL_ERROR = 424


class Invalid(Exception):
    """The request is not valid; the message is for its sender."""


def failure(status: int, message: str, name: str = "") -> Response:
    """Give an error as AWS's REST-JSON protocol has it.

    Args:
        status: of the response.
        message: for people.
        name: of the exception; the one that the status stands for when empty.
    """
    headers = {
        "x-amzn-errortype": name or EXCEPTIONS[status],
        "x-amzn-requestid": str(uuid4()),
    }
    body = orjson.dumps({"message": message})
    return Response(body, status, headers, "application/json")


def invalid(error: Exception) -> Response:
    """Answer a request that is not valid."""
    return failure(400, str(error))


def refusal(failed: Failed) -> Response:
    """Tell by a status that there will be no answer."""
    status = failed.status if failed.status in EXCEPTIONS else MODEL_ERROR
    message = failed.message or MESSAGES.get(status, "The request is not valid.")
    return failure(status, message)


def exception(failed: Failed, named: tuple[int, ...]) -> bytes:
    """Tell in mid-stream that the answer breaks off.

    Args:
        failed: why.
        named: the statuses that the operation's stream has an exception for.
    """
    status = failed.status or MODEL_ERROR
    message = failed.message or MESSAGES.get(status, "The model failed.")
    about: dict[str, object] = {"message": message}
    if status in named:
        name = EXCEPTIONS[status]
        kind = name[0].lower() + name[1:]
    else:
        kind = "modelStreamErrorException"
        about |= {"originalStatusCode": status, "originalMessage": message}
    return encode(exception_headers(kind), orjson.dumps(about))
