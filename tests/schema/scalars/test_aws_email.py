import pytest

from appsync_emulator.schema.scalars import ScalarError
from appsync_emulator.schema.scalars.aws_email import AWS_EMAIL


@pytest.mark.aws_doc("devguide scalars: AWSEmail")
def test_the_documented_address_is_taken() -> None:
    assert AWS_EMAIL.parse("username@example.com") == "username@example.com"


@pytest.mark.ours("amplify-js checks this scalar before it asks AppSync")
@pytest.mark.parametrize("text", ["a@b", "a@b.c", "jeff@amazon.com"])
def test_what_amplify_sends_is_taken(text: str) -> None:
    assert AWS_EMAIL.parse(text) == text


@pytest.mark.ours("amplify-js checks this scalar before it asks AppSync")
@pytest.mark.parametrize("text", ["", "@", "a", "a@", "a@@", "@a", "@@"])
def test_what_amplify_holds_back_is_refused(text: str) -> None:
    with pytest.raises(ScalarError):
        AWS_EMAIL.parse(text)


@pytest.mark.ours("RFC 822")
@pytest.mark.parametrize(
    "text",
    ["a.b+c@d-e.example", '"a b@c"@example.com', "ä@exämple.com", "a@[127.0.0.1]"],
)
def test_addresses_of_the_standard_are_taken(text: str) -> None:
    assert AWS_EMAIL.parse(text) == text


@pytest.mark.ours("RFC 822")
@pytest.mark.parametrize(
    "text",
    [
        ".a@b.c",
        "a.@b.c",
        "a..b@c.d",
        "a b@c.d",
        "a@b..c",
        "a@-b.c",
        "a@b.c.",
        "Jeff <jeff@amazon.com>",
        "a@b.c\n",
        "a" * 400 + "@b.c",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ScalarError):
        AWS_EMAIL.parse(text)
