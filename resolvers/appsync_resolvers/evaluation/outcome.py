"""What an evaluation gave, for Python and in the form of AWS's answers."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from appsync_resolvers.errors import (
    CodeDiagnostic,
    CodeRejected,
    EvaluationError,
    SkipTo,
)

Runtime = Literal["APPSYNC_JS", "VTL"]
FunctionName = Literal["request", "response"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an evaluation has no result.

    Attributes:
        message: AWS's `error.message`.
        type: what `util.error` was given as type, or AppSync's own (`Code`,
            `MappingTemplate`, `Unauthorized`); None when `util.error` got none. The
            evaluate APIs do not tell it, nor the next two.
        data: what `util.error` was given as data.
        info: what `util.error` was given as further information.
        code_errors: why the code cannot be saved; nothing has run then.
    """

    message: str
    type: str | None = None
    data: Any = None
    info: Any = None
    code_errors: tuple[CodeDiagnostic, ...] = ()

    def exception(self) -> EvaluationError:
        """Give the failure as something to raise."""
        return EvaluationError(self.message, self.type, self.data, self.info)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What evaluating one handler gave.

    Attributes:
        result: AWS's `evaluationResult`: the value as compact JSON, or the text of a
            template exactly as it printed it. None when there is an error.
        stash: `ctx.stash` afterwards.
        out_errors: what `util.appendError` added, in order: `message`, `type`, and
            `data` and `errorInfo` where they were given.
        logs: lines such as `INFO - code.js:5:3: "current id" "record-id"`.
        error: why there is no result, None when there is one.
        early_return: whether it left by `runtime.earlyReturn` or `#return`.
        skip_to: what `runtime.earlyReturn` named as `skipTo`.
        runtime: the language that was evaluated.
        function: which handler was evaluated.
    """

    result: str | None
    stash: dict[str, Any] = field(default_factory=dict)
    out_errors: list[dict[str, Any]] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)
    error: Failure | None = None
    early_return: bool = False
    skip_to: SkipTo | None = None
    runtime: Runtime = "APPSYNC_JS"
    function: FunctionName = "request"

    @property
    def value(self) -> Any:
        """The result as AppSync goes on with it: JSON read from it.

        Raises:
            EvaluationError: the evaluation failed, or a template printed no JSON.
        """
        if self.error is not None:
            raise self.error.exception()
        text = self.result or ""
        if self.runtime == "VTL" and not self.early_return:
            from appsync_resolvers.vtl.json_read import (  # noqa: PLC0415 (VTL only)
                read_document,
            )

            return read_document(text, response=self.function == "response")
        return json.loads(text)

    def as_answer(self) -> dict[str, Any]:
        """Give what AWS answers: `evaluationResult` or `error`, and what was left.

        Code that cannot be saved gets nothing but the error (observed: published output
        of `aws appsync evaluate-code`).
        """
        answer: dict[str, Any] = {}
        if self.result is not None:
            answer["evaluationResult"] = self.result
        if self.error is not None:
            answer["error"] = _error(self.error)
            if self.error.code_errors:
                return answer
        answer["logs"] = self.logs
        answer["stash"] = dumps(self.stash)
        answer["outErrors"] = dumps(self.out_errors)
        return answer


def _error(failure: Failure) -> dict[str, Any]:
    if not failure.code_errors:
        return {"message": failure.message}
    return {
        "message": failure.message,
        "codeErrors": [
            {
                "errorType": one.error_type,
                "value": one.value,
                "location": {
                    "line": one.line,
                    "column": one.column,
                    "span": one.span,
                },
            }
            for one in failure.code_errors
        ],
    }


def dumps(value: Any) -> str:
    """Write JSON as AWS does: compact, members in their order.

    Raises:
        RecursionError: it is nested too deeply.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def refusal(error: CodeRejected) -> Failure:
    """Give the failure of code that cannot be saved.

    The message repeats the findings rather than summing them up as it does on saving
    (observed in published output of `aws appsync evaluate-code`: `code.js(16,36): error
    TS2551: …`, and with another beginning `Error: code.js(5,44): error
    @aws-appsync/no-regex: …`). How several are joined is not known; a line each.
    """
    message = "\n".join(map(_finding, error.diagnostics))
    return Failure(message, "CODE_ERROR", code_errors=error.diagnostics)


def _finding(one: CodeDiagnostic) -> str:
    value = one.value.strip()
    if one.error_type == "MISSING_MAPPING_EXPORT":
        return f"Error: {value}"
    if one.error_type != "LINT_ERROR":
        return value
    file = one.path or "code.js"
    return f"Error: {file}({one.line},{one.column}): error {value}"
