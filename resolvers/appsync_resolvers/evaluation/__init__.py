"""One handler or template evaluated alone, as AWS's evaluate APIs do.

No data source is called and no other handler runs. Sources: AppSync API reference,
EvaluateCode and EvaluateMappingTemplate; developer guide, test-resolvers.
"""

from appsync_resolvers.evaluation.evaluator import (
    FUNCTIONS,
    LANGUAGES,
    RUNTIMES,
    evaluate,
    run,
)
from appsync_resolvers.evaluation.given import ContextRejected, read_context
from appsync_resolvers.evaluation.outcome import (
    Evaluation,
    Failure,
    FunctionName,
    Runtime,
)

__all__ = [
    "FUNCTIONS",
    "LANGUAGES",
    "RUNTIMES",
    "ContextRejected",
    "Evaluation",
    "Failure",
    "FunctionName",
    "Runtime",
    "evaluate",
    "read_context",
    "run",
]
