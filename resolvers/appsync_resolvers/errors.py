"""What evaluation raises.

    Exception
    ├── EvaluationError      the handler failed: becomes an entry of GraphQL `errors`
    ├── EarlyReturn          `#return(x)`, `runtime.earlyReturn(x)`: not an error
    ├── Interrupted          the inline time limit was hit: call `Handler.patiently`
    ├── TemplateRejected     a mapping template has no valid syntax
    └── CodeRejected         APPSYNC_JS code that AWS would refuse to save

`error_type` values are AppSync's own: what the code passed to `util.error`, or one of
`Unauthorized`, `MappingTemplate` (a template's output or a data source request is
unusable) and `Code` (an exception inside APPSYNC_JS).
"""

from dataclasses import dataclass
from typing import Any, Literal

SkipTo = Literal["END", "NEXT"]


class EvaluationError(Exception):
    """The handler ended with an error.

    Attributes:
        message: the text the client sees.
        error_type: `errorType` in the response; None when `util.error` got no type.
        data: `data` of the error entry, JSON value or None.
        error_info: `errorInfo` of the error entry, JSON value or None.
        unauthorized: raised by `util.unauthorized()`; AppSync replaces the message by
            `Not Authorized to access {field} on type {Type}` in a GraphQL response and
            by `Unauthorized` in the evaluate APIs, so the caller writes the text.
    """

    def __init__(
        self,
        message: str,
        error_type: str | None = None,
        data: Any = None,
        error_info: Any = None,
        *,
        unauthorized: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_type = error_type
        self.data = data
        self.error_info = error_info
        self.unauthorized = unauthorized


class EarlyReturn(Exception):
    """The handler asked to leave with `value`.

    Attributes:
        value: the JSON value given, None for a bare `#return`.
        skip_to: what `runtime.earlyReturn` named; None when it named nothing and for
            VTL's `#return`.
    """

    def __init__(self, value: Any = None, skip_to: SkipTo | None = None) -> None:
        super().__init__("early return")
        self.value = value
        self.skip_to = skip_to


class Interrupted(Exception):
    """The inline time limit was hit and the context is as it was before the call."""


class TemplateRejected(Exception):
    """A mapping template that Velocity cannot parse.

    Attributes:
        message: what was found and expected.
        line: 1-based line in the template.
        column: 1-based column in the template.
    """

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{message} at line {line}, column {column}")
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class CodeDiagnostic:
    """One reason why APPSYNC_JS code is refused, in the shape of AWS's `codeErrors`.

    Attributes:
        error_type: `PARSE_ERROR`, `LINT_ERROR` or `MISSING_MAPPING_EXPORT`.
        value: the text AWS prints, such as
            `@aws-appsync/no-for: For statements are not supported.`
        line: 1-based line of `code.js`, or of `path` when the code was imported.
        column: 1-based column, in UTF-16 units.
        span: length of the marked text, -1 when unknown.
        path: the imported file the position belongs to, None for the code itself.
    """

    error_type: str
    value: str
    line: int
    column: int
    span: int = -1
    path: str | None = None


class CodeRejected(Exception):
    """APPSYNC_JS code with one or more errors, all of them listed."""

    def __init__(self, diagnostics: tuple[CodeDiagnostic, ...]) -> None:
        super().__init__("The code contains one or more errors.")
        self.diagnostics = diagnostics
