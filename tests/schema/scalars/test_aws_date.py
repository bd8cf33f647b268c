import pytest

from appsync_emulator.schema.scalars import ScalarError
from appsync_emulator.schema.scalars.aws_date import AWS_DATE

DOC = "devguide scalars: AWSDate, examples and prose"
JAVA = "java.time ISO_DATE, whose grammar AWS's documentation describes"


@pytest.mark.aws_doc(DOC)
@pytest.mark.parametrize(
    "text", ["1970-01-01", "1970-01-01Z", "1970-01-01-07:00", "1970-01-01+05:30"]
)
def test_documented_dates_stay_as_they_are(text: str) -> None:
    assert AWS_DATE.parse(text) == text
    assert AWS_DATE.serialize(text) == text


@pytest.mark.ours(JAVA)
@pytest.mark.parametrize(
    "text",
    [
        "2024-02-29",
        "2000-02-29",
        "0000-01-01",
        "-0001-12-31",
        "+12024-01-01",
        "-999999999-01-01",
        "1970-01-01z",
        "1970-01-01+05:30:15",
        "1970-01-01+18:00",
    ],
)
def test_dates_that_java_time_reads_are_taken(text: str) -> None:
    assert AWS_DATE.parse(text) == text


@pytest.mark.ours(JAVA)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023-02-29",
        "1900-02-29",
        "2024-04-31",
        "2024-13-01",
        "2024-00-01",
        "2024-1-1",
        "202-01-01",
        "12024-01-01",
        "+2024-01-01",
        "-0000-01-01",
        "+1000000000-01-01",
        "1970-01-01+5:30",
        "1970-01-01+0530",
        "1970-01-01+18:01",
        "1970-01-01T00:00",
        "1970-01-01\n",
        "١٩٧٠-01-01",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ScalarError):
        AWS_DATE.parse(text)


@pytest.mark.aws_observed("amplify-swift #278")
def test_the_message_is_appsyncs() -> None:
    with pytest.raises(ScalarError, match=r"^Unable to parse `x` as a valid date.$"):
        AWS_DATE.parse("x")


@pytest.mark.ours("the sentence of AWSDateTime, observed, with the noun of AWSDate")
@pytest.mark.parametrize("value", [5, True, ["1970-01-01"], {"a": 1}])
def test_other_values_are_refused_as_output(value: object) -> None:
    with pytest.raises(ScalarError, match=r"^Unable to serialize `"):
        AWS_DATE.serialize(value)
