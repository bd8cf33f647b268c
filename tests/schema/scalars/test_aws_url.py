import pytest

from appsync_emulator.schema.scalars import ScalarError
from appsync_emulator.schema.scalars.aws_url import AWS_URL

APACHE = "commons-validator's UrlValidator with local URLs and all schemes"


@pytest.mark.aws_doc("devguide scalars: AWSURL, examples")
@pytest.mark.parametrize(
    "text",
    [
        "https://www.amazon.com/dp/B000NZW3KS/",
        "mailto:example@example.com",
        "http://localhost/",
    ],
)
def test_documented_urls_are_taken(text: str) -> None:
    assert AWS_URL.parse(text) == text
    assert AWS_URL.serialize(text) == text


@pytest.mark.aws_doc("devguide scalars: a scheme is required, no // in the path")
@pytest.mark.parametrize(
    "text", ["amazon.com", "www.amazon.com/dp", "http://a.example/b//c"]
)
def test_documented_refusals(text: str) -> None:
    with pytest.raises(ScalarError, match=r"^Unable to parse `.*` as a valid URL.$"):
        AWS_URL.parse(text)


@pytest.mark.ours(APACHE)
@pytest.mark.parametrize(
    "text",
    [
        "ftp://user:secret@host.example:21/a;b=c",
        "s3://bucket/key%20with%20blank",
        "http://127.0.0.1:8000/?a=b&c#d",
        "http://[::1]:8080/",
        "custom+scheme://host",
        "http://exämple.com/",
        "https://a.blog/x/../y",
        "file:///etc/hosts",
        "urn:isbn:0451450523",
    ],
)
def test_other_urls_are_taken(text: str) -> None:
    assert AWS_URL.parse(text) == text


@pytest.mark.ours(APACHE)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "http:",
        "http://",
        "http:///path",
        "http://host:99999/",
        "http://256.1.1.1/",
        "http://-a.example/",
        "http://a b/",
        "http://a.example/b c",
        "http://a.example/..",
        "http://a.example/?a b",
        "://a.example/",
        "1http://a.example/",
        "http://[127.0.0.1]/",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ScalarError):
        AWS_URL.parse(text)
