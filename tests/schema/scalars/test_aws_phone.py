import pytest

from appsync_emulator.schema.scalars import ScalarError
from appsync_emulator.schema.scalars.aws_phone import AWS_PHONE


@pytest.mark.aws_doc("devguide scalars: AWSPhone, country codes, blanks and hyphens")
@pytest.mark.parametrize(
    "text", ["+1 415-555-2671", "415-555-2671", "+44 20 7946 0958", "+496221123456"]
)
def test_numbers_are_taken_as_they_are(text: str) -> None:
    assert AWS_PHONE.parse(text) == text
    assert AWS_PHONE.serialize(text) == text


@pytest.mark.aws_observed("amplify-flutter #822")
def test_a_number_that_cannot_be_dialled_is_refused() -> None:
    with pytest.raises(ScalarError) as refused:
        AWS_PHONE.parse("1110004444")
    expected = "Unable to parse `1110004444` as a valid phone number."
    assert str(refused.value) == expected


@pytest.mark.ours("libphonenumber's isValidNumber, which the observed refusal is like")
@pytest.mark.parametrize("text", ["", "x", "+", "123", "+999 123", "4" * 1000])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ScalarError):
        AWS_PHONE.parse(text)
