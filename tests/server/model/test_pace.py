from itertools import islice, pairwise

import pytest

from appsync_emulator.server.model.pace import Pace

pytestmark = pytest.mark.ours("the stand-in's pace is our own setting")

PACE = Pace(rate=30.0, first=0.3)


@pytest.mark.parametrize(
    ("model", "pace"),
    [
        ("gpt-4o-mini", PACE),
        ("gpt-4o-mini@rate=200", Pace(200.0, 0.3)),
        ("gpt-4o-mini@first=1.5", Pace(30.0, 1.5)),
        ("gpt-4o-mini@rate=0,first=0", Pace(0.0, 0.0)),
        ("gpt-4o-mini@jitter=0.5", Pace(30.0, 0.3, 0.5)),
        ("gpt-4o-mini@rate=9,jitter=1,first=2", Pace(9.0, 2.0, 1.0)),
        ("gpt-4o-mini@jitter=1.5", PACE),
        ("@cf/meta/llama", PACE),
        ("gpt@rate=fast", PACE),
        ("gpt@rate=" + "9" * 400, PACE),
    ],
)
def test_a_models_name_may_carry_its_pace(model: str, pace: Pace) -> None:
    assert PACE.of_model(model) == pace


def test_the_pace_is_counted_from_the_start() -> None:
    moments = list(islice(PACE.moments(""), 31))
    assert (moments[0], moments[30]) == (0.3, 1.3)
    assert list(islice(Pace(0.0, 0.5).moments(""), 3)) == [0.5, 0.5, 0.5]


def test_jitter_stays_within_its_part_and_keeps_the_order() -> None:
    moments = list(islice(Pace(10.0, 1.0, 0.5).moments("seed"), 500))
    assert 0.5 <= moments[0] <= 1.5
    pauses = [after - before for before, after in pairwise(moments)]
    assert all(0.05 - 1e-9 <= pause <= 0.15 + 1e-9 for pause in pauses)
    assert len({round(pause, 9) for pause in pauses}) > 400


def test_the_same_rhythm_gives_the_same_pauses_and_another_one_others() -> None:
    pace = Pace(10.0, 1.0, 0.5)
    first, again, other = (
        list(islice(pace.moments(rhythm), 20)) for rhythm in ("1\na", "1\na", "2\na")
    )
    assert first == again
    assert first != other
