"""JSON across the border, and stand-ins for large integers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_resolvers.js.values import Exact, dumps, loads

pytestmark = pytest.mark.ours("JavaScript's numbers are exact up to 2**53")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(-1e15, 1e15),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_whatever_goes_in_comes_out(value: Any) -> None:
    exact = Exact()
    assert exact.restored(loads(exact.dumps(value))) == value


@given(st.lists(st.integers(2**53, 2**70), unique=True))
def test_neighbours_stay_apart(numbers: list[int]) -> None:
    exact = Exact()
    # What JavaScript makes of a number: the nearest double.
    seen = [float(number) for number in loads(exact.dumps(numbers))]
    assert len(set(seen)) == len(numbers)
    assert exact.restored(seen) == numbers


def test_a_double_stays_apart_from_the_integer_next_to_it() -> None:
    exact = Exact()
    numbers = [2.0**53, 2**53 + 1, 2.0**60]
    seen = [float(number) for number in loads(exact.dumps(numbers))]
    assert exact.restored(seen) == numbers


@pytest.mark.parametrize("value", [2**53 + 1, -(2**60), {"a": [2**64]}, "\ud800"])
def test_plain_json_refuses_what_would_change(value: Any) -> None:
    with pytest.raises(TypeError):
        dumps(value)


def test_numbers_beyond_all_doubles_become_null() -> None:
    assert Exact().dumps([10**400, float("inf"), float("nan")]) == "[null,null,null]"


def test_lone_surrogates_are_read() -> None:
    assert loads('"\\ud800"') == "\ud800"
