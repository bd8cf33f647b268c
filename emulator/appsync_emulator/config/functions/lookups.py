"""Functions that look something up: Ref, GetAtt, FindInMap, ImportValue."""

from appsync_emulator.config.codes import TRANSFORM
from appsync_emulator.config.functions.extensions import need_extensions
from appsync_emulator.config.node import NO_VALUE, Node
from appsync_emulator.config.template.scope import Scope, Unresolved


def ref(scope: Scope, argument: Node, call: Node) -> Node:
    """`Ref`: the value of a parameter, or the name of a resource."""
    name = argument.value
    if not isinstance(name, str):
        raise scope.wrong("Ref needs the name of a parameter or a resource.", call)
    if name == "AWS::NoValue":
        return NO_VALUE
    try:
        return call.computed(scope.stack.reference(name))
    except Unresolved as error:
        raise scope.located(error, call) from None


def get_att(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::GetAtt`: an attribute of a resource, as a list or as one dotted string."""
    rule = (
        "Every Fn::GetAtt object requires two non-empty parameters, the resource name "
        "and the resource attribute."
    )
    if isinstance(argument.value, str):
        names = argument.value.split(".", 1)
    else:
        items = scope.items(argument, rule)
        names = [scope.text(item, "A parameter of Fn::GetAtt") for item in items]
    # ["A", "Outputs", "X"] is not documented but accepted, like "A.Outputs.X".
    if len(names) < 2 or not all(names):
        raise scope.wrong(rule, call)
    try:
        attribute = ".".join(names[1:])
        return call.computed(scope.stack.attribute(names[0], attribute))
    except Unresolved as error:
        raise scope.located(error, call) from None


def find_in_map(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::FindInMap`, with the default that AWS::LanguageExtensions allows."""
    rule = (
        "Every Fn::FindInMap object requires three parameters, the map name, map key "
        "and the attribute for return value."
    )
    items = scope.items(argument, rule)
    default = _default(scope, items, call) if len(items) == 4 else None
    if len(items) != 3 and default is None:
        raise scope.wrong(rule, call)
    names = [scope.text(item, "A parameter of Fn::FindInMap") for item in items[:3]]
    try:
        return scope.evaluate(scope.stack.mapped(names))
    except Unresolved as error:
        if default is not None:
            return scope.evaluate(default)
        raise scope.located(error, call) from None


def _default(scope: Scope, items: list[Node], call: Node) -> Node:
    value = items[3].value
    if not isinstance(value, dict) or list(value) != ["DefaultValue"]:
        rule = "The fourth parameter of Fn::FindInMap can only be {DefaultValue: …}."
        raise scope.wrong(rule, items[3])
    need_extensions(scope, "DefaultValue in Fn::FindInMap", call)
    default: Node = value["DefaultValue"]
    return default


def import_value(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::ImportValue`: what another template of the same call exports."""
    name = scope.text(argument, "The name in Fn::ImportValue")
    try:
        return call.computed(scope.stack.imported(name))
    except Unresolved as error:
        raise scope.located(error, call) from None


def transform(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::Transform` that is still here when values are evaluated: a macro.

    `AWS::Include` was carried out when the template was read.
    """
    name = argument.value.get("Name") if isinstance(argument.value, dict) else None
    shown = repr(name.value) if isinstance(name, Node) else "without a name"
    message = f"The macro {shown} runs in AWS only; AWS::Include is the one known here."
    raise scope.wrong(message, call, TRANSFORM)
