"""`$extensions`: the calls print nothing, the emulator acts on them afterwards."""

from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.json_write import plain
from appsync_resolvers.vtl.limits import grow
from appsync_resolvers.vtl.methods.table import Table, method

EXTENSIONS: Table = {}

Map = dict[Any, Any]
_SIZE = 1000
"""What a call counts for in the memory a template may use, in characters."""


@method(EXTENSIONS, "evictFromApiCache", "ssm")
def evict_from_api_cache(
    context: Context, type_name: str | None, field: str | None, keys: Map | None
) -> str:
    """Ask to remove an entry of a field from the API's cache."""
    grow(_SIZE)
    entry = (str(type_name), str(field), plain(keys) or {})
    context.effect().cache_evictions.append(entry)
    return ""


@method(EXTENSIONS, "setSubscriptionFilter", "m")
def set_subscription_filter(context: Context, filters: Map | None) -> str:
    """Filter what a subscription delivers."""
    context.effect().subscription_filter = plain(filters)
    return ""


@method(EXTENSIONS, "setSubscriptionInvalidationFilter", "m")
def set_subscription_invalidation_filter(context: Context, filters: Map | None) -> str:
    """Say which invalidations end a subscription."""
    context.effect().invalidation_filter = plain(filters)
    return ""


@method(EXTENSIONS, "invalidateSubscriptions", "m")
def invalidate_subscriptions(context: Context, invalidation: Map | None) -> str:
    """Ask to end subscriptions."""
    grow(_SIZE)
    context.effect().invalidations.append(plain(invalidation))
    return ""
