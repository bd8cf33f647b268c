"""The list of all namespaces, and how to find a helper in them."""

from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.methods.table import Overload, Table, find
from appsync_resolvers.vtl.util.core import CORE
from appsync_resolvers.vtl.util.dynamodb import DYNAMODB
from appsync_resolvers.vtl.util.error import ERROR
from appsync_resolvers.vtl.util.extensions import EXTENSIONS
from appsync_resolvers.vtl.util.http import HTTP
from appsync_resolvers.vtl.util.list import LIST
from appsync_resolvers.vtl.util.log import LOG
from appsync_resolvers.vtl.util.map import MAP
from appsync_resolvers.vtl.util.math import MATH
from appsync_resolvers.vtl.util.rds import RDS
from appsync_resolvers.vtl.util.str import STR
from appsync_resolvers.vtl.util.time import TIME
from appsync_resolvers.vtl.util.transform import TRANSFORM
from appsync_resolvers.vtl.util.xml import XML
from appsync_resolvers.vtl.values.objects import Namespace

NAMESPACES: dict[str, Table] = {
    "util": CORE | ERROR,
    "util.dynamodb": DYNAMODB,
    "util.http": HTTP,
    "util.list": LIST,
    "util.log": LOG,
    "util.map": MAP,
    "util.math": MATH,
    "util.rds": RDS,
    "util.str": STR,
    "util.time": TIME,
    "util.transform": TRANSFORM,
    "util.xml": XML,
    "extensions": EXTENSIONS,
}
ROOTS = {"util": "util", "utils": "util", "extensions": "extensions"}
"""Variables that hold a namespace."""


def helpers(path: str, name: str) -> list[Overload] | None:
    """Give the overloads of a helper, None when the namespace has no such name."""
    return NAMESPACES[path].get(name)


def member(namespace: Namespace, name: str) -> Namespace | None:
    """Give a namespace inside of another one, such as `$util.time`."""
    path = f"{namespace.path}.{name}"
    return Namespace(path) if path in NAMESPACES else None


def call_helper(
    namespace: Namespace, name: str, arguments: tuple[Any, ...], context: Context
) -> Any:
    """Call a helper that is only known now; None when there is no such.

    Raises:
        Thrown: the helper failed.
        EvaluationError: it is `$util.error` or one of its kind.
    """
    overloads = helpers(namespace.path, name)
    function = overloads and find(overloads, arguments)
    return function(context, *arguments) if function else None
