"""Runs a Python handler: a client of the Lambda Runtime API.

This script uses the standard library only, and as little of it as it can: what it
imports is paid for at each cold start. It behaves as AWS's own runtime for Python does:
the names and texts of errors, the context object, the format of log records.
"""

from __future__ import annotations

import _socket  # `socket` itself is 5 ms of imports that many functions do not need
import json
import os
import sys
import time

TYPE_CHECKING = False  # importing `typing` to learn that would cost 4 ms
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

INVOCATION = "/2018-06-01/runtime/invocation/"
NEXT = f"GET {INVOCATION}next HTTP/1.1\r\nHost: runtime\r\n\r\n".encode()
CLIENT = (
    "installation_id",
    "app_title",
    "app_version_name",
    "app_version_code",
    "app_package_name",
)
INDENT = "\u00a0"  # Lambda's log keeps the indentation of tracebacks with these


class Fault(Exception):
    """An error of the runtime, not of the function: `kind` is `Runtime.…`."""

    def __init__(self, kind: str, message: str, trace: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.trace = list(trace)


class Members:
    """An object of the context whose attributes come from a JSON object."""

    def __init__(self, names: Iterable[str], values: dict[str, Any]) -> None:
        for name in names:
            setattr(self, name, values.get(name))

    def __repr__(self) -> str:
        members = ",".join(f"{name}={value}" for name, value in vars(self).items())
        return f"{type(self).__name__}([{members}])"


class CognitoIdentity(Members):
    """`context.identity`; its attributes are None unless the caller has an identity."""


class Client(Members):
    """`context.client_context.client`."""


class ClientContext(Members):
    """`context.client_context`."""


class Context:
    """The second argument of a handler.

    Args:
        request_id: of the event.
        deadline: epoch milliseconds at which the time of the function is over.
        arn: the ARN as invoked.
        client_context: JSON text, None without one.
        identity: JSON text, None without one.
        variables: the environment variables that tell about the function.
    """

    def __init__(
        self,
        request_id: str,
        deadline: int,
        arn: str,
        *,
        client_context: str | None,
        identity: str | None,
        variables: Any,
    ) -> None:
        self.aws_request_id = request_id
        self.log_group_name = variables.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = variables.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = variables.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = variables.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = variables.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = arn
        self.tenant_id = None
        self.client_context = _client_context(client_context)
        self.identity = _identity(identity)
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Give the milliseconds until the function is timed out, never below 0."""
        return max(self._deadline - int(time.time() * 1000), 0)

    def log(self, message: object) -> None:
        """Write to the function's log, without a line end."""
        sys.stdout.write(str(message))

    def __repr__(self) -> str:
        shown = [(n, v) for n, v in vars(self).items() if not n.startswith("_")]
        return "LambdaContext([" + ",".join(f"{n}={v}" for n, v in shown) + "])"


def _client_context(text: str | None) -> ClientContext | None:
    if not text:
        return None
    context = ClientContext(
        ("custom", "env", "client"), _header(text, "Client Context")
    )
    if context.client is not None:  # type: ignore[attr-defined] # by Members
        context.client = Client(CLIENT, context.client)  # type: ignore[attr-defined]
    return context


def _identity(text: str | None) -> CognitoIdentity:
    given = _header(text, "Cognito Identity") if text else {}
    values = {
        "cognito_identity_id": given.get("cognitoIdentityId"),
        "cognito_identity_pool_id": given.get("cognitoIdentityPoolId"),
    }
    return CognitoIdentity(values, values)


def _header(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        kind = "Runtime.LambdaContextUnmarshalError"
        raise Fault(kind, f"Unable to parse {name} JSON: {error}") from None


# JSON and errors.


def make_encoder(runtime: str) -> json.JSONEncoder:
    """Make the encoder of a runtime such as `python3.12`.

    From 3.12 on AWS leaves characters beyond ASCII as they are.
    """
    escape = runtime in {f"python3.{minor}" for minor in range(6, 12)}
    return json.JSONEncoder(default=_plain, ensure_ascii=escape)


def _plain(value: Any) -> Any:
    """Convert what AWS's encoder takes beyond the standard library's."""
    if isinstance(value, bytes):
        return value.decode()
    decimal = sys.modules.get("decimal")
    if decimal is not None and isinstance(value, decimal.Decimal):
        whole = value.is_finite() and value.as_tuple().exponent >= 0
        return int(value) if whole else float(value)
    message = f"Object of type {type(value).__name__} is not JSON serializable"
    raise TypeError(message)


def marshal(value: Any, encoder: json.JSONEncoder) -> bytes:
    """Turn a handler's result into the response; bytes stay as they are.

    Raises:
        Fault: it cannot be represented as JSON.
    """
    if isinstance(value, bytes):
        return value
    try:
        return encoder.encode(value).encode()
    except Exception as error:  # noqa: BLE001 - whatever is in the way
        message = f"Unable to marshal response: {error}"
        raise Fault("Runtime.MarshalError", message) from None


def unmarshal(payload: str | bytes) -> Any:
    """Turn an event's JSON into the first argument of a handler.

    Raises:
        Fault: it is not JSON.
    """
    try:
        return json.loads(payload)
    except ValueError as error:
        message = f"Unable to unmarshal input: {error}"
        raise Fault("Runtime.UnmarshalError", message) from None


def describe(error: BaseException, request_id: str = "") -> dict[str, Any]:
    """Make AWS's error object of an exception, without the frames of this script."""
    if isinstance(error, Fault):
        kind, trace = error.kind, error.trace
    else:
        import traceback  # noqa: PLC0415 - only when something went wrong

        kind = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)
        while frames and frames[0].filename == __file__:
            del frames[0]
        trace = traceback.format_list(frames)
    return {
        "errorMessage": str(error),
        "errorType": kind,
        "requestId": request_id,
        "stackTrace": trace,
    }


def log_text(report: dict[str, Any]) -> str:
    """Give what Lambda's log shows of an error object."""
    kind, message = report["errorType"], report["errorMessage"]
    lines = [f"[ERROR] {kind}: {message}" if message else f"[ERROR] {kind}"]
    lines.append("Traceback (most recent call last):")
    for entry in report["stackTrace"]:
        for line in entry.splitlines():
            text = line.lstrip(" ")
            lines.append(INDENT * (len(line) - len(text)) + text)
    return "\n".join(lines) + "\n"


# The function's own code.


def load_handler(name: str) -> Callable[[Any, Context], Any]:
    """Import the handler `module.function`, `package/module.function` and the like.

    Raises:
        Fault: there is no such handler.
        Exception: what the function's own code raises when it is imported.
    """
    import importlib  # noqa: PLC0415 - the context alone is used without it

    try:
        module_name, attribute = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{name}': {error}")  # noqa: B904 - the cause is no news
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        raise Fault("Runtime.BuiltInModuleConflict", message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise Fault("Runtime.ImportModuleError", message) from None
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        line = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        raise Fault("Runtime.UserCodeSyntaxError", message, [line]) from None
    try:
        return getattr(module, attribute)  # type: ignore[no-any-return] # the user's
    except AttributeError:
        message = f"Handler '{attribute}' missing on module '{module_name}'"
        raise Fault("Runtime.HandlerNotFound", message) from None


class LoggingSetter:
    """Sets `logging` up as Lambda does, but only when the function imports it."""

    request_id = ""

    @classmethod
    def find_spec(cls, name: str, _path: Any, _target: Any = None) -> ModuleSpec | None:
        """Wait for `logging`, then stand aside for good."""
        if name != "logging":
            return None
        sys.meta_path.remove(cls)
        from importlib.machinery import PathFinder  # noqa: PLC0415 - only when needed

        spec = PathFinder.find_spec(name)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def execute_and_set_up(module: ModuleType) -> None:
                execute(module)
                cls.set_up(module)

            spec.loader.exec_module = execute_and_set_up  # type: ignore[method-assign]
        return spec

    @classmethod
    def set_up(cls, logging: Any) -> None:
        """Give the root logger Lambda's handler: level, time, request id, message."""
        logging.Formatter.converter = time.gmtime

        def add_request_id(record: Any) -> bool:
            record.aws_request_id = cls.request_id
            return True

        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(
            logging.Formatter(
                "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t"
                "%(message)s",
                "%Y-%m-%dT%H:%M:%S",
            )
        )
        handler.addFilter(add_request_id)
        logging.getLogger().addHandler(handler)


# The Runtime API.


class RuntimeClient:
    """A keep-alive HTTP/1.1 connection to the Runtime API at `address`."""

    def __init__(self, address: str) -> None:
        host, port = address.rsplit(":", 1)
        self._socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self._socket.connect((host, int(port)))
        self._socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self._received = b""

    def send(self, data: bytes) -> None:
        """Send whole requests; end the process when the emulator has gone."""
        try:
            self._socket.sendall(data)
        except OSError:
            sys.exit(0)

    def receive(self) -> tuple[int, dict[str, str], bytes]:
        """Give status, headers (in lower case) and body of the next answer."""
        while True:
            head, end, rest = self._received.partition(b"\r\n\r\n")
            if end:
                break
            self._received += self._read()
        status_line, *lines = head.decode("utf-8").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        size = int(headers["content-length"])
        if len(rest) < size:
            parts = [rest]
            missing = size - len(rest)
            while missing > 0:
                parts.append(self._read())
                missing -= len(parts[-1])
            rest = b"".join(parts)
        self._received = rest[size:]
        return int(status_line.split(" ", 2)[1]), headers, rest[:size]

    def _read(self) -> bytes:
        try:
            data = self._socket.recv(262_144)
        except OSError:
            data = b""
        if not data:
            sys.exit(0)
        return data


def post(path: str, body: bytes) -> bytes:
    """Put a request together."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: runtime\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def report(error: BaseException, request_id: str, encoder: json.JSONEncoder) -> bytes:
    """Log an error; give its error object as JSON."""
    described = describe(error, request_id)
    sys.stdout.write(log_text(described))
    return encoder.encode(described).encode("utf-8", "replace")


def work(
    handler: Callable[[Any, Context], Any],
    headers: dict[str, str],
    body: bytes,
    encoder: json.JSONEncoder,
) -> bytes:
    """Give one event to the handler; give the request that reports what came of it."""
    request_id = headers["lambda-runtime-aws-request-id"]
    LoggingSetter.request_id = request_id
    os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
    try:
        context = Context(
            request_id,
            int(headers["lambda-runtime-deadline-ms"]),
            headers["lambda-runtime-invoked-function-arn"],
            client_context=headers.get("lambda-runtime-client-context"),
            identity=headers.get("lambda-runtime-cognito-identity"),
            variables=os.environ,
        )
        answer = marshal(handler(unmarshal(body), context), encoder)
        outcome = "response"
    except Exception as error:  # noqa: BLE001 - whatever the function raises
        answer = report(error, request_id, encoder)
        outcome = "error"
    sys.stdout.flush()
    sys.stderr.flush()
    return post(f"{INVOCATION}{request_id}/{outcome}", answer)


def main() -> None:
    """Load the handler, then work on events for as long as the emulator lives."""
    for stream in (sys.stdout, sys.stderr):  # whatever is printed must get through
        stream.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr] # a pipe
    port = os.environ.get("APPSYNC_EMULATOR_DEBUG_PORT")
    if port is not None:
        import appsync_emulator_debugging as debugging  # type: ignore[import-not-found] # noqa: PLC0415
    # This script's own folder must not be importable; /var/task is the first on AWS.
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    if port is not None:
        debugging.let_debugger_in(int(port))
    if "logging" in sys.modules:
        LoggingSetter.set_up(sys.modules["logging"])
    else:
        sys.meta_path.insert(0, LoggingSetter)
    runtime = os.environ.get("AWS_EXECUTION_ENV", "").replace("AWS_Lambda_", "")
    encoder = make_encoder(runtime)
    client = RuntimeClient(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:  # noqa: BLE001 - whatever the function raises
        client.send(post("/2018-06-01/runtime/init/error", report(error, "", encoder)))
        client.receive()
        sys.exit(1)
    sys.stdout.flush()
    client.send(NEXT)
    while True:
        _, headers, body = client.receive()
        # The report and the wish for the next event travel together.
        client.send(work(handler, headers, body, encoder) + NEXT)
        status, _, text = client.receive()
        if status != 202:
            sys.stdout.write(f"[ERROR] The response was refused: {text.decode()}")


if __name__ == "__main__":
    main()
