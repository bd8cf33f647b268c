"""The index finds what asking every filter would find, whatever the filters are."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_emulator.realtime.filterindex import FilterIndex
from appsync_emulator.realtime.filters import compile_filter
from appsync_emulator.realtime.hub import Hub
from appsync_emulator.realtime.subscription import Subscription

pytestmark = pytest.mark.ours("an index may change what a search costs, nothing else")

SCALARS = st.sampled_from([0, 1, 1.0, 2, True, False, "1", "a", "b", ""])
NUMBERS_AND_TEXTS = st.sampled_from([0, 1, 1.0, 2, "1", "a", "b", ""])
FIELDS = st.sampled_from(["n", "room", "by.name", "a.b.c.d.e.f"])
RULES = st.one_of(
    st.tuples(FIELDS, st.sampled_from(["eq", "ne"]), SCALARS),
    st.tuples(
        FIELDS,
        st.sampled_from(["in", "notIn"]),
        st.lists(NUMBERS_AND_TEXTS, max_size=2),
    ),
    st.tuples(FIELDS, st.sampled_from(["gt", "contains"]), NUMBERS_AND_TEXTS),
)
FILTERS = st.lists(st.lists(RULES, max_size=2), max_size=2)
VALUES = st.none() | SCALARS | st.lists(SCALARS, max_size=2)
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "n": VALUES,
        "room": VALUES,
        "by": st.none() | st.fixed_dictionaries({}, optional={"name": VALUES}),
    },
) | st.lists(SCALARS, max_size=1)


class Box:
    name = "a socket"

    def deliver(self, head: bytes, tail: bytes) -> None:
        pass

    def revoke(self, id: str) -> None:  # noqa: A002 -- as `Outbox`
        pass


def compiled(groups: Any) -> Any:
    return compile_filter(
        {
            "filterGroup": [
                {
                    "filters": [
                        {"fieldName": name, "operator": operator, "value": value}
                        for name, operator, value in rules
                    ]
                }
                for rules in groups
            ]
        }
    )


def subscription(number: int) -> Subscription:
    return Subscription(str(number), "onSay", {}, lambda _: b"", Box())


@given(st.lists(FILTERS, max_size=6), st.lists(EVENTS, max_size=6))
def test_what_is_found_is_what_asking_all_finds(groups: Any, events: Any) -> None:
    index = FilterIndex()
    entries = [(compiled(one), subscription(n)) for n, one in enumerate(groups)]
    for accept, member in entries:
        index.add(accept, member)
    for event in events:
        expected = {member for accept, member in entries if accept(event)}
        found = index.match(event)
        assert set(found) == expected
        assert len(found) == len(expected)
    for accept, member in entries:
        index.remove(accept, member)
    assert not index
    assert (index._asked, index._index) == ({}, {})


def test_only_filters_that_may_hold_are_asked() -> None:
    index = FilterIndex()
    asked: list[str] = []
    names = [f"r{number}" for number in range(100)]
    for number, name in enumerate(names):
        accept = compiled([[("room", "eq", name), ("n", "gt", 5)]])
        index.add(accept, subscription(number))

    class Asked(dict[str, Any]):
        def get(self, name: str, default: Any = None) -> Any:
            asked.append(name)
            return super().get(name, default)

    (found,) = index.match(Asked({"room": "r7", "n": 6}))
    assert found.id == "7"
    assert asked == ["room", "room", "n"]


def test_an_invalidation_looks_at_few_filters_too() -> None:
    hub = Hub({})
    revoked: list[str] = []

    class Revocable(Box):
        def revoke(self, id: str) -> None:  # noqa: A002 -- as `Outbox`
            revoked.append(id)

    for number in range(50):
        filter_ = compiled([[("user", "eq", number)]])
        hub.subscribe(
            Subscription(
                str(number), "onSay", {}, lambda _: b"", Revocable(), revoked_by=filter_
            )
        )
    assert hub.invalidate("onSay", {"user": 7}) == 1
    assert revoked == ["7"]
