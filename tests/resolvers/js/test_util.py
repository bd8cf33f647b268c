"""The root of `util`: encoding, ids, authType, matches."""

import re
from typing import Any

import pytest

from appsync_resolvers import Context, EvaluationError, Part

pytestmark = pytest.mark.aws_doc("devguide built-in-util-js")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ('say "hi"', 'say \\"hi\\"'),
        ("it's", "it\\'s"),
        ("a/b\\c", "a\\/b\\\\c"),
        ("tab\tline\n", "tab\\tline\\n"),
        ("é", "\\u00E9"),
        ("plain", "plain"),
    ],
)
def test_escape_java_script(js: Any, text: str, escaped: str) -> None:
    assert js.value("util.escapeJavaScript(ctx.args.text)", {"text": text}) == escaped


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("a b&c=d", "a+b%26c%3Dd"),
        ("é~!'()*", "%C3%A9%7E%21%27%28%29*"),
        ("a.b-c_d", "a.b-c_d"),
        ("🎉", "%F0%9F%8E%89"),
    ],
)
def test_url_encoding_is_that_of_forms(js: Any, text: str, encoded: str) -> None:
    assert js.value("util.urlEncode(ctx.args.text)", {"text": text}) == encoded
    assert js.value("util.urlDecode(ctx.args.text)", {"text": encoded}) == text


def test_url_decode_reads_plus_as_a_space(js: Any) -> None:
    assert js.value("util.urlDecode('a+b%20c')") == "a b c"


@pytest.mark.ours("java.net.URLDecoder's words for a broken escape")
def test_url_decode_refuses_a_broken_escape(js: Any) -> None:
    with pytest.raises(EvaluationError, match="Illegal hex characters") as failed:
        js.value("util.urlDecode('%zz')")
    assert failed.value.message.startswith("code.js:5:8: java.lang.Illegal")


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("hello", "aGVsbG8="),
        ("é🎉", "w6nwn46J"),
        ("", ""),
        ("ab", "YWI="),
        ("abc", "YWJj"),
    ],
)
def test_base64(js: Any, text: str, encoded: str) -> None:
    assert js.value("util.base64Encode(ctx.args.text)", {"text": text}) == encoded
    assert js.value("util.base64Decode(ctx.args.text)", {"text": encoded}) == text


@pytest.mark.ours("bytes that are no UTF-8 become U+FFFD, as Java's String does")
def test_base64_of_bytes_that_are_no_text(js: Any) -> None:
    assert js.value("util.base64Decode('/+8=')") == "\ufffd\ufffd"


@pytest.mark.ours("null in, null out, as the other helpers do")
@pytest.mark.parametrize(
    "name",
    ["escapeJavaScript", "urlEncode", "urlDecode", "base64Encode", "base64Decode"],
)
def test_encoding_nothing_gives_null(js: Any, name: str) -> None:
    assert js.value(f"[util.{name}(null), util.{name}()]") == [None, None]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        (
            "autoId",
            r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        ),
        ("autoUlid", r"[0-7][0-9A-HJKMNP-TV-Z]{25}"),
        ("autoKsuid", r"[0-9A-Za-z]{27}"),
    ],
)
def test_ids(js: Any, name: str, pattern: str) -> None:
    handler = js.handler(f"return [util.{name}(), util.{name}()]")
    ids = {each for _ in range(200) for each in handler(Context({}))}
    assert len(ids) == 400
    assert all(re.fullmatch(pattern, each) for each in ids)


@pytest.mark.ours("ULIDs and KSUIDs begin with the time")
@pytest.mark.parametrize("name", ["autoUlid", "autoKsuid"])
def test_sortable_ids_share_their_beginning(js: Any, name: str) -> None:
    first, second = js.value(f"[util.{name}(), util.{name}()]")
    assert first[:4] == second[:4]


@pytest.mark.ours("a heap must not repeat what another heap gave")
def test_ids_differ_between_heaps(js: Any) -> None:
    handler = js.handler("return util.autoId()")
    first = handler(Context({}))
    js.engine._loader.inline.renew()
    assert handler(Context({})) != first


IAM = {
    "accountId": "123456789012",
    "cognitoIdentityPoolId": None,
    "cognitoIdentityId": None,
    "sourceIp": ["1.2.3.4"],
    "username": "AKIAIOSFODNN7EXAMPLE",
    "userArn": "arn:aws:iam::123456789012:user/alice",
    "cognitoIdentityAuthType": None,
    "cognitoIdentityAuthProvider": None,
}
OIDC = {"sub": "s", "issuer": "https://i.example", "claims": {}}
COGNITO = {
    **OIDC,
    "sourceIp": ["1.2.3.4"],
    "username": "alice",
    "groups": None,
    "defaultAuthStrategy": "ALLOW",
}


@pytest.mark.aws_observed("localstack/appsync-utils: authType.test.js, recorded")
@pytest.mark.parametrize(
    ("identity", "name"),
    [
        (None, "API Key Authorization"),
        ({}, "Lambda Authorization"),
        ({"resolverContext": {"role": "admin"}}, "Lambda Authorization"),
        (IAM, "IAM Authorization"),
        ({**IAM, "sourceIp": None}, "API Key Authorization"),
        (COGNITO, "User Pool Authorization"),
        (
            {k: v for k, v in COGNITO.items() if k != "groups"},
            "User Pool Authorization",
        ),
        (
            {k: v for k, v in COGNITO.items() if k != "sourceIp"},
            "API Key Authorization",
        ),
        (OIDC, "Open ID Connect Authorization"),
        ({**OIDC, "username": "alice"}, "API Key Authorization"),
        ({"claims": {}}, "API Key Authorization"),
    ],
)
def test_auth_type_is_read_off_the_identity(js: Any, identity: Any, name: str) -> None:
    context = Context({}, identity=Part(identity))
    assert js.run("return util.authType()", context) == name


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("a*b", "aaaaab", True),
        ("a*b", "aaaaabc", False),
        ("[a-zA-Z]+", "abcd", True),
        (r"\\d{3}", "123", True),
        (r"\\p{Upper}\\p{Lower}+", "Word", True),
        (r"\\p{L}+", "Grüße", True),
        ("(?i)abc", "aBC", True),
        ("a(?i:b)c", "aBc", True),
        ("a(?i:b)c", "ABc", False),
        ("[a-z&&[^aeiou]]+", "xyz", True),
        ("[a-z&&[^aeiou]]+", "xaz", False),
        ("[a[bc]]+", "abc", True),
        (r"\\Qa.b\\E", "a.b", True),
        (r"\\Qa.b\\E", "axb", False),
        ("a++b", "aab", True),
        ("a++ab", "aaab", False),
        ("(?>a|ab)c", "abc", False),
        (r"(?<x>.)\\k<x>", "aa", True),
        (r"(.)\\1", "ab", False),
        ("(?s).*", "a\\nb", True),
        (".*", "a\\nb", False),
        ("(?x) a b # comment", "ab", True),
        (r"\\x41\\u0042\\t", "AB\\t", True),
        ("[\\\\]\\\\[-]+", "]-[", True),
        (r"\\h\\R", " \\n", True),
        ("^(?:a|b)$", "b", True),
    ],
)
def test_matches_is_a_java_pattern_over_the_whole_text(
    js: Any, pattern: str, text: str, matches: bool
) -> None:
    assert js.value(f"util.matches('{pattern}', '{text}')") is matches


@pytest.mark.ours("java.util.regex.PatternSyntaxException's words")
@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(a", "Unclosed group"),
        ("a)", "Unmatched closing"),
        ("[a", "Unclosed character class"),
        ("*a", "Dangling meta character"),
        ("a{x}", "Illegal repetition"),
        ("[z-a]", "Illegal character range"),
        ("\\\\p{Nope}", "Unknown character property"),
        ("(?q)", "Unknown inline modifier"),
        ("\\\\y", "escape sequence"),
    ],
)
def test_a_broken_pattern_is_told(js: Any, pattern: str, words: str) -> None:
    with pytest.raises(EvaluationError, match=words):
        js.value(f"util.matches('{pattern}', 'a')")
