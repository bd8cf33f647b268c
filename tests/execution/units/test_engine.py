"""What an engine keeps, refuses and gives up."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_emulator.execution.engine import Engine
from appsync_emulator.execution.fieldcall import cut
from appsync_emulator.execution.operation import Documents, RequestRejected
from appsync_emulator.execution.outcome import Outcome, kind_of, path_list, path_text
from appsync_emulator.execution.responseheaders import MAX_SIZE, add_header
from appsync_emulator.execution.run import Facts
from appsync_emulator.execution.selection import ALWAYS
from appsync_emulator.execution.tree import TreeBuilder
from appsync_emulator.model import Api, AuthProvider
from appsync_emulator.schema import build
from appsync_emulator.types import Origin, Text
from appsync_resolvers import EvaluationError, Part

HERE = Origin("schema.graphql", 1)
SDL = """
type Query { slow: Int  must: Int!  box: Box  node: Node }
type Mutation { first: Int  second: Int  third: Int! }
type Box implements Node { id: ID! box: Box deep: Int }
interface Node { id: ID! }
"""


class Never:
    """A resolver whose data source does not answer."""

    def run(self, _context: Any, _run: Any) -> Any:
        yield asyncio.Event().wait()


def execute(query: str, variables: Any = None, **resolvers: Any) -> Outcome:
    """Run an operation on resolvers of root fields, for a twentieth of a second."""
    kind = "Mutation" if query.startswith("mutation") else "Query"
    bound: Any = {(kind, name): one for name, one in resolvers.items()}
    api = Api("a" * 26, "test", HERE, AuthProvider("API_KEY", HERE))
    engine = Engine(api, build(Text(SDL, HERE)), bound, request_timeout=-0.45)
    facts = Facts(Part(None), Part(None), Part({}), variables)

    async def run() -> Outcome:
        now = asyncio.get_running_loop().time()
        outcome = engine.execute(engine.prepare(query), facts, now)
        return await outcome if isinstance(outcome, Coroutine) else outcome

    try:
        return asyncio.run(run())
    finally:
        engine.close()


TIMED_OUT = "Execution timed out."


@pytest.mark.aws_observed("a request ends after 30 seconds with this message")
def test_mutations_whose_turn_did_not_come_are_told_too() -> None:
    outcome = execute("mutation { first second }", first=Never(), second=Never())
    assert outcome.data == {"first": None, "second": None}
    assert [(error["path"], error["message"]) for error in outcome.errors] == [
        (["first"], TIMED_OUT),
        (["second"], TIMED_OUT),
    ]


@pytest.mark.aws_observed("a request ends after 30 seconds with this message")
def test_a_mutation_in_time_that_must_not_be_null_empties_data() -> None:
    outcome = execute("mutation { first third }", first=Never(), third=Never())
    assert outcome.data is None
    assert [error["path"] for error in outcome.errors] == [["first"], ["third"]]
    outcome = execute("mutation { third first second }", third=Never())
    assert outcome.data is None


@pytest.mark.ours("what directives leave out is not told to be late")
def test_a_mutation_that_is_left_out_is_not_late() -> None:
    query = "mutation ($v: Boolean!) { first second @include(if: $v) }"
    outcome = execute(query, {"v": False}, first=Never(), second=Never())
    assert outcome.data == {"first": None}
    assert [error["path"] for error in outcome.errors] == [["first"]]


@pytest.mark.aws_observed("a request ends after 30 seconds with this message")
def test_a_query_that_is_given_up_keeps_what_is_there() -> None:
    outcome = execute("{ slow box { id } }", slow=Never())
    assert outcome.data == {"slow": None, "box": None}
    assert [error["message"] for error in outcome.errors] == [TIMED_OUT]
    assert execute("{ slow must }", must=Never()).data is None


@pytest.mark.ours("what a client writes into the text does not fill the memory")
def test_plans_end_with_their_documents() -> None:
    api = Api("a" * 26, "test", HERE, AuthProvider("API_KEY", HERE))
    engine = Engine(api, build(Text(SDL, HERE)), {})
    first = engine.prepare("{ slow }")
    assert engine.prepare("{ slow }") is first
    for number in range(600):
        engine.prepare(f"{{ x{number}: slow }}")
    assert len(engine._prepared) <= 501
    assert engine.prepare("{ slow }") is not first
    engine.close()


@pytest.mark.ours("nothing a document nests keeps the process from answering")
def test_a_document_of_too_many_levels_is_refused() -> None:
    api = Api("a" * 26, "test", HERE, AuthProvider("API_KEY", HERE))
    engine = Engine(api, build(Text(SDL, HERE)), {})
    query = "{ " + "box { " * 3000 + "id " + "} " * 3000 + "}"
    with pytest.raises(RequestRejected) as rejected:
        engine.prepare(query)
    assert rejected.value.status == 400
    engine.close()


@pytest.mark.aws_doc("util.error: data is filtered by the selection set")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"id": 1, "deep": 2, "more": 3}, {"id": 1, "d": 2}),
        ({"box": {"id": 1, "deep": 2}}, {"b": {"id": 1}}),
        ([{"id": 1, "x": 2}, None, "text"], [{"id": 1}, None, "text"]),
        ({}, {}),
        ("text", "text"),
        (None, None),
    ],
)
def test_data_of_errors_is_cut_to_the_selection(value: Any, expected: Any) -> None:
    schema = build(Text(SDL, HERE))
    operation = Documents(schema, introspection=True).get(
        "{ box { id d: deep b: box { id } } }"
    )
    root: Any = schema.graphql.query_type
    builder = TreeBuilder(schema.graphql, {}, lambda _type, _field: False)
    (entry,) = builder.build(root, [(operation.node.selection_set, ALWAYS)]).fields
    assert cut(entry, value) == expected


@pytest.mark.aws_observed("amplify-flutter #2137: list positions in path and text")
def test_paths_in_entries_and_in_messages() -> None:
    path = ((((None, "syncOrders"), "items"), 32), "orderDate")
    assert path_list(path) == ["syncOrders", "items", 32, "orderDate"]
    assert path_text(path) == "/syncOrders/items[32]/orderDate"
    assert (path_list(None), path_text(None)) == ([], "")


@pytest.mark.aws_doc("troubleshooting and common mistakes: type mismatch error")
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({}, "OBJECT"),
        ([], "LIST"),
        ("", "STRING"),
        (True, "BOOLEAN"),
        (0, "NUMBER"),
        (0.5, "NUMBER"),
        (None, "NULL"),
    ],
)
def test_kinds_of_values(value: Any, kind: str) -> None:
    assert kind_of(value) == kind


HEADERS = "developer guide, HTTP helpers in util.http"


@pytest.mark.aws_doc(f"{HEADERS}: the last definition wins")
def test_a_header_takes_the_place_of_its_namesake() -> None:
    headers = {"X-One": "1", "x-two": "2"}
    add_header(headers, "x-ONE", "")
    assert headers == {"x-two": "2", "x-ONE": ""}


@pytest.mark.aws_doc(f"{HEADERS}: 4 KB of names and values")
def test_the_limit_of_headers_counts_bytes() -> None:
    headers = {"a": "x" * (MAX_SIZE - 4)}
    add_header(headers, "b", "ü")
    kept = dict(headers)
    with pytest.raises(EvaluationError, match="4 KB") as raised:
        add_header(headers, "c", "")
    assert raised.value.error_type == "ResponseHeaderError"
    assert headers == kept
    add_header(headers, "B", "ue")
    assert headers["B"] == "ue"


@pytest.mark.ours("a header must not end before its end")
@given(st.text(max_size=5), st.text(alphabet="a\r\n\0 :ü", max_size=5))
def test_no_header_breaks_the_response(name: str, value: str) -> None:
    headers: dict[str, str] = {}
    try:
        add_header(headers, name, value)
    except EvaluationError:
        assert headers == {}
    else:
        assert headers == {name: value}
        assert not set("\r\n\0") & set(name + value)
        assert name.isascii()
        assert name.isprintable()
        assert not set(": ") & set(name)
