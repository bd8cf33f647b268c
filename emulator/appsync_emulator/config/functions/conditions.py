"""Conditions: Fn::If for values; And, Or, Not, Equals and Condition for conditions."""

from collections.abc import Callable

from appsync_emulator.config.node import NO_VALUE, Node, as_text, plain
from appsync_emulator.config.template.scope import Scope, Unresolved
from appsync_emulator.types import JSON


def if_(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::If`: one of two values; the other one is not evaluated."""
    rule = (
        "Fn::If requires a list argument with the first element being a condition, and "
        "then the value if true and the value if false."
    )
    name, if_true, if_false = scope.items(argument, rule, count=3)
    if not isinstance(name.value, str):
        raise scope.wrong(rule, call)
    return scope.evaluate(if_true if named(scope, name) else if_false)


def misplaced(scope: Scope, argument: Node, call: Node) -> Node:
    """Refuse a condition function where a value stands.

    They are only allowed in the Conditions section (template reference).
    """
    del argument
    name = next(iter(call.value))
    message = f"{name} is allowed only in the Conditions section."
    raise scope.wrong(message, call, hint="Name the condition there, and use Fn::If.")


def named(scope: Scope, name: Node) -> bool:
    """Give the value of the condition that `name` names."""
    try:
        return scope.stack.condition(str(name.value))
    except Unresolved as error:
        raise scope.located(error, name) from None


def truth(scope: Scope, node: Node) -> bool:
    """Evaluate a condition: what stands in Conditions, or in And, Or and Not.

    Raises:
        ProjectError: it is no condition.
    """
    value = node.value
    if isinstance(value, dict) and len(value) == 1:
        name, argument = next(iter(value.items()))
        condition = _CONDITIONS.get(name)
        if condition is not None:
            return condition(scope, argument)
    message = "A condition is one of Fn::And, Fn::Or, Fn::Not, Fn::Equals, Condition."
    raise scope.wrong(message, node)


def _and(scope: Scope, argument: Node) -> bool:
    return all(_operands(scope, argument, "Fn::And"))


def _or(scope: Scope, argument: Node) -> bool:
    return any(_operands(scope, argument, "Fn::Or"))


def _operands(scope: Scope, argument: Node, name: str) -> list[bool]:
    rule = f"{name} needs a list of 2 to 10 conditions."
    items = scope.items(argument, rule)
    if not 2 <= len(items) <= 10:
        raise scope.wrong(rule, argument)
    # All are evaluated, so that a mistake in the last one is not hidden by the first.
    return [truth(scope, item) for item in items]


def _not(scope: Scope, argument: Node) -> bool:
    rule = "Fn::Not needs a list of one condition."
    return not truth(scope, scope.items(argument, rule, count=1)[0])


def _equals(scope: Scope, argument: Node) -> bool:
    rule = "Fn::Equals needs a list of two values."
    left, right = scope.items(argument, rule, count=2)
    values = scope.evaluate(left), scope.evaluate(right)
    if NO_VALUE in values:
        return values[0] is values[1]
    return bool(_comparable(plain(values[0])) == _comparable(plain(values[1])))


def _comparable(value: JSON) -> JSON:
    """Parameters are strings, so `true` in YAML has to equal "true"."""
    if isinstance(value, dict):
        return {key: _comparable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    return None if value is None else as_text(value)


def _condition(scope: Scope, argument: Node) -> bool:
    if not isinstance(argument.value, str):
        raise scope.wrong("Condition needs the name of a condition.", argument)
    return named(scope, argument)


_CONDITIONS: dict[str, Callable[[Scope, Node], bool]] = {
    "Fn::And": _and,
    "Fn::Or": _or,
    "Fn::Not": _not,
    "Fn::Equals": _equals,
    "Condition": _condition,
}
