"""The kinds of faults. Every field but `name` is an option of a CLI specification."""

from dataclasses import dataclass, fields

ANY = "*"
"""The name that means all of them."""


def _check_numbers(fault: object) -> None:
    """Hold every number against what it may be.

    Raises:
        ValueError: it is none, negative, infinite, or no whole number where one counts.
    """
    for about in fields(fault):  # type: ignore[arg-type]  # only dataclasses come here
        value = getattr(fault, about.name)
        if about.name == "name" or isinstance(value, bool) or value is None:
            continue
        whole = "int" in str(about.type)
        kinds = int if whole else int | float
        if isinstance(value, kinds) and 0 <= value < float("inf"):
            continue
        name, words = (
            about.name.replace("_", "-"),
            "whole number" if whole else "number",
        )
        raise ValueError(f"{name} is {value!r}: write a {words} from 0 up.")


@dataclass(frozen=True, slots=True)
class SubscriptionFault:
    """What happens to the events of each subscription of a field.

    Attributes:
        name: the subscription field, `*` for all.
        delay: seconds that each event is late; the order stays.
        jitter: seconds more, at most, by the dice; the order stays.
        reorder: part of the events that are overtaken by the next one.
        duplicate: part of the events that come twice.
        drop: part of the events that never come.
        cut_after: events after which the connection breaks; None for never.
    """

    name: str = ANY
    delay: float = 0.0
    jitter: float = 0.0
    reorder: float = 0.0
    duplicate: float = 0.0
    drop: float = 0.0
    cut_after: int | None = None

    def __post_init__(self) -> None:
        """Hold the values against what they may be."""
        _check_numbers(self)
        for name in ("reorder", "duplicate", "drop"):
            if getattr(self, name) > 1:
                raise ValueError(f"{name} is a part of the events: 0 to 1.")


@dataclass(frozen=True, slots=True)
class ConnectionFault:
    """What happens to realtime connections.

    Attributes:
        name: always `*`.
        no_ka: no `ka` is ever sent, not even with the `connection_ack`.
        timeout_ms: what the `connection_ack` tells as `connectionTimeoutMs`; None for
            AppSync's 300,000.
    """

    name: str = ANY
    no_ka: bool = False
    timeout_ms: int | None = None

    def __post_init__(self) -> None:
        """Hold the values against what they may be."""
        _check_numbers(self)


@dataclass(frozen=True, slots=True)
class FunctionFault:
    """What happens to the attempts to run a function.

    Attributes:
        name: of the function, or the logical id of its resource; `*` for all.
        cold_start: seconds more for a first event in an environment.
        throttle: whether Lambda refuses to run it.
        crash_after: seconds after which its process is killed, 0 for before it does
            anything; None for never.
        time_out_after: seconds after which Lambda says that its time is over.
        times: attempts to which that happens; None for all.
    """

    name: str = ANY
    cold_start: float = 0.0
    throttle: bool = False
    crash_after: float | None = None
    time_out_after: float | None = None
    times: int | None = None

    def __post_init__(self) -> None:
        """Hold the values against what they may be."""
        _check_numbers(self)


@dataclass(frozen=True, slots=True)
class ModelFault:
    """What happens to the answers of the stand-in model.

    Attributes:
        name: always `*`.
        first_token: seconds until the first token; None as it is set for all.
        stall_after: tokens after which it says nothing for `stall` seconds.
        stall: seconds.
        error_after: tokens after which it tells of an error.
        cut_after: tokens after which the connection breaks.
        times: answers to which that happens; None for all.
    """

    name: str = ANY
    first_token: float | None = None
    stall_after: int | None = None
    stall: float = 1.0
    error_after: int | None = None
    cut_after: int | None = None
    times: int | None = None

    def __post_init__(self) -> None:
        """Hold the values against what they may be."""
        _check_numbers(self)
        given = (self.stall_after, self.error_after, self.cut_after)
        if sum(one is not None for one in given) > 1:
            raise ValueError("Of stall-after, error-after and cut-after give one.")


Fault = SubscriptionFault | ConnectionFault | FunctionFault | ModelFault
