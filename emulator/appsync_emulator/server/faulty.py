"""Connections and models that fail on purpose."""

from collections.abc import Callable
from dataclasses import replace

from appsync_emulator.faults import Faults, ModelFault
from appsync_emulator.realtime.protocol import ACK, KA
from appsync_emulator.server.model.reply import Fault
from appsync_emulator.server.model.script import Rule

Frames = tuple[bytes, ...]
Alter = Callable[[Frames], Frames]
"""Text frames as they are to be sent -> as they are sent."""


def alter_frames(faults: Faults | None) -> Callable[[], Alter | None]:
    """Give what is asked at the beginning of every connection for its faults."""

    def begin() -> Alter | None:
        fault = None if faults is None else faults.connection()
        if faults is None or fault is None:
            return None
        ack = ACK
        if fault.timeout_ms is not None:
            ack = ACK.replace(b"300000", b"%d" % fault.timeout_ms)

        def alter(frames: Frames) -> Frames:
            if fault.no_ka and KA in frames:
                faults.note("a ka is left out")
                frames = tuple([frame for frame in frames if frame != KA])
            return tuple([ack if frame == ACK else frame for frame in frames])

        return alter

    return begin


def change_rules(faults: Faults) -> Callable[[Rule], Rule]:
    """Give what is asked before every answer of the model for its faults."""

    def change(rule: Rule) -> Rule:
        fault = faults.model()
        if fault is None:
            return rule
        faults.note("the model's answer is disturbed")
        return alter_rule(rule, fault)

    return change


def alter_rule(rule: Rule, fault: ModelFault) -> Rule:
    """Give the rule with a fault in the place of its own."""
    kind: Fault | None = rule.fault
    if fault.stall_after is not None:
        kind = Fault("stall", fault.stall_after, seconds=fault.stall)
    elif fault.error_after is not None:
        kind = Fault("error", fault.error_after)
    elif fault.cut_after is not None:
        kind = Fault("cut", fault.cut_after)
    first = rule.first if fault.first_token is None else fault.first_token
    return replace(rule, fault=kind, first=first)
