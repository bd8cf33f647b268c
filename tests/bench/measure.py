"""One side's process: runs the operation it is asked for and gives samples.

Needs the standard library only, for it also runs in the environment of a peer.
"""

import gc
import json
import sys
from collections.abc import Callable, Mapping
from time import perf_counter, process_time
from typing import Any

Operation = Callable[[], Any]

BATCH_SECONDS = 0.01
"""How long a sample takes; far above the clocks' resolution."""


def batch(operation: Operation, count: int) -> tuple[float, float]:
    """Run an operation `count` times; gives seconds of CPU and of wall time."""
    cpu, wall = process_time(), perf_counter()
    for _ in range(count):
        operation()
    return process_time() - cpu, perf_counter() - wall


def sample(operation: Operation, seconds: float) -> dict[str, list[float]]:
    """Time an operation for about `seconds`, after warming up for half as long.

    Returns:
        `cpu` and `wall`: microseconds per operation, one figure a batch; at least
        three of them.
    """
    count = 1
    end = perf_counter() + seconds / 2
    while True:
        _, wall = batch(operation, count)
        if wall < BATCH_SECONDS:
            count *= 2
        elif perf_counter() > end:
            break
    cpus: list[float] = []
    walls: list[float] = []
    end = perf_counter() + seconds
    while perf_counter() < end or len(cpus) < 3:
        cpu, wall = batch(operation, count)
        cpus.append(cpu / count * 1e6)
        walls.append(wall / count * 1e6)
    return {"cpu": cpus, "wall": walls}


def answer(
    operations: Mapping[str, Operation],
    read: Callable[[Any], Any] = lambda value: value,
) -> None:
    """Answer questions, one a line, until there are no more.

    `{"case": …, "seconds": 0}` asks for the value of an operation, for comparison;
    more seconds ask for samples.

    Args:
        operations: by case.
        read: turns an operation's value into what is compared; not timed.
    """
    gc.collect()
    gc.freeze()  # as the server does; what was imported is not walked again
    for line in sys.stdin:
        asked = json.loads(line)
        operation = operations[asked["case"]]
        if asked["seconds"]:
            given: Any = sample(operation, asked["seconds"])
        else:
            given = {"value": read(operation())}
        sys.stdout.write(json.dumps(given) + "\n")
        sys.stdout.flush()
