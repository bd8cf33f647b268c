"""Properties, indexes and methods of values, found as Velocity's introspection does.

Generated code calls these functions where its own fast path, for JSON values, ends.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from appsync_resolvers.context import Context
from appsync_resolvers.vtl.limits import (
    LONG as LONG_TEXT,
)
from appsync_resolvers.vtl.limits import (
    checked,
    grow_by_members,
    keep,
    note_object,
)
from appsync_resolvers.vtl.methods.collections import (
    ARRAY,
    COLLECTION,
    ITERATOR,
    LIST,
)
from appsync_resolvers.vtl.methods.maps import CLASS, ENTRY, MAP, SCOPE, put, set_value
from appsync_resolvers.vtl.methods.numbers import (
    BIG_DECIMAL,
    BIG_INTEGER,
    BOOLEAN,
    DOUBLE,
    INTEGER,
    LONG,
)
from appsync_resolvers.vtl.methods.strings import CHARACTER, STRING
from appsync_resolvers.vtl.methods.table import Overload, Table, find, method
from appsync_resolvers.vtl.util.registry import call_helper, member
from appsync_resolvers.vtl.values.failure import (
    Place,
    Thrown,
    failed,
    invocation,
    place,
)
from appsync_resolvers.vtl.values.kinds import (
    INT_MAX,
    INT_MIN,
    LONG_MAX,
    LONG_MIN,
    class_name,
    is_int,
)
from appsync_resolvers.vtl.values.objects import (
    Array,
    Block,
    Char,
    Cursor,
    Entry,
    EntrySet,
    InfoMap,
    JavaClass,
    KeySet,
    Namespace,
    Scope,
    Values,
    View,
)
from appsync_resolvers.vtl.values.text import to_string

BLOCK: Table = {}
method(BLOCK, "toString")(to_string)

PLAIN = frozenset({type(None), str, int, float, bool, list, dict})

_TABLES: dict[type, Table] = {
    str: STRING,
    float: DOUBLE,
    bool: BOOLEAN,
    Decimal: BIG_DECIMAL,
    list: LIST,
    dict: MAP,
    InfoMap: MAP,
    Char: CHARACTER,
    Array: ARRAY,
    KeySet: COLLECTION,
    Values: COLLECTION,
    EntrySet: COLLECTION,
    Entry: ENTRY,
    Cursor: ITERATOR,
    JavaClass: CLASS,
    Scope: SCOPE,
    Block: BLOCK,
    Namespace: {},
}

_STATIC = frozenset(
    {
        "compare",
        "format",
        "join",
        "max",
        "min",
        "parseBoolean",
        "parseDouble",
        "parseInt",
        "parseLong",
        "sum",
        "toBinaryString",
        "toHexString",
        "valueOf",
    }
)

_HANDED_ON = frozenset(
    {
        "get",
        "getKey",
        "getOrDefault",
        "getValue",
        "next",
        "put",
        "putIfAbsent",
        "remove",
        "replace",
        "set",
        "setValue",
    }
)
"""Methods of containers that give what is there already; all others make a value."""


def _table(value: Any) -> Table:
    if type(value) is not int:
        return _TABLES[type(value)]
    if INT_MIN <= value <= INT_MAX:
        return INTEGER
    return LONG if LONG_MIN <= value <= LONG_MAX else BIG_INTEGER


def _overloads(value: Any, name: str) -> list[Overload] | None:
    overloads = _table(value).get(name)
    if overloads is None and type(value) is JavaClass:
        return _table(value.instance).get(name)
    return overloads


def _static_receiver(java_class: JavaClass, name: str) -> Any:
    """Give a value to call a static method on.

    Raises:
        Thrown: the method is not static.
    """
    if name not in _STATIC:
        what = "object is not an instance of declaring class"
        raise Thrown(f"java.lang.IllegalArgumentException: {what}")
    return java_class.instance


def get_property(value: Any, name: str) -> Any:
    """Give `$value.name`: a getter, a map's member, or an `is…` method.

    `getClass()` comes before a map's members, as everywhere in Velocity.
    """
    if value is None:
        return None
    if name in ("class", "Class") and type(value) is not Namespace:
        note_object()
        return JavaClass(class_name(value), value)
    if isinstance(value, dict):
        found = value.get(name)
        if found is None and type(value) is InfoMap:
            found = value.hidden.get(name)
        return found
    if type(value) is Namespace:
        return member(value, name)
    table = _table(value)
    for prefix in ("get", "is"):
        for first in (name[0], name[0].swapcase()):
            overloads = table.get(prefix + first + name[1:])
            function = overloads and find(overloads, ())
            if function and (prefix == "get" or type(value) is not Entry):
                result = function(value)
                if type(result) not in PLAIN:
                    note_object()
                return result
        if prefix == "get" and type(value) is Scope:
            found = value.storage.get(name)
            return get_property(value.parent, name) if found is None else found
    return None


def call(
    value: Any, name: str, arguments: tuple[Any, ...], at: Place, context: Context
) -> Any:
    """Give `$value.name(arguments)`; None when there is no such method.

    Raises:
        EvaluationError: the method threw.
    """
    if value is None:
        return None
    try:
        if type(value) is Namespace:
            return call_helper(value, name, arguments, context)
        overloads = _overloads(value, name)
        if overloads is None:
            return get_property(value, "class") if name == "getClass" else None
        function = find(overloads, arguments)
        if function is None:
            return None
        if type(value) is JavaClass and name != "getName":
            value = _static_receiver(value, name)
        result = function(value, *arguments)
    except Thrown as error:
        raise invocation(value, name, error.text, at) from None
    kind = type(result)
    if kind not in PLAIN:
        note_object()
    elif kind is str:
        if len(result) > LONG_TEXT and name not in _HANDED_ON:
            checked(result)
    elif (kind is list or kind is dict) and name not in _HANDED_ON:
        grow_by_members(len(result))
    return result


def _positive(value: Any, key: Any, at: Place) -> Any:
    """Count a negative index from the end."""
    if not is_int(key) or key >= 0:
        return key
    if not hasattr(type(value), "__len__") or isinstance(value, str):
        raise failed(
            f"A 'size()' method required for negative value {key} does not exist "
            f"for class '{class_name(value)}' at {place(at)}"
        )
    return len(value) + key


def get_index(value: Any, key: Any, at: Place) -> Any:
    """Give `$value[key]`.

    Raises:
        EvaluationError: a list has no such member.
    """
    if value is None:
        return None
    key = _positive(value, key, at)
    if type(value) is dict and type(key) is str:
        return value.get(key)
    overloads = _table(value).get("get")
    function = overloads and find(overloads, (key,))
    if not function:
        return None
    try:
        return function(value, key)
    except Thrown:
        shown = "null" if key is None else class_name(key)
        raise failed(
            f"Error invoking method 'get({shown})' in {class_name(value)} "
            f"at {place(at)}"
        ) from None


def set_index(target: Any, key: Any, value: Any, at: Place) -> None:
    """Do `#set($target[key] = value)`; nothing happens where it is impossible.

    Raises:
        EvaluationError: a list has no such member.
    """
    if target is None:
        return
    key = _positive(target, key, at)
    for name in ("set", "put"):
        overloads = _table(target).get(name)
        function = overloads and find(overloads, (key, value))
        if function:
            try:
                function(target, key, value)
            except Thrown:
                classes = f"{class_name(key)},{class_name(value)}"
                raise failed(
                    f"Exception calling method '{name}({classes})' in  class "
                    f"{class_name(target)} at {place(at)}"
                ) from None
            return


def set_property(target: Any, name: str, value: Any) -> None:
    """Do `#set($target.name = value)`; nothing happens where it is impossible."""
    if isinstance(target, dict):
        put(target, name, value)
    elif type(target) is Entry and name in ("value", "Value"):
        set_value(target, value)
    elif type(target) is Scope:
        keep(target.storage)
        target.storage[name] = value


def iterate(value: Any) -> Sequence[Any] | None:
    """Give what `#foreach` goes through, None when that is nothing at all."""
    if type(value) is list or type(value) is Array:
        return value
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, View):
        return list(value)
    if type(value) is Cursor:
        rest = value.items[value.position :]
        value.position = len(value.items)
        return rest
    return None
