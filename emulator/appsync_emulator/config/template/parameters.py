"""The Parameters section: values given or by default, and the rules they obey.

CloudFormation user guide, "Parameters section structure".
"""

import math
import re
from collections.abc import Callable, Iterable
from typing import Any

from appsync_emulator.config.codes import (
    PARAMETER_MISSING,
    PARAMETER_VALUE,
    STRUCTURE,
)
from appsync_emulator.config.node import Node, as_text, kind_of
from appsync_emulator.config.problems import Problems
from appsync_emulator.errors import ProjectError
from appsync_emulator.types import JSON

PROPERTIES = (
    "Type",
    "Default",
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
)

_AWS_TYPE = r"AWS::[A-Za-z0-9]+(::[A-Za-z0-9]+)+"
_TYPE = re.compile(
    r"String|Number|CommaDelimitedList|List<(Number|String|{aws})>|{aws}"
    r"|AWS::SSM::Parameter::Value<(String|CommaDelimitedList|{aws}"
    r"|List<(String|{aws})>)>".replace("{aws}", _AWS_TYPE)
)

Given = Callable[[str], JSON]
"""Gives the value that was passed for a parameter: None when none was."""


class Parameters:
    """The parameters of one stack; each is evaluated when it is first asked for.

    Args:
        section: the parameters by name.
        given: the values that were passed.
        problems: where wrong declarations go.
    """

    def __init__(
        self, section: dict[str, Node], given: Given, problems: Problems
    ) -> None:
        self._given = given
        self._declared: dict[str, Node] = {}
        self._values: dict[str, JSON] = {}
        for name, node in section.items():
            with problems.collect():
                _check_declaration(name, node)
                self._declared[name] = node

    @property
    def names(self) -> Iterable[str]:
        """The names of the declared parameters."""
        return self._declared.keys()

    def value(self, name: str) -> JSON:
        """Give a parameter's value: a string, or a list of strings for list types.

        Raises:
            KeyError: there is no such parameter.
            ProjectError: it has no value, or one that is not allowed.
        """
        if name not in self._values:
            self._values[name] = _evaluate(
                name, self._declared[name], self._given(name)
            )
        return self._values[name]

    def check(self, problems: Problems) -> None:
        """Evaluate all parameters, used or not, as CloudFormation does."""
        for name in self._declared:
            with problems.collect():
                self.value(name)


def _check_declaration(name: str, node: Node) -> None:
    def wrong(message: str, at: Node, **details: Any) -> ProjectError:
        return ProjectError(STRUCTURE, message, at.key_origin(), **details)

    if not isinstance(node.value, dict):
        message = f"Parameter {name} must be an object, not {kind_of(node.value)}."
        raise wrong(message, node)
    for key, item in node.value.items():
        if key not in PROPERTIES:
            message = f"Parameter {name} has no property {key!r}."
            raise wrong(message, item, found=key, allowed=PROPERTIES)
    kind = node.value.get("Type")
    if kind is None or not isinstance(kind.value, str):
        raise wrong(f"Parameter {name} needs a Type.", node)
    if not _TYPE.fullmatch(kind.value):
        types = ("String", "Number", "CommaDelimitedList", "List<Number>")
        message = f"Parameter {name} has the unknown type {kind.value!r}."
        raise wrong(message, kind, found=kind.value, allowed=types)
    for key, item in node.value.items():
        if key == "AllowedValues":
            values = item.value
            if not isinstance(values, list) or any(
                isinstance(value.value, dict | list) for value in values
            ):
                raise wrong(
                    f"AllowedValues of parameter {name} must be a list of values.", item
                )
        elif item.value is None or isinstance(item.value, dict | list):
            message = f"{key} of parameter {name} must not be {kind_of(item.value)}."
            raise wrong(message, item)


def _evaluate(name: str, node: Node, given: JSON) -> JSON:
    default = node.value.get("Default")
    if given is None:
        if default is None:
            raise ProjectError(
                PARAMETER_MISSING,
                f"Parameters: [{name}] must have values.",
                node.key_origin(),
                hint=f"Give it a Default, or pass --parameter {name}=VALUE.",
            )
        given = as_text(default.value)
    kind: str = node.value["Type"].value
    if not _is_list(kind):
        text = ",".join(given) if isinstance(given, list) else as_text(given)
        _check_value(name, text, node)
        return text
    parts = given if isinstance(given, list) else as_text(given).split(",")
    # An empty list is written as an empty string.
    values = [part.strip() for part in parts] if parts != [""] else []
    for value in values:
        _check_value(name, value, node)
    return values


def _is_list(kind: str) -> bool:
    """Tell list types; of an SSM type, the inner type says what its value is."""
    inner = kind.removeprefix("AWS::SSM::Parameter::Value<")
    return inner.startswith(("List<", "CommaDelimitedList"))


def _check_value(name: str, text: str, node: Node) -> None:
    rules = node.value
    failed = _failed_rule(text, rules)
    if failed is None:
        return
    message, allowed = failed
    description = rules.get("ConstraintDescription")
    if description is not None:
        message += f" ({as_text(description.value)})"
    place = rules.get("Default", node)
    shown = "" if _hidden(rules) else f", and is {text!r}"
    raise ProjectError(
        PARAMETER_VALUE,
        f"Parameter '{name}' {message}{shown}.",
        place.key_origin(),
        found=text,
        allowed=allowed,
    )


def _hidden(rules: dict[str, Node]) -> bool:
    no_echo = rules.get("NoEcho")
    return no_echo is not None and as_text(no_echo.value).lower() == "true"


def _failed_rule(text: str, rules: dict[str, Node]) -> tuple[str, Iterable[str]] | None:
    values = rules.get("AllowedValues")
    if values is not None:
        allowed = [as_text(item.value) for item in values.value]
        if text not in allowed:
            return "must be one of AllowedValues", allowed
    pattern = rules.get("AllowedPattern")
    if pattern is not None and not _matches(as_text(pattern.value), text):
        return f"must match pattern {as_text(pattern.value)}", ()
    if "Number" in rules["Type"].value:
        return _failed_number(text, rules)
    least, most = _number(rules, "MinLength"), _number(rules, "MaxLength")
    if least is not None and len(text) < least:
        return f"must contain at least {least:g} characters", ()
    if most is not None and len(text) > most:
        return f"must contain at most {most:g} characters", ()
    return None


def _failed_number(
    text: str, rules: dict[str, Node]
) -> tuple[str, Iterable[str]] | None:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return "must be a number", ()
    least, most = _number(rules, "MinValue"), _number(rules, "MaxValue")
    if least is not None and number < least:
        return f"must be a number not less than {least:g}", ()
    if most is not None and number > most:
        return f"must be a number not greater than {most:g}", ()
    return None


def _number(rules: dict[str, Node], name: str) -> float | None:
    node = rules.get(name)
    if node is None:
        return None
    try:
        return float(as_text(node.value))
    except ValueError:
        message = f"{name} must be a number."
        raise ProjectError(STRUCTURE, message, node.key_origin()) from None


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        # Java's expressions are not quite Python's; AWS checks this one.
        return True
