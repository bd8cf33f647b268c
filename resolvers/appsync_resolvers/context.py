"""The context object of resolvers: `ctx` in APPSYNC_JS, `$ctx` and `$context` in VTL.

One `Context` lives as long as one run of one resolver (all steps of a pipeline share
it). What several resolvers of a GraphQL request share, and never change, sits in
`Part`s, so that its JSON text is made at most once per request.

Source of the members: AWS AppSync developer guide, resolver context reference.
"""

from collections.abc import Callable
from typing import Any

import orjson

from appsync_resolvers.errors import EvaluationError


class Part:
    """A member of the context that is shared between resolvers, with its JSON text.

    Args:
        value: the JSON value.
        make: gives the value when somebody asks for it; then `value` does not count.
    """

    __slots__ = ("_json", "_make", "_value")

    def __init__(self, value: Any, make: Callable[[], Any] | None = None) -> None:
        self._value = value
        self._make = make
        self._json: str | None = None

    @property
    def value(self) -> Any:
        """The JSON value."""
        if self._make is not None:
            self._value, self._make = self._make(), None
        return self._value

    @property
    def json(self) -> str:
        """The value as JSON text, made on first use."""
        if self._json is None:
            self._json = orjson.dumps(self.value).decode()
        return self._json


class Info(Part):
    """`ctx.info`: which field is being resolved, and with what selection.

    `value` holds `fieldName`, `parentTypeName` and `variables`: what `JSON.stringify`
    and `$util.toJson` show. The two selection members must be read directly.

    Attributes:
        selection_set_list: `/`-joined names below the field, parents first.
        selection_set_graphql: the field and its selection as GraphQL text.
    """

    __slots__ = ("selection_set_graphql", "selection_set_list")

    def __init__(
        self,
        value: dict[str, Any],
        selection_set_list: list[str] | None = None,
        selection_set_graphql: str = "",
    ) -> None:
        super().__init__(value)
        self.selection_set_list = selection_set_list or []
        self.selection_set_graphql = selection_set_graphql


class Effects:
    """What handlers did beside giving a value.

    Attributes:
        errors: what `util.appendError` added, in order (`outErrors`).
        logs: lines of `console.log`, `$util.log.info` …, as AWS prints them, such as
            `INFO - code.js:5:3: "current id" "record-id"`.
        response_headers: set by `util.http.addResponseHeader(s)`, the last one wins.
        subscription_filter: argument of `extensions.setSubscriptionFilter`.
        invalidation_filter: of `extensions.setSubscriptionInvalidationFilter`.
        invalidations: arguments of `extensions.invalidateSubscriptions`, in order.
        cache_evictions: (type name, field name, keys) of
            `extensions.evictFromApiCache`, in order.
    """

    __slots__ = (
        "cache_evictions",
        "errors",
        "invalidation_filter",
        "invalidations",
        "logs",
        "response_headers",
        "subscription_filter",
    )

    def __init__(self) -> None:
        self.errors: list[EvaluationError] = []
        self.logs: list[str] = []
        self.response_headers: dict[str, str] = {}
        self.subscription_filter: Any = None
        self.invalidation_filter: Any = None
        self.invalidations: list[Any] = []
        self.cache_evictions: list[tuple[str, str, dict[str, Any]]] = []


NOTHING = Part(None)
NO_REQUEST = Part({"headers": {}, "domainName": None})
NO_ENV = Part({})
NO_INFO = Info({"fieldName": "", "parentTypeName": "", "variables": {}})


class Context:
    """What a handler reads and writes.

    All members hold JSON values (dict, list, str, int, float, bool, None). Handlers may
    change `arguments`, `stash`, `result` and `prev` in place; the shared `Part`s are
    read-only.

    Attributes:
        arguments: `ctx.args` and `ctx.arguments`, the same dict.
        source: the value the parent field resolved to, None at the root.
        identity: who calls; its value is None with an API key.
        request: `{"headers": {...}, "domainName": ...}`.
        info: see `Info`.
        env: the API's environment variables.
        stash: shared by all steps of a pipeline.
        prev: `ctx.prev.result`; only meaningful when `has_prev`.
        has_prev: whether `ctx.prev` exists (pipeline functions and the after step).
        result: what the data source gave, for response handlers.
        error: `{"message", "type"}` of a failed data source call, else None.
        effects: None until a handler has a side effect, see `effect`.
    """

    __slots__ = (
        "arguments",
        "effects",
        "env",
        "error",
        "has_prev",
        "identity",
        "info",
        "prev",
        "request",
        "result",
        "source",
        "stash",
    )

    def __init__(
        self,
        arguments: dict[str, Any],
        source: Any = None,
        *,
        identity: Part = NOTHING,
        request: Part = NO_REQUEST,
        info: Info = NO_INFO,
        env: Part = NO_ENV,
    ) -> None:
        self.arguments = arguments
        self.source = source
        self.identity = identity
        self.request = request
        self.info = info
        self.env = env
        self.stash: dict[str, Any] = {}
        self.prev: Any = None
        self.has_prev = False
        self.result: Any = None
        self.error: dict[str, Any] | None = None
        self.effects: Effects | None = None

    def effect(self) -> Effects:
        """Give the side effects of this run, made on first use."""
        if self.effects is None:
            self.effects = Effects()
        return self.effects
