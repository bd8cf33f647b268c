"""AppSync's resolver languages, VTL and APPSYNC_JS, evaluated without any I/O.

The package turns the text of a mapping template or of a JavaScript module into a
`Handler`: something that is called with a `Context` and gives the handler's value.
It knows no network, no event loop and no GraphQL, so it can be used alone: `evaluate`
runs one handler for a test.
"""

from appsync_resolvers.context import Context, Info, Part
from appsync_resolvers.errors import (
    CodeDiagnostic,
    CodeRejected,
    EarlyReturn,
    EvaluationError,
    Interrupted,
    TemplateRejected,
)
from appsync_resolvers.evaluation import (
    ContextRejected,
    Evaluation,
    Failure,
    evaluate,
)
from appsync_resolvers.runtime import Handler, Handlers

__all__ = [
    "CodeDiagnostic",
    "CodeRejected",
    "Context",
    "ContextRejected",
    "EarlyReturn",
    "Evaluation",
    "EvaluationError",
    "Failure",
    "Handler",
    "Handlers",
    "Info",
    "Interrupted",
    "Part",
    "TemplateRejected",
    "evaluate",
]
