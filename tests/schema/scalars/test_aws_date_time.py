import pytest

from appsync_emulator.schema.scalars import ScalarError
from appsync_emulator.schema.scalars.aws_date_time import AWS_DATE_TIME

JAVA = "java.time ISO_OFFSET_DATE_TIME, whose grammar AWS's documentation describes"


@pytest.mark.aws_doc("devguide scalars: AWSDateTime, examples")
@pytest.mark.parametrize(
    "text",
    [
        "1970-01-01T12:30:15Z",
        "1970-01-01T12:30:15.500Z",
        "1970-01-01T12:30:15-07:00",
        "1970-01-01T12:30:15+05:30",
    ],
)
def test_documented_moments_stay_as_they_are(text: str) -> None:
    assert AWS_DATE_TIME.parse(text) == text
    assert AWS_DATE_TIME.serialize(text) == text


@pytest.mark.ours(JAVA)
@pytest.mark.parametrize(
    "text", ["2024-01-01T00:00Z", "2024-01-01t00:00z", "-0001-01-01T00:00:00.1-18:00"]
)
def test_moments_that_java_time_reads_are_taken(text: str) -> None:
    assert AWS_DATE_TIME.parse(text) == text


@pytest.mark.aws_doc("devguide scalars: the offset of AWSDateTime is not optional")
def test_a_moment_without_offset_is_refused() -> None:
    with pytest.raises(ScalarError):
        AWS_DATE_TIME.parse("1970-01-01T12:30:15")


@pytest.mark.ours(JAVA)
@pytest.mark.parametrize(
    "text",
    [
        "2024-01-01",
        "2024-01-01 00:00Z",
        "2024-01-01T24:00Z",
        "2024-02-30T00:00Z",
        "2024-01-01T00:00+18:01",
        "2024-01-01T00:00:00.Z0",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ScalarError):
        AWS_DATE_TIME.parse(text)


@pytest.mark.aws_observed("amplify-android #590; amplify-js #5963")
def test_the_messages_are_appsyncs() -> None:
    with pytest.raises(ScalarError) as parsing:
        AWS_DATE_TIME.parse("x")
    with pytest.raises(ScalarError) as writing:
        AWS_DATE_TIME.serialize("x")
    assert str(parsing.value) == "Unable to parse `x` as a valid DateTime Object."
    assert str(writing.value) == "Unable to serialize `x` as a valid DateTime Object."
