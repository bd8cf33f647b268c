"""Java's classes: what a value is an instance of, and by what name errors call it."""

from decimal import Decimal
from typing import Any

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
)

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1

_NAMES: dict[type, str] = {
    str: "java.lang.String",
    float: "java.lang.Double",
    bool: "java.lang.Boolean",
    Decimal: "java.math.BigDecimal",
    list: "java.util.ArrayList",
    dict: "java.util.LinkedHashMap",
    InfoMap: "java.util.LinkedHashMap",
    Char: "java.lang.Character",
    KeySet: "java.util.LinkedHashMap$LinkedKeySet",
    Values: "java.util.LinkedHashMap$LinkedValues",
    EntrySet: "java.util.LinkedHashMap$LinkedEntrySet",
    Entry: "java.util.LinkedHashMap$Entry",
    Cursor: "java.util.ArrayList$Itr",
    JavaClass: "java.lang.Class",
    Scope: "org.apache.velocity.runtime.directive.ForeachScope",
    Block: "org.apache.velocity.runtime.directive.Block$Reference",
    Namespace: "java.lang.Object",
}


def class_name(value: Any) -> str:
    """Give `value.getClass().getName()`."""
    kind = type(value)
    if kind is int:
        if INT_MIN <= value <= INT_MAX:
            return "java.lang.Integer"
        if LONG_MIN <= value <= LONG_MAX:
            return "java.lang.Long"
        return "java.math.BigInteger"
    if kind is Array:
        return "[" + str(value.component)
    return _NAMES[kind]


def is_int(value: Any) -> bool:
    """Say whether the value is an Integer."""
    return type(value) is int and INT_MIN <= value <= INT_MAX


def is_number(value: Any) -> bool:
    """Say whether the value is a Number of any class."""
    kind = type(value)
    return kind is int or kind is float or kind is Decimal


def is_list(value: Any) -> bool:
    """Say whether the value is a List, which an array is not."""
    return type(value) is list


def is_map(value: Any) -> bool:
    """Say whether the value is a Map."""
    return isinstance(value, dict)
