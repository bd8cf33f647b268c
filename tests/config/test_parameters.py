"""Parameters: types, defaults, given values, rules."""

from collections.abc import Callable
from typing import Any

import pytest

from appsync_emulator.errors import ProjectError

pytestmark = pytest.mark.aws_doc("CloudFormation user guide, Parameters section")
Evaluate = Callable[..., Any]


@pytest.mark.parametrize(
    ("declaration", "given", "expected"),
    [
        ("{Type: String, Default: a}", None, "a"),
        ("{Type: String, Default: a}", "b", "b"),
        ("{Type: String, Default: ''}", None, ""),
        ("{Type: String, Default: 5}", None, "5"),
        ("{Type: String, Default: true}", None, "true"),
        ("{Type: Number, Default: 8888}", None, "8888"),
        ("{Type: Number}", "1.5", "1.5"),
        ("{Type: CommaDelimitedList}", "test, dev ,prod", ["test", "dev", "prod"]),
        ("{Type: CommaDelimitedList}", "", []),
        ("{Type: List<Number>}", "80,20", ["80", "20"]),
        ("{Type: List<String>}", "a,b", ["a", "b"]),
        ("{Type: AWS::EC2::VPC::Id}", "vpc-1", "vpc-1"),
        ("{Type: List<AWS::EC2::Subnet::Id>}", "s-1,s-2", ["s-1", "s-2"]),
        ("{Type: AWS::SSM::Parameter::Name}", "/a/b", "/a/b"),
        ("{Type: String, AllowedValues: [a, b]}", "b", "b"),
        ("{Type: String, AllowedPattern: '[a-z]+'}", "abc", "abc"),
        ("{Type: String, MinLength: 1, MaxLength: 3}", "abc", "abc"),
        ("{Type: Number, MinValue: 1, MaxValue: 3}", "3", "3"),
        ("{Type: String, NoEcho: true}", "secret", "secret"),
    ],
)
def test_a_parameter_has_the_value_of_its_type(
    evaluate: Evaluate, declaration: str, given: str | None, expected: Any
) -> None:
    parameters = {} if given is None else {"P": given}
    sections = f"Parameters:\n  P: {declaration}\n"
    assert evaluate("!Ref P", sections, parameters=parameters) == expected


@pytest.mark.ours("there is no Parameter Store here: the value is taken as it is")
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("AWS::SSM::Parameter::Value<String>", "/app/key"),
        ("AWS::SSM::Parameter::Value<List<String>>", ["/app/key"]),
        ("AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "/app/key"),
    ],
)
def test_ssm_parameters_are_taken_literally(
    evaluate: Evaluate, kind: str, expected: Any
) -> None:
    sections = f"Parameters:\n  P: {{Type: '{kind}', Default: /app/key}}\n"
    assert evaluate("!Ref P", sections) == expected


@pytest.mark.parametrize(
    ("declaration", "given", "message"),
    [
        ("{Type: String}", None, r"P120 Parameters: \[P\] must have values"),
        ("{Type: String, AllowedValues: [prod, dev]}", "prd", "Did you mean 'prod'?"),
        ("{Type: Number, AllowedValues: [1, 2]}", "3", "must be one of AllowedValues"),
        ("{Type: String, AllowedPattern: '[a-z]+'}", "A1", r"must match pattern \[a-z"),
        ("{Type: String, AllowedPattern: a}", "ab", "must match pattern a"),
        ("{Type: String, MinLength: 3}", "ab", "must contain at least 3 characters"),
        ("{Type: String, MaxLength: 1}", "ab", "must contain at most 1 characters"),
        ("{Type: Number, MinValue: 3}", "2", "must be a number not less than 3"),
        ("{Type: Number, MaxValue: 3}", "4", "must be a number not greater than 3"),
        ("{Type: Number}", "x", "must be a number, and is 'x'"),
        ("{Type: Number}", "nan", "must be a number"),
        ("{Type: List<Number>}", "1,x", "must be a number"),
        ("{Type: CommaDelimitedList, AllowedValues: [a]}", "a,b", "AllowedValues"),
        (
            "{Type: String, MaxLength: 1, ConstraintDescription: keep it short}",
            "ab",
            r"\(keep it short\)",
        ),
    ],
)
def test_a_value_that_breaks_the_rules_is_refused(
    evaluate: Evaluate, declaration: str, given: str | None, message: str
) -> None:
    parameters = {} if given is None else {"P": given}
    sections = f"Parameters:\n  P: {declaration}\n"
    with pytest.raises(ProjectError, match=message) as caught:
        evaluate("!Ref P", sections, parameters=parameters)
    assert caught.value.origin.line == 6


def test_a_secret_value_is_not_shown(evaluate: Evaluate) -> None:
    sections = "Parameters:\n  P: {Type: String, NoEcho: true, MaxLength: 1}\n"
    with pytest.raises(ProjectError) as caught:
        evaluate("!Ref P", sections, parameters={"P": "hunter2"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.ours("a pattern that only Java understands is left to AWS")
def test_a_pattern_of_java_is_not_checked(evaluate: Evaluate) -> None:
    sections = "Parameters:\n  P: {Type: String, AllowedPattern: '\\p{Alpha}+'}\n"
    assert evaluate("!Ref P", sections, parameters={"P": "1"}) == "1"


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ("String", "must be an object, not a string"),
        ("{Default: a}", "Parameter P needs a Type"),
        ("{Type: Strng}", r"unknown type 'Strng'. Did you mean 'String'\?"),
        (
            "{Type: String, Defualt: a}",
            r"no property 'Defualt'. Did you mean 'Default'",
        ),
        ("{Type: String, AllowedValues: a}", "must be a list of values"),
        ("{Type: String, Default: [a]}", "Default of parameter P must not be a list"),
        ("{Type: String, Default: a, MinLength: x}", "MinLength must be a number"),
    ],
)
def test_a_wrong_declaration_is_refused(
    folder: Any, declaration: str, message: str
) -> None:
    text = f"Parameters:\n  P: {declaration}\nResources: {{}}\n"
    with pytest.raises(ProjectError, match=message) as caught:
        folder.load(text)
    assert caught.value.code == "P104"


def test_all_parameters_are_checked_used_or_not(folder: Any) -> None:
    text = """
Parameters:
  A: {Type: String}
  B: {Type: String}
Resources: {}
"""
    errors = folder.errors(text)
    assert [error.split(" ")[0] for error in errors] == [
        "template.yaml:3:",
        "template.yaml:4:",
    ]
    assert "pass --parameter A=VALUE" in errors[0]


def test_a_value_for_no_parameter_is_refused(folder: Any) -> None:
    text = "Parameters:\n  Stage: {Type: String}\nResources: {}\n"
    (error,) = folder.errors(text, parameters={"Stage": "a", "Stag": "b"})
    assert "P122 Parameters: [Stag] do not exist" in error
    assert "Did you mean 'Stage'?" in error


@pytest.mark.ours("a wrong template should not make its parameters look wrong too")
def test_parameters_of_a_template_with_mistakes_are_known(folder: Any) -> None:
    text = "Parameters:\n  Stage: {Type: String}\nResources: {A: {Type: 5}}\n"
    given = {"Stage": "a", "Stag": "b", "ImportedName": "c"}
    errors = folder.errors(text, parameters=given)
    assert ["P122" in error for error in errors].count(True) == 1
    assert any("Did you mean 'Stage'?" in error for error in errors)
    assert not any("ImportedName" in error for error in errors)
