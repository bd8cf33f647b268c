"""The command `evaluate`: one handler of a file, without a server.

It prints what `aws appsync evaluate-code` and `evaluate-mapping-template` print. Only
what evaluating needs is imported, so that it starts fast.
"""

import json
import sys
from pathlib import Path
from typing import NoReturn

from appsync_emulator.errors import ProjectError
from appsync_emulator.types import JSON, Origin
from appsync_resolvers.evaluation import (
    LANGUAGES,
    RUNTIMES,
    ContextRejected,
    Evaluation,
    FunctionName,
    Runtime,
    read_context,
    run,
)

# The first two mean the same as in `config/codes.py`, whose import loads the loaders.
UNREADABLE = "P101"
MALFORMED = "P102"
CONTEXT = "P401"
LANGUAGE = "P402"

CODES = {
    CONTEXT: "What `evaluate` is given as context is not a resolver's context object.",
    LANGUAGE: "The name of a file for `evaluate` does not tell its language.",
}
"""Each code of its own and what it stands for, one sentence each."""


def run_evaluation(
    file: Path, context: str, function: FunctionName, runtime: Runtime | None
) -> int:
    """Evaluate and print; gives the exit code, 1 when the evaluation has an error.

    Args:
        file: the code or the template.
        context: a file with the context object, `-` for the standard input, or the JSON
            itself. Like the AWS CLI it takes `file://` before a name.
        function: which handler.
        runtime: the language, None to go by the file's ending.

    Raises:
        ProjectError: something cannot be read.
    """
    language = runtime or _language(file)
    text = _read(file)
    source, given = _context_text(context)
    try:
        read = read_context(_json(given, source), strict=True)
    except ContextRejected as error:
        raise _refused(error, source, given) from None
    evaluation = run(text, read, function=function, runtime=language, path=file)
    _print(file, evaluation)
    return 0 if evaluation.error is None else 1


def _language(file: Path) -> Runtime:
    language = LANGUAGES.get(file.suffix.lower())
    if language is None:
        raise ProjectError(
            LANGUAGE,
            f"The ending {file.suffix!r} does not tell the language.",
            Origin(str(file)),
            found=file.suffix,
            allowed=LANGUAGES,
            hint=f"Or give --runtime {' or '.join(RUNTIMES)}.",
        )
    return language


def _read(file: Path) -> str:
    origin = Origin(str(file))
    try:
        return file.read_text("utf-8-sig")  # with or without a byte order mark
    except FileNotFoundError:
        names = _names_beside(file)
        message = "The file does not exist."
        raise ProjectError(
            UNREADABLE, message, origin, found=file.name, allowed=names
        ) from None
    except UnicodeDecodeError:
        raise ProjectError(UNREADABLE, "The file is not UTF-8.", origin) from None
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
        raise ProjectError(UNREADABLE, message, origin) from None


def _names_beside(file: Path) -> list[str]:
    try:
        return [one.name for one in file.parent.iterdir()]
    except OSError:
        return []


def _context_text(context: str) -> tuple[str, str]:
    """Give the JSON of the context and how to name where it stands."""
    if context == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
        return "<stdin>", text
    if context.lstrip().startswith("{"):
        return "--context", context
    path = Path(context.removeprefix("file://"))
    return str(path), _read(path)


def _json(text: str, source: str) -> JSON:
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        origin = Origin(source, error.lineno, column=error.colno)
        message = f"The context is not JSON: {error.msg}."
        raise ProjectError(MALFORMED, message, origin) from None
    except (ValueError, RecursionError) as error:
        message = f"The context is not JSON: {error}."
        raise ProjectError(MALFORMED, message, Origin(source)) from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _refused(error: ContextRejected, source: str, text: str) -> ProjectError:
    """Tell what is wrong with the context, and on which line."""
    outer = error.member.partition(".")[0].partition("[")[0] or error.found
    return ProjectError(
        CONTEXT,
        error.message,
        Origin(source, None if outer is None else _line(text, outer)),
        found=error.found,
        allowed=error.allowed if error.found is not None else (),
    )


def _line(text: str, name: str) -> int:
    """Give the line of a member of the outermost object of a text that is JSON."""
    decoder = json.JSONDecoder()
    at = text.index("{") + 1
    while True:
        at = text.index('"', at)
        key, after = decoder.raw_decode(text, at)
        if key == name:
            return text.count("\n", 0, at) + 1
        start = text.index(":", after) + 1
        start += len(text[start:]) - len(text[start:].lstrip())
        _, at = decoder.raw_decode(text, start)


def _print(file: Path, evaluation: Evaluation) -> None:
    """Print AWS's answer; logs and errors go where people read them, too."""
    notes = [*evaluation.logs]
    if evaluation.error is not None:
        for one in evaluation.error.code_errors:
            place = file if one.path is None else file.parent / one.path
            text = f"{one.error_type}: {one.value.strip()}"
            notes.append(f"{place}:{one.line}:{one.column}: {text}")
        if not evaluation.error.code_errors:
            notes.append(f"{file}: {evaluation.error.message}")
    answer = json.dumps(evaluation.as_answer(), indent=4, ensure_ascii=False)
    for stream, lines in ((sys.stderr, notes), (sys.stdout, [answer])):
        for line in lines:
            # Half of a surrogate pair cannot be written otherwise.
            stream.buffer.write(f"{line}\n".encode("utf-8", "replace"))
        stream.flush()
