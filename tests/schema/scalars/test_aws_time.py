import pytest

from appsync_emulator.schema.scalars import ScalarError
from appsync_emulator.schema.scalars.aws_time import AWS_TIME

JAVA = "java.time ISO_TIME, whose grammar AWS's documentation describes"


@pytest.mark.aws_doc("devguide scalars: AWSTime, examples")
@pytest.mark.parametrize(
    "text", ["12:30Z", "12:30:24-07:00", "12:30:24.500+05:30", "12:00:34.", "12:30"]
)
def test_documented_times_stay_as_they_are(text: str) -> None:
    assert AWS_TIME.parse(text) == text
    assert AWS_TIME.serialize(text) == text


@pytest.mark.ours(JAVA)
@pytest.mark.parametrize("text", ["00:00", "23:59:59.999999999", "12:30:00+05:30:15"])
def test_times_that_java_time_reads_are_taken(text: str) -> None:
    assert AWS_TIME.parse(text) == text


@pytest.mark.ours(JAVA)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "24:00",
        "12:60",
        "12:30:60",
        "1:30",
        "12",
        "12:30.5",
        "12:30:00.1234567890",
        "12:30:00,5",
        "12:30+5",
        "T12:30",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ScalarError, match=r"^Unable to parse `.*` as a valid time.$"):
        AWS_TIME.parse(text)
