"""Evaluating one handler: code and context in, an `Evaluation` out."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from appsync_resolvers.context import Context
from appsync_resolvers.errors import (
    CodeRejected,
    EarlyReturn,
    EvaluationError,
    Interrupted,
    TemplateRejected,
)
from appsync_resolvers.evaluation.given import copied, read_context
from appsync_resolvers.evaluation.outcome import (
    Evaluation,
    Failure,
    FunctionName,
    Runtime,
    dumps,
    refusal,
)
from appsync_resolvers.js import JsEngine

FUNCTIONS: tuple[FunctionName, ...] = get_args(FunctionName)
RUNTIMES: tuple[Runtime, ...] = get_args(Runtime)

_EMPTY: Mapping[str, Any] = MappingProxyType({})
LANGUAGES: dict[str, Runtime] = {
    **dict.fromkeys((".js", ".mjs", ".ts", ".mts"), "APPSYNC_JS"),
    **dict.fromkeys((".vtl", ".vm"), "VTL"),
}
"""The language of a file, by its ending."""

_FILE_NAME = re.compile(r"[^\s{}()$#;]+\.(?:m?[jt]s|vtl|vm)")


def evaluate(
    code: str | Path,
    context: Mapping[str, Any] = _EMPTY,
    *,
    function: FunctionName = "request",
    runtime: Runtime | None = None,
) -> Evaluation:
    """Evaluate a handler or a mapping template alone, as AWS's evaluate APIs do.

    No data source is called: `context` brings what a handler sees. What AWS reports in
    `error` is in the answer's `error`, and is raised by its `value`.

    Args:
        code: the file, or the code itself. A file's relative imports are followed, and
            TypeScript is read; code is as AWS gets it, one file of JavaScript.
        context: the context object in AWS's form, JSON: `arguments`, `identity`,
            `source`, `result`, `prev`, `stash`, `info`, … What is absent is empty. It
            stays as it is; the changed stash is in the answer.
        function: which handler of the code; for a template only what its errors say.
        runtime: the language. None to go by the file's ending, and for code to take
            `APPSYNC_JS`.

    Raises:
        ContextRejected: `context` is no context object; it is a `ValueError`.
        ValueError: `function` or `runtime` is none there is, or cannot be guessed.
        OSError: the file cannot be read.
    """
    if function not in FUNCTIONS:
        raise ValueError(f"function is {function!r}, must be {_one_of(FUNCTIONS)}.")
    path = code if isinstance(code, Path) else None
    language = runtime or _guess(code)
    if language not in RUNTIMES:
        raise ValueError(f"runtime is {runtime!r}, must be {_one_of(RUNTIMES)}.")
    given = read_context(copied(context), strict=True)
    text = code if isinstance(code, str) else code.read_text("utf-8")
    return run(text, given, function=function, runtime=language, path=path)


def run(
    text: str,
    context: Context,
    *,
    function: FunctionName,
    runtime: Runtime,
    path: Path | None = None,
) -> Evaluation:
    """Evaluate, with the full time limit of about ten seconds.

    Args:
        text: the code or the template.
        context: what the handler gets; it is changed.
        function: which handler of the code.
        runtime: the language.
        path: where the code came from: relative imports start there.
    """
    result: str | None = None
    failure: Failure | None = None
    early: EarlyReturn | None = None
    try:
        try:
            if runtime == "VTL":
                result = _template(text, context)
            else:
                result = _javascript(text, context, function, path)
        except EarlyReturn as left:
            # AWS does not publish what it shows of an early return; the value that
            # takes the result's place is what a test wants to know.
            early = left
            result = dumps(left.value)
    except EvaluationError as error:
        message, kind = error.message, error.error_type
        failure = Failure(message, kind, error.data, error.error_info)
    except CodeRejected as error:
        failure = refusal(error)
    except TemplateRejected as error:
        message = f"Unable to transform the template: {error}"
        failure = Failure(message, "MappingTemplate")
    except RecursionError:
        failure = _too_deep(runtime)
    effects = context.effect()
    entries = [_entry(one) for one in effects.errors]
    try:
        dumps((context.stash, entries))
    except RecursionError:
        context.stash, entries, result = {}, [], None
        failure = _too_deep(runtime)
    return Evaluation(
        result=result,
        stash=context.stash,
        out_errors=entries,
        logs=effects.logs,
        error=failure,
        early_return=early is not None,
        skip_to=None if early is None else early.skip_to,
        runtime=runtime,
        function=function,
    )


def _javascript(
    code: str, context: Context, function: FunctionName, path: Path | None
) -> str:
    engine = JsEngine()
    try:
        handlers = engine.load(code, path=path)
        handler = handlers.request if function == "request" else handlers.response
        try:
            value = handler(context)
        except Interrupted:
            value = handler.patiently(context)
    finally:
        engine.close()
    # A handler that returns nothing gives null, as one that returns null does.
    return dumps(value)


def _template(text: str, context: Context) -> str:
    from appsync_resolvers.vtl import render  # noqa: PLC0415 (not for JavaScript)

    return render(text, context)


def _too_deep(runtime: Runtime) -> Failure:
    kind = "MappingTemplate" if runtime == "VTL" else "Code"
    return Failure("What the handler made is nested too deeply.", kind)


def _entry(error: EvaluationError) -> dict[str, Any]:
    """Give an entry of `outErrors`, as templates see it in `$ctx.outErrors`."""
    entry: dict[str, Any] = {"message": error.message, "type": error.error_type}
    if error.data is not None:
        entry["data"] = error.data
    if error.error_info is not None:
        entry["errorInfo"] = error.error_info
    return entry


def _guess(code: str | Path) -> Runtime:
    """Tell the language of code from the name of its file.

    Raises:
        ValueError: the ending is none that tells.
    """
    if isinstance(code, str):
        if _FILE_NAME.fullmatch(code):
            raise ValueError(f"{code!r} looks like a file's name: give Path({code!r}).")
        return "APPSYNC_JS"
    language = LANGUAGES.get(code.suffix.lower())
    if language is None:
        raise ValueError(
            f"{code}: the ending {code.suffix!r} does not tell the language; "
            f"{', '.join(LANGUAGES)} do. Otherwise give runtime, {_one_of(RUNTIMES)}."
        )
    return language


def _one_of(names: tuple[str, ...]) -> str:
    return " or ".join(map(repr, names))
