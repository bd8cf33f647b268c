"""What the Runtime API answers, byte for byte."""

from appsync_emulator.lambdas.invocation import Event

NOT_ALLOWED = "State transition is not allowed"


def next_answer(event: Event, deadline: float) -> bytes:
    """Give an event to the process; `deadline` is in epoch seconds."""
    context = event.client_context
    extra = ""
    if context is not None:
        one_line = context.replace("\r", " ").replace("\n", " ")
        extra = f"Lambda-Runtime-Client-Context: {one_line}\r\n"
    head = (
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: application/json\r\n"
        f"Lambda-Runtime-Aws-Request-Id: {event.request_id}\r\n"
        f"Lambda-Runtime-Deadline-Ms: {int(deadline * 1000)}\r\n"
        f"Lambda-Runtime-Invoked-Function-Arn: {event.arn}\r\n"
        f"Lambda-Runtime-Trace-Id: {event.trace_id}\r\n"
        f"{extra}"
        f"Content-Length: {len(event.payload)}\r\n\r\n"
    )
    return head.encode() + event.payload


_REASONS = {
    202: "Accepted",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Request Entity Too Large",
}


def _answer(status: int, kind: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def plain(status: int, body: bytes) -> bytes:
    """Answer with a text."""
    return _answer(status, "text/plain; charset=utf-8", body)


def error(status: int, error_type: str, message: str) -> bytes:
    """Answer with an error object."""
    body = b'{"errorMessage":"%b","errorType":"%b"}\n'
    return _answer(
        status, "application/json", body % (message.encode(), error_type.encode())
    )


def wrong_state(now: str, wanted: str) -> bytes:
    """Refuse what the process may not say now."""
    message = (
        f"Transition from {now} to {wanted} failed for runtime. Error: {NOT_ALLOWED}"
    )
    return error(403, "InvalidStateTransition", message)


ACCEPTED = _answer(202, "application/json", b'{"status":"OK"}\n')
