"""AWS_IAM: signatures of AWS's own signer, and what of them does not hold."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from appsync_emulator.auth import authorities
from appsync_emulator.auth.caller import AccessDenied, Signed
from appsync_emulator.auth.policy import read_policy
from appsync_emulator.auth.registry import Gate
from appsync_emulator.auth.sigv4 import canonical_request, read_signature
from appsync_emulator.clock import ManualClock
from appsync_emulator.lambdas.variables import function_variables
from appsync_emulator.model import LambdaFunction
from appsync_emulator.settings import Settings

from .conftest import ACCOUNT, HERE, NOON, Asking, Makes
from .issuers import admit

DOC = "IAM user guide, create a signed AWS API request"
BODY = b'{"query":"{ a }","variables":{}}'
ARN = f"arn:aws:appsync:us-east-1:{ACCOUNT}:apis/{'a' * 26}"


def signed(
    url: str = "http://localhost:20002/graphql",
    *,
    secret: str = "secret",
    token: str | None = None,
    at: datetime | None = None,
    region: str = "us-east-1",
    service: str = "appsync",
    method: str = "POST",
    body: bytes = BODY,
    **headers: str,
) -> Signed:
    """Give a request that botocore has signed."""
    from unittest.mock import patch

    at = at or datetime.fromtimestamp(NOON, UTC)
    given = {"content-type": "application/json", **headers}
    request = AWSRequest(method, url, headers=given, data=body)
    signer = SigV4Auth(Credentials("AKIATEST", secret, token), service, region)
    with patch("botocore.auth.get_current_datetime", lambda: at.replace(tzinfo=None)):
        signer.add_auth(request)
    found = {name.lower(): value for name, value in request.headers.items()}
    place = url.split("://")[1]
    host, _, path = place.partition("/")
    path, _, query = f"/{path}".partition("?")
    found.setdefault("host", host)
    return Signed(method, (path,), query, found, body)


def asking(request: Signed) -> Asking:
    return Asking(request.headers, signed_as=request)


@pytest.fixture
def makes(clock: ManualClock) -> Makes:
    made = Makes(clock)
    made.know("AKIATEST", "secret")
    return made


@pytest.fixture
def gate(makes: Makes) -> Gate:
    return makes("AWS_IAM")


def denied(gate: Gate, request: Signed) -> AccessDenied:
    with pytest.raises(AccessDenied) as refusal:
        gate.authenticate(asking(request))
    return refusal.value


GOOD: list[dict[str, Any]] = [
    {},
    {"token": "a session token"},
    {"service": "execute-api"},
    {"url": "http://127.0.0.1/graphql"},
    {"url": "https://x.appsync-api.us-east-1.amazonaws.com/graphql"},
    {"url": "http://localhost/abc/graphql"},
    {"url": "http://localhost/graphql?b=2&a=1&a=0&c&d=%20x%2Fy%C3%A4", "method": "GET"},
    {"body": b""},
    {"body": "ä€😀".encode()},
    {"x-amz-user-agent": "aws-amplify/6   api/1  framework/0"},
    {"accept": "  application/json, text/javascript  "},
    {"content-encoding": "amz-1.0", "x-more": "a,b"},
]


@pytest.mark.aws_doc(DOC)
@pytest.mark.parametrize("request_", GOOD, ids=str)
async def test_what_botocore_signs_is_let_in(
    gate: Gate, request_: dict[str, Any]
) -> None:
    caller = await admit(gate, asking(signed(**request_)))
    assert caller.rights.mode == "AWS_IAM"


@pytest.mark.aws_doc("resolver context reference: identity with AWS_IAM")
async def test_identity_has_all_members_of_an_iam_caller(
    makes: Makes, gate: Gate
) -> None:
    caller = await admit(gate, asking(signed()))
    assert caller.identity.value == {
        "accountId": ACCOUNT,
        "cognitoIdentityPoolId": None,
        "cognitoIdentityId": None,
        "sourceIp": ["127.0.0.1"],
        "username": caller.identity.value["username"],
        "userArn": f"arn:aws:iam::{ACCOUNT}:user/local",
        "cognitoIdentityAuthType": None,
        "cognitoIdentityAuthProvider": None,
    }
    assert caller.identity.value["username"].startswith("AIDA")
    given = {"cognitoIdentityId": "us-east-1:1", "accountId": "1", "other": "x"}
    makes.know("AKIATEST", "secret", **given)
    identity = (await admit(gate, asking(signed()))).identity.value
    assert identity["cognitoIdentityId"] == "us-east-1:1"
    assert identity["accountId"] == "1"
    assert "other" not in identity


MISMATCH = "The request signature we calculated does not match the signature you "


def changed(**change: Any) -> Signed:
    from dataclasses import replace

    request = signed(token="a session token")
    headers = {**request.headers, **change.pop("headers", {})}
    return replace(request, headers=headers, **change)


CHANGED: list[dict[str, Any]] = [
    {"body": BODY + b" "},
    {"paths": ("/graphql/",)},
    {"query": "a=1"},
    {"method": "GET"},
    {"headers": {"host": "localhost"}},
    {"headers": {"content-type": "text/plain"}},
    {"headers": {"x-amz-security-token": "another"}},
    {"headers": {"x-amz-date": "20231114T221321Z"}},
]


@pytest.mark.aws_observed("amplify-js #14001, aws-mobile-appsync-sdk-js #619")
@pytest.mark.parametrize("change", CHANGED, ids=str)
def test_whatever_of_a_signed_request_is_changed_is_noticed(
    gate: Gate, change: dict[str, Any]
) -> None:
    error = denied(gate, changed(**change))
    assert (error.error_type, error.status) == ("BadRequestException", 400)
    assert error.message is not None
    assert error.message.startswith(MISMATCH)
    assert "session token" not in error.message
    assert "another" not in error.message


@pytest.mark.aws_observed("graphql-flutter #639: the answer shows what to sign")
def test_a_wrong_secret_is_answered_with_what_should_have_been_signed(
    gate: Gate,
) -> None:
    request = signed(secret="wrong")
    message = denied(gate, request).message
    assert message is not None
    signature = read_signature(request.headers["authorization"])
    assert signature is not None
    canonical = canonical_request(request, "/graphql", signature.signed)
    assert f"'{canonical}'" in message
    assert "'AWS4-HMAC-SHA256\n20231114T221320Z\n20231114/us-east-1/appsync/" in message


@pytest.mark.aws_observed("aws-mobile-appsync-sdk-js #385, #620")
def test_a_signature_is_good_for_five_minutes_either_way(gate: Gate) -> None:
    now = datetime.fromtimestamp(NOON, UTC)
    for minutes in (-5, 5):
        gate.authenticate(asking(signed(at=now + timedelta(minutes=minutes))))
    error = denied(gate, signed(at=now - timedelta(seconds=301)))
    assert (error.error_type, error.status) == ("BadRequestException", 400)
    assert error.message == (
        "Signature expired: 20231114T220819Z is now earlier than 20231114T220820Z "
        "(20231114T221320Z - 5 min.)"
    )
    error = denied(gate, signed(at=now + timedelta(seconds=301)))
    assert error.message == (
        "Signature not yet current: 20231114T221821Z is still later than "
        "20231114T221820Z (20231114T221320Z + 5 min.)"
    )


@pytest.mark.aws_observed("amplify-js #3447 (status), amplify-cli #3380 (body)")
def test_an_unknown_access_key_is_told_so(clock: ManualClock) -> None:
    error = denied(Makes(clock)("AWS_IAM"), signed())
    assert (error.error_type, error.message, error.status) == (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        403,
    )


@pytest.mark.ours("a session token is compared when it is known")
def test_a_session_token_has_to_be_the_access_keys(makes: Makes, gate: Gate) -> None:
    makes.know("AKIATEST", "secret", sessionToken="mine", expiration=NOON + 60)
    gate.authenticate(asking(signed(token="mine")))
    for token in (None, "yours"):
        assert denied(gate, signed(token=token)).error_type == (
            "UnrecognizedClientException"
        )
    makes.clock.advance(60)
    later = datetime.fromtimestamp(NOON + 60, UTC)
    error = denied(gate, signed(token="mine", at=later))
    assert (error.error_type, error.status) == ("ExpiredTokenException", 403)


INCOMPLETE = [
    "AWS4-HMAC-SHA256",
    "AWS4-HMAC-SHA256 Credential=AKIATEST",
    (
        "AWS4-HMAC-SHA256 Credential=AKIATEST/20231114/us-east-1/appsync/aws4_request, "
        "SignedHeaders=host;x-amz-date"
    ),
    (
        "AWS4-HMAC-SHA256 Credential=AKIATEST/us-east-1/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=00"
    ),
    (
        "AWS4-HMAC-SHA256 Credential=AKIATEST/20231114/us-east-1/appsync/aws4_request, "
        "SignedHeaders=x-amz-date, Signature=00"
    ),
    (
        "AWS4-HMAC-SHA256 Credential=AKIATEST/20231114/eu-west-1/appsync/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=00"
    ),
    (
        "AWS4-HMAC-SHA256 Credential=AKIATEST/20231113/us-east-1/appsync/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=00"
    ),
    (
        "AWS4-HMAC-SHA256 Credential=AKIATEST/20231114/us-east-1/appsync/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=ü"
    ),
]


@pytest.mark.ours("which of AWS's words stand for which mistake is not recorded")
@pytest.mark.parametrize("header", INCOMPLETE)
def test_an_ill_formed_signature_is_a_bad_request(gate: Gate, header: str) -> None:
    headers = {"authorization": header, "host": "x", "x-amz-date": "20231114T221320Z"}
    error = denied(gate, Signed("POST", ("/graphql",), "", headers, b""))
    assert (error.error_type, error.status) == ("BadRequestException", 400)


@pytest.mark.aws_doc(f"{DOC}: x-amz-date")
@pytest.mark.parametrize("date", [None, "", "now", "2023-11-14T22:13:20Z"])
def test_a_signature_needs_its_time(gate: Gate, date: str | None) -> None:
    headers = {**signed().headers}
    headers.pop("x-amz-date")
    if date is not None:
        headers["x-amz-date"] = date
    error = denied(gate, Signed("POST", ("/graphql",), "", headers, BODY))
    assert error.message is not None
    assert "X-Amz-Date" in error.message


# Policies


def policy(*statements: tuple[str, Any, Any]) -> Any:
    listed = [
        {"Effect": effect, "Action": action, "Resource": resource}
        for effect, action, resource in statements
    ]
    return read_policy([{"Version": "2012-10-17", "Statement": listed}])


FIELD = f"{ARN}/types/Query/fields/posts"
SAID: list[tuple[Any, bool, bool]] = [
    ([("Allow", "appsync:GraphQL", f"{ARN}/*")], True, True),
    ([("Allow", "appsync:GraphQL", ["x", FIELD])], True, True),
    ([("Allow", "appsync:GraphQL", f"{ARN}/types/Query/*")], True, True),
    ([("Allow", "appsync:graphql", f"{ARN}/types/Quer?/fields/p*")], True, True),
    ([("Allow", "appsync:*", "*")], True, True),
    ([("Allow", ["s3:*", "*"], "*")], True, True),
    ([("Allow", "appsync:GraphQL", f"{ARN}/types/Query/fields/post")], False, True),
    ([("Allow", "appsync:GraphQL", f"{ARN}/types/Mutation/*")], False, True),
    ([("Allow", "appsync:GraphQL", f"{ARN[:-1]}b/*")], False, False),
    ([("Allow", "appsync:GraphQL", "arn:aws:appsync:*:*:apis/*/types/*")], True, True),
    ([("Allow", "appsync:GetGraphqlApi", "*")], False, False),
    ([("Allow", "s3:*", "*")], False, False),
    ([], False, False),
    ([("Allow", "appsync:GraphQL", "*"), ("Deny", "appsync:*", FIELD)], False, True),
    ([("Allow", "appsync:GraphQL", "*"), ("Deny", "appsync:GraphQL", "x")], True, True),
]


@pytest.mark.aws_doc("AWS_IAM authorization; IAM user guide, policy evaluation logic")
@pytest.mark.parametrize(("said", "field", "api"), SAID)
def test_policies_allow_and_deny(said: Any, field: bool, api: bool) -> None:
    one = policy(*said)
    assert one.allows(FIELD) is field
    assert one.allows_some(ARN) is api


@pytest.mark.aws_doc("IAM user guide: NotAction, NotResource")
def test_policies_may_say_what_they_are_not_about() -> None:
    documents: list[Any] = [
        {"Statement": {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}},
        {"Statement": {"Effect": "Deny", "Action": "*", "NotResource": f"{ARN}/*"}},
    ]
    one = read_policy(documents)
    assert one.allows(FIELD)
    assert not one.allows(FIELD.replace("aaa", "bbb"))
    other = {"Effect": "Allow", "NotAction": "appsync:*", "Resource": "*"}
    assert not read_policy([{"Statement": [other]}]).allows(FIELD)


@pytest.mark.ours("conditions are not evaluated, so they allow nothing")
def test_an_allow_with_a_condition_allows_nothing() -> None:
    about: Any = {"Action": "appsync:GraphQL", "Resource": "*", "Condition": {"x": {}}}
    allow: Any = {"Statement": [{"Effect": "Allow", **about}]}
    assert not read_policy([allow]).allows(FIELD)
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    deny: Any = {"Statement": [everything, {"Effect": "Deny", **about}]}
    assert not read_policy([deny]).allows(FIELD)


@pytest.mark.ours("a document that is none says nothing")
@pytest.mark.parametrize(
    "document", [{}, 7, {"Statement": "x"}, {"Statement": [7, {}]}]
)
def test_an_odd_document_allows_nothing(document: Any) -> None:
    assert not read_policy([document]).allows(FIELD)


@pytest.mark.aws_observed("amplify-cli #4137")
def test_who_may_nothing_of_the_api_is_refused_as_a_whole(
    makes: Makes, gate: Gate
) -> None:
    makes.know("AKIATEST", "secret", policy=policy(("Allow", "s3:*", "*")))
    error = denied(gate, signed())
    assert (error.error_type, error.message, error.status) == (
        "UnauthorizedException",
        "Permission denied",
        401,
    )


# Which access keys there are


def credentials(*entries: str, **policies: Any) -> Any:
    lambdas: Any = None
    made = authorities.make_authorities(
        Settings(iam_credential=entries), lambdas, policies=policies
    )
    return made.credentials


@pytest.mark.ours("what people give SDKs that talk to something local")
def test_the_usual_key_is_known_unless_others_are_given() -> None:
    functions = authorities.FUNCTIONS[0]
    assert credentials().keys() == {functions, "test"}
    assert credentials()["test"].secret == "test"
    given = credentials("AKIA1:one", "AKIA2:t/w+o")
    assert given.keys() == {functions, "AKIA1", "AKIA2"}
    assert given["AKIA2"].secret == "t/w+o"


@pytest.mark.ours("functions sign with what they find in their environment")
def test_the_functions_own_key_is_known() -> None:
    function = LambdaFunction("f", "arn", "python3.12", "a.b", HERE)
    variables = function_variables(function, "us-east-1", {})
    found = variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]
    assert found == authorities.FUNCTIONS


@pytest.mark.ours("the format of the file is ours")
def test_a_file_tells_identity_policy_or_role(tmp_path: Any) -> None:
    file = tmp_path / "a:b.json"
    file.write_text('{"username": "u", "policy": {"Statement": []}}')
    one = credentials(f"A:s:{file}")["A"]
    assert one.identity["username"] == "u"
    assert one.policy is not None
    assert not one.policy.allows(FIELD)
    file.write_text('{"role": "Reader", "sessionToken": "t"}')
    allow = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    one = credentials(f"A:s:{file}", Reader=(allow,))["A"]
    assert one.policy.allows(FIELD)
    assert one.session_token == "t"
    for text, problem in (
        ('{"role": "Writer"}', "no role 'Writer'.*Reader"),
        ("[]", "no JSON object"),
        ('{"expiration": "soon"}', "expiration is of another kind"),
        ('{"sessionToken": 7}', "sessionToken is of another kind"),
        ('{"policy": 7}', "policy is of another kind"),
        ("{", "a:b.json"),
    ):
        file.write_text(text)
        with pytest.raises(ValueError, match=f"--iam-credential: .*{problem}"):
            credentials(f"A:s:{file}", Reader=(allow,))
    with pytest.raises(ValueError, match="nowhere"):
        credentials("A:s:nowhere.json")


@pytest.mark.ours("a secret is nobody's business")
def test_secrets_are_not_shown(caplog: pytest.LogCaptureFixture, gate: Gate) -> None:
    shown = repr(credentials("A:topsecret")["A"])
    assert "topsecret" not in shown
    request = signed(secret="wrong", token="private")
    with caplog.at_level(logging.DEBUG):
        denied(gate, request)
    assert "private" not in caplog.text
    assert "the signature does not match" in caplog.text
