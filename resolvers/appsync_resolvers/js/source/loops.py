"""Counting the iterations of loops: AppSync allows 1,000 in one evaluation.

Source: AppSync quotas. A loop's body gets one statement in front; the counter lives as
long as one evaluation. Iterating methods (`map`, `forEach`) are no loops.
"""

from collections.abc import Iterator

from appsync_resolvers.js.source.edits import Edit
from appsync_resolvers.js.source.tree import Tree

COUNTER = "__appsync_iterations"
EXCEEDED = "__appsync_too_many_iterations"
MAX_ITERATIONS = 1000
_STEP = f"if(++{COUNTER}>{MAX_ITERATIONS}){EXCEEDED}();".encode()


def count(tree: Tree) -> Iterator[Edit]:
    """Give the edits that count iterations."""
    for node in tree.all("for_in_statement"):
        body = node.child_by_field_name("body")
        if body is None:
            continue
        if body.type == "statement_block":
            yield Edit(body.start_byte + 1, body.start_byte + 1, _STEP)
        else:
            yield Edit(body.start_byte, body.start_byte, b"{" + _STEP)
            yield Edit(body.end_byte, body.end_byte, b"}")
