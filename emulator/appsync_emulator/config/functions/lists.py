"""Functions about lists: Select, GetAZs, Cidr, Length."""

import ipaddress
from itertools import islice

from appsync_emulator.config.functions.extensions import need_extensions
from appsync_emulator.config.node import Node
from appsync_emulator.config.template.scope import Scope


def select(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::Select`: the item of a list at an index that counts from 0."""
    rule = (
        "Every Fn::Select object requires two non-null parameters, (1) the index and "
        "(2) a list or a function that returns a list."
    )
    position, objects = scope.items(argument, rule, count=2)
    index = _whole(scope, position, "The index of Fn::Select")
    items = scope.items(scope.evaluate(objects), rule)
    if not 0 <= index < len(items) or items[index].value is None:
        message = f"Fn::Select cannot select nonexistent value at index {index}."
        raise scope.wrong(message, call)
    return items[index]


def get_azs(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::GetAZs`: the Availability Zones of a region.

    Which ones an account sees differs in AWS; three is what most regions have at least.
    """
    region = scope.text(argument, "The region of Fn::GetAZs") or scope.stack.region
    return call.computed([f"{region}{letter}" for letter in "abc"])


def cidr(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::Cidr`: the first so many blocks of an address block."""
    rule = (
        "Fn::Cidr needs a list of an address block, a count from 1 to 256 and "
        "optionally the number of subnet bits."
    )
    items = scope.items(argument, rule)
    if len(items) not in (2, 3):
        raise scope.wrong(rule, call)
    block = scope.text(items[0], "The address block of Fn::Cidr")
    count = _whole(scope, items[1], "The count of Fn::Cidr")
    try:
        network = ipaddress.ip_network(block, strict=False)
    except ValueError as error:
        raise scope.wrong(f"Fn::Cidr: {error}.", call) from None
    size = network.max_prefixlen
    # The subnet bits are the inverse of the mask: 8 bits are a /24 in IPv4.
    bits = size - network.prefixlen
    if len(items) == 3:
        bits = _whole(scope, items[2], "The subnet bits of Fn::Cidr")
    prefix = size - bits
    if not 1 <= count <= 256 or not network.prefixlen <= prefix <= size:
        raise scope.wrong(rule, call)
    subnets = islice(network.subnets(new_prefix=prefix), count)
    blocks = [str(subnet) for subnet in subnets]
    if len(blocks) < count:
        message = f"Fn::Cidr: {block} has no {count} blocks of {bits} subnet bits."
        raise scope.wrong(message, call)
    return call.computed(blocks)


def length(scope: Scope, argument: Node, call: Node) -> Node:
    """`Fn::Length`: how many items a list has."""
    need_extensions(scope, "Fn::Length", call)
    items = scope.items(scope.evaluate(argument), "Fn::Length needs a list.")
    return call.computed(len(items))


def _whole(scope: Scope, node: Node, what: str) -> int:
    text = scope.text(node, what)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise scope.wrong(f"{what} must be a whole number, not {text!r}.", node)
    return int(text)
