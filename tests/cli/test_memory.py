"""What the garbage collector does once the server serves."""

import subprocess
import sys

import pytest

PROGRAM = """
import gc, weakref
from appsync_emulator.process import settle_memory

class Plan:
    def __init__(self):
        self.steps = [[self] for _ in range(1_000)]

settle_memory()
plans = [Plan() for _ in range(100)]
gc.collect(1)  # they have grown old, and then the cache drops them
dropped = weakref.ref(plans[0])
plans.clear()
made = 0
while dropped() is not None and made < 2_000_000:
    circle = []
    circle.append(circle)
    made += 1
print(made)
"""


@pytest.mark.ours("a server that runs for days must not keep what it has dropped")
def test_old_plans_that_were_dropped_are_freed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    assert 0 < int(done.stdout) < 1_000_000
