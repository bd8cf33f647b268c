"""Lines of a function's log, and the tail an invocation gives back."""

import logging
from typing import Any

import pytest

from appsync_emulator.lambdas.logs import FunctionLog, LogLine, Usage, log_line

pytestmark = pytest.mark.aws_doc(
    "Lambda developer guide, log and monitor Python Lambda functions"
)

REPORTS: dict[str, tuple[Usage, str]] = {
    "cold": (
        Usage(0.00301, 128, 36, 0.1101, None),
        (
            "Duration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\t"
            "Max Memory Used: 36 MB\tInit Duration: 110.10 ms\t"
        ),
    ),
    "warm": (
        Usage(0.0029, 256, 36, None, None),
        (
            "Duration: 2.90 ms\tBilled Duration: 3 ms\tMemory Size: 256 MB\t"
            "Max Memory Used: 36 MB\t"
        ),
    ),
    "time-out": (
        Usage(3.0, 128, 36, None, "timeout"),
        (
            "Duration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\t"
            "Max Memory Used: 36 MB\tStatus: timeout\t"
        ),
    ),
    "exit": (
        Usage(0.01, 128, None, None, "Runtime.ExitError"),
        (
            "Duration: 10.00 ms\tBilled Duration: 10 ms\tMemory Size: 128 MB\t"
            "Status: error\tError Type: Runtime.ExitError\t"
        ),
    ),
}


@pytest.mark.aws_observed(
    "localstack lambda snapshots, test_invocation_type_event_error"
)
@pytest.mark.parametrize("kind", REPORTS)
def test_the_report_line_is_lambdas(kind: str) -> None:
    usage, text = REPORTS[kind]
    lines: list[LogLine] = []
    log = FunctionLog("fn", lines.append)
    log.begin("id-1")
    log.end(usage)
    assert [line.text for line in lines] == [
        "START RequestId: id-1 Version: $LATEST",
        "END RequestId: id-1",
        f"REPORT RequestId: id-1\t{text}",
    ]
    assert all(line.platform for line in lines)


def test_output_is_cut_into_lines_wherever_it_was_read() -> None:
    lines: list[LogLine] = []
    log = FunctionLog("fn", lines.append)
    log.begin("id-1")
    for data in (b"on", b"e\ntw", b"o\r\n\nthree \xff", b"\nrest"):
        log.feed(data)
    tail = log.end(REPORTS["warm"][0])
    texts = [line.text for line in lines if not line.platform]
    assert texts == ["one", "two", "", "three \ufffd", "rest"]
    assert "\nrest\nEND RequestId: id-1\n" in tail


def test_the_tail_is_the_last_4_kb() -> None:
    log = FunctionLog("fn", lambda _: None)
    log.begin("id-1")
    for number in range(10_000):
        log.feed(b"line %d\n" % number)
    tail = log.end(REPORTS["warm"][0])
    assert len(tail) == 4096
    assert "line 9999\nEND RequestId: id-1\n" in tail


def test_a_tail_belongs_to_one_event() -> None:
    log = FunctionLog("fn", lambda _: None)
    for number in range(2):
        log.begin(f"id-{number}")
        log.feed(b"said %d\n" % number)
        tail = log.end(REPORTS["warm"][0])
    assert "said 1" in tail
    assert "said 0" not in tail


@pytest.mark.ours("one logger a function, so that each can be silenced")
def test_lines_go_to_the_function_s_logger(caplog: Any) -> None:
    caplog.set_level(logging.DEBUG, logger="appsync_emulator.functions")
    log_line(LogLine("fn", "id-1", "100 % said"))
    log_line(LogLine("fn", "id-1", "START", platform=True))
    log_line(LogLine("fn", "id-1", "Task timed out", platform=True, failed=True))
    first, second, third = caplog.records
    assert first.name == "appsync_emulator.functions.fn"
    assert (first.levelno, first.getMessage()) == (logging.INFO, "100 % said")
    assert first.request_id == "id-1"
    assert second.levelno == logging.DEBUG
    assert third.levelno == logging.INFO
