"""Every intrinsic function, with the expectations of AWS's template reference."""

from collections.abc import Callable
from typing import Any

import pytest

from appsync_emulator.errors import ProjectError

pytestmark = pytest.mark.aws_doc(
    "CloudFormation template reference, intrinsic functions"
)
Evaluate = Callable[..., Any]

EXTENDED = "Transform: AWS::LanguageExtensions\n"

SECTIONS = """
Parameters:
  Env: {Type: String, Default: prod}
  Names: {Type: CommaDelimitedList, Default: "test, dev,prod"}
  Port: {Type: Number, Default: 8888}
  Ports: {Type: List<Number>, Default: "80,20"}
Mappings:
  RegionMap:
    us-east-1: {HVM64: ami-0ff8a91507f77f867, HVMG2: ami-0a584ac55a7631c0c}
    eu-west-1: {HVM64: ami-047bb4163c506cd98, Zones: [a, b]}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsTest: !Equals [!Ref Env, test]
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
"""

VALUES: list[Any] = [
    # Ref
    ("!Ref Env", "prod"),
    ("Ref: Env", "prod"),
    ("!Ref Names", ["test", "dev", "prod"]),
    ("!Ref Port", "8888"),
    ("!Ref Ports", ["80", "20"]),
    ("!Ref Queue", "https://sqs.us-east-1.amazonaws.com/000000000000/jobs"),
    ("[a, !Ref AWS::NoValue, b]", ["a", "b"]),
    ("{a: 1, b: !Ref AWS::NoValue}", {"a": 1}),
    # GetAtt
    ("!GetAtt Queue.QueueName", "jobs"),
    ("!GetAtt [Queue, QueueName]", "jobs"),
    ("Fn::GetAtt: [Queue, QueueName]", "jobs"),
    ("Fn::GetAtt: Queue.Arn", "arn:aws:sqs:us-east-1:000000000000:jobs"),
    # Sub
    ("!Sub 'www.${Env}.com'", "www.prod.com"),
    ("!Sub ['www.${Domain}', {Domain: !Ref Env}]", "www.prod"),
    ("!Sub ['${Env}', {Env: mine}]", "mine"),
    (
        "!Sub 'arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc/${Env}'",
        "arn:aws:ec2:us-east-1:000000000000:vpc/prod",
    ),
    ("!Sub '${Queue.QueueName}'", "jobs"),
    ("!Sub '${!Literal} $${Env} $Env'", "${Literal} $prod $Env"),
    ("Fn::Sub: '${Port}'", "8888"),
    # Join
    ("!Join [':', [a, b, c]]", "a:b:c"),
    ("Fn::Join: ['', [a, !Ref Env]]", "aprod"),
    ("!Join [',', !Ref Names]", "test,dev,prod"),
    ("!Join ['-', [a, !Ref AWS::NoValue, 1, true]]", "a-1-true"),
    # Split
    ("!Split ['|', 'a|b|c']", ["a", "b", "c"]),
    ("!Split ['|', 'a||c|']", ["a", "", "c", ""]),
    ("Fn::Split: ['r', !Ref Env]", ["p", "od"]),
    # Select
    ("!Select ['1', [apples, grapes, oranges, mangoes]]", "grapes"),
    ("!Select [0, !Ref Names]", "test"),
    ("!Select [2, !Split [',', 'a,b,c']]", "c"),
    ("Fn::Select: [1, [{a: 1}, {b: !Ref Env}]]", {"b": "prod"}),
    # FindInMap
    ("!FindInMap [RegionMap, !Ref AWS::Region, HVM64]", "ami-0ff8a91507f77f867"),
    ("Fn::FindInMap: [RegionMap, eu-west-1, HVM64]", "ami-047bb4163c506cd98"),
    ("!FindInMap [RegionMap, eu-west-1, Zones]", ["a", "b"]),
    # If
    ("!If [IsProd, large, small]", "large"),
    ("!If [IsTest, large, small]", "small"),
    ("Fn::If: [IsTest, x, !Ref Env]", "prod"),
    ("{a: !If [IsTest, x, !Ref AWS::NoValue]}", {}),
    ("[!If [IsTest, x, !Ref AWS::NoValue], y]", ["y"]),
    ("!If [IsTest, !GetAtt Nothing.X, fine]", "fine"),
    # Base64
    ("Fn::Base64: AWS CloudFormation", "QVdTIENsb3VkRm9ybWF0aW9u"),
    ("!Base64 'é'", "w6k="),
    ("Fn::Base64: !Sub '${Env}'", "cHJvZA=="),
    # Cidr
    (
        "!Cidr ['192.168.0.0/24', 6, 5]",
        [f"192.168.0.{start}/27" for start in (0, 32, 64, 96, 128, 160)],
    ),
    ("Fn::Cidr: ['192.168.0.0/24', '1', '5']", ["192.168.0.0/27"]),
    pytest.param(
        "!Cidr ['192.168.0.0/24', 1]",
        ["192.168.0.0/24"],
        marks=pytest.mark.ours("one block when no size is said"),
    ),
    ("!Cidr ['10.0.0.0/16', 2, 8]", ["10.0.0.0/24", "10.0.1.0/24"]),
    (
        "!Cidr ['2001:db8::/56', 2, 64]",
        ["2001:db8::/64", "2001:db8:0:1::/64"],
    ),
    # GetAZs
    pytest.param(
        "!GetAZs ''",
        ["us-east-1a", "us-east-1b", "us-east-1c"],
        marks=pytest.mark.ours("three zones each"),
    ),
    pytest.param(
        "Fn::GetAZs: !Ref AWS::Region",
        ["us-east-1a", "us-east-1b", "us-east-1c"],
        marks=pytest.mark.ours("three zones each"),
    ),
    pytest.param(
        "!GetAZs eu-west-1",
        ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
        marks=pytest.mark.ours("three zones each"),
    ),
]


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_a_function_gives_what_the_reference_says(
    evaluate: Evaluate, value: str, expected: Any
) -> None:
    assert evaluate(value, SECTIONS) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Fn::Length: !Split ['|', 'a|b|c']", 3),
        ("!Length [1, !Ref Env, 3]", 3),
        ("Fn::Length: !Ref Names", 3),
        (
            "Fn::ToJsonString: {key1: value1, key2: !Ref Env}",
            '{"key1":"value1","key2":"prod"}',
        ),
        (
            "!ToJsonString [{key1: value1, key2: !Ref Env}]",
            '[{"key1":"value1","key2":"prod"}]',
        ),
        ("!FindInMap [RegionMap, x, HVM64, {DefaultValue: m5.small}]", "m5.small"),
        ("!FindInMap [RegionMap, eu-west-1, X, {DefaultValue: [1]}]", [1]),
        ("!FindInMap [No, eu-west-1, X, {DefaultValue: !Ref Env}]", "prod"),
        (
            "!FindInMap [RegionMap, eu-west-1, HVM64, {DefaultValue: x}]",
            "ami-047bb4163c506cd98",
        ),
    ],
)
def test_language_extensions_add_functions(
    evaluate: Evaluate, value: str, expected: Any
) -> None:
    assert evaluate(value, EXTENDED + SECTIONS) == expected


@pytest.mark.parametrize(
    "value",
    [
        "Fn::Length: [1]",
        "Fn::ToJsonString: {a: 1}",
        "!FindInMap [RegionMap, x, HVM64, {DefaultValue: m5.small}]",
    ],
)
def test_extensions_need_their_transform(evaluate: Evaluate, value: str) -> None:
    with pytest.raises(ProjectError, match=r"P105 .*AWS::LanguageExtensions"):
        evaluate(value, SECTIONS)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("!Equals [!Ref Env, prod]", True),
        ("!Equals [a, b]", False),
        ("!Equals [!Ref Port, 8888]", True),
        ("!Equals ['true', true]", True),
        ("!Equals [[a, 1], [a, '1']]", True),
        ("!Equals [{a: 1}, {a: 2}]", False),
        pytest.param(
            "!Equals [!Ref AWS::NoValue, '']",
            False,
            marks=pytest.mark.ours("nothing equals nothing only"),
        ),
        pytest.param(
            "!Equals [!Ref AWS::NoValue, !Ref AWS::NoValue]",
            True,
            marks=pytest.mark.ours("nothing equals nothing only"),
        ),
        ("!Not [!Equals [!Ref Env, prod]]", False),
        ("!And [!Equals [a, a], !Condition Sure]", True),
        ("!And [!Equals [a, a], !Not [!Condition Sure]]", False),
        ("!Or [!Equals [a, b], Condition: Sure]", True),
        ("!Or [!Equals [a, b], !Equals [c, d]]", False),
        ("{'Fn::And': [{Condition: Sure}, {'Fn::Equals': [1, 1]}]}", True),
        ("{Condition: Sure}", True),
        ("!Equals [!FindInMap [M, a, b], c]", True),
        ("!Equals [!Select [0, !Ref Names], x]", True),
    ],
)
def test_a_condition_is_true_or_false(
    evaluate: Evaluate, condition: str, expected: bool
) -> None:
    sections = f"""
Parameters:
  Env: {{Type: String, Default: prod}}
  Names: {{Type: CommaDelimitedList, Default: "x,y"}}
  Port: {{Type: Number, Default: 8888}}
Mappings: {{M: {{a: {{b: c}}}}}}
Conditions:
  Sure: !Equals [1, 1]
  It: {condition}
"""
    assert evaluate("!If [It, 'yes', 'no']", sections) == ("yes" if expected else "no")


WRONG = [
    ("!Ref [a]", "P110", "Ref needs the name"),
    ("!Ref Nothing", "P112", r"Unresolved resource dependencies \[Nothing\]"),
    ("!Ref Queu", "P112", "Did you mean 'Queue'?"),
    ("!GetAtt Queue", "P110", "requires two non-empty parameters"),
    ("!GetAtt [Queue]", "P110", "requires two non-empty parameters"),
    ("!GetAtt Nothing.Arn", "P112", r"\[Nothing\]"),
    ("!Sub '${Nothing}'", "P112", r"Write \$\{!…\} for a literal"),
    ("!Sub '${a b}'", "P110", "must contain only alphanumeric"),
    ("!Sub '${Names}'", "P110", "must be a string, not a list"),
    ("!Sub [a]", "P110", "Fn::Sub needs"),
    ("!Sub [[a], {}]", "P110", "don't specify expected arguments"),
    ("!Sub ['${X}', {X: {a: 1}}]", "P110", "must be a string, not an object"),
    ("!Join [',']", "P110", "every Fn::Join object requires two parameters"),
    ("!Join [1, [a]]", "P110", "every Fn::Join object requires two parameters"),
    ("!Join [',', a]", "P110", "every Fn::Join object requires two parameters"),
    ("!Join [',', [[a]]]", "P110", "must be a string, not a list"),
    ("!Split [',']", "P110", "every Fn::Split object requires two parameters"),
    ("!Split ['', a]", "P110", "every Fn::Split object requires two parameters"),
    ("!Split [',', [a]]", "P110", "must be a string, not a list"),
    ("!Select [4, [a]]", "P110", "cannot select nonexistent value at index 4"),
    ("!Select [-1, [a]]", "P110", "must be a whole number"),
    ("!Select [0, a]", "P110", "every Fn::Select object requires two"),
    ("!Select [0, [null]]", "P110", "cannot select nonexistent value"),
    ("!FindInMap [RegionMap, x, HVM64]", "P116", "Unable to get mapping for"),
    ("!FindInMap [RegionMap, eu-west-1, HVM]", "P116", "Did you mean 'HVM64'?"),
    ("!FindInMap [Regions, a, b]", "P116", "Mapping named 'Regions' is not present"),
    ("!FindInMap [RegionMap]", "P110", "requires three parameters"),
    ("!If [IsProd, a]", "P110", "Fn::If requires a list argument"),
    ("!If [[IsProd], a, b]", "P110", "Fn::If requires a list argument"),
    ("!If [Nope, a, b]", "P115", "There is no condition 'Nope'"),
    ("!Equals [a, b]", "P110", "Fn::Equals is allowed only in the Conditions"),
    ("!Base64 [a]", "P110", "must be a string, not a list"),
    ("!Cidr [nonsense, 1, 8]", "P110", "Fn::Cidr: "),
    ("!Cidr ['10.0.0.0/24', 300, 4]", "P110", "a count from 1 to 256"),
    ("!Cidr ['10.0.0.0/24', 1, 16]", "P110", "number of subnet bits"),
    ("!Cidr ['10.0.0.0/24', 5, 7]", "P110", "has no 5 blocks"),
    ("!Cidr ['10.0.0.0/24']", "P110", "Fn::Cidr needs a list"),
    ("!Cidr ['10.0.0.0/24', 1, x]", "P110", "must be a whole number, not 'x'"),
    ("!ToJsonString x", "P105", "needs the transform"),
    ("!FindInMap [RegionMap, a, b, {Default: c}]", "P110", "can only be {DefaultValue"),
    ("!GetAZs [a]", "P110", "must be a string, not a list"),
    ("Fn::Nonsense: 1", "P111", "There is no intrinsic function Fn::Nonsense"),
    ("Fn::Joni: 1", "P111", "Did you mean 'Fn::Join'?"),
    ("Fn::Transform: {Name: MyMacro}", "P105", "'MyMacro' runs in AWS only"),
]


@pytest.mark.ours("codes and lines; the messages follow CloudFormation's")
@pytest.mark.parametrize(("value", "code", "message"), WRONG, ids=[w[0] for w in WRONG])
def test_a_function_used_wrongly_is_refused_with_its_line(
    evaluate: Evaluate, value: str, code: str, message: str
) -> None:
    with pytest.raises(ProjectError, match=f"(?i){message}") as caught:
        evaluate(value, SECTIONS)
    assert caught.value.code == code
    assert caught.value.origin.line == 4


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("yes", "A condition is one of"),
        ("{Ref: Env}", "A condition is one of"),
        ("!And [!Equals [1, 1]]", "needs a list of 2 to 10 conditions"),
        ("!Or []", "needs a list of 2 to 10 conditions"),
        ("!Not [!Equals [1, 1], !Equals [1, 1]]", "a list of one condition"),
        ("!Equals [1]", "a list of two values"),
        ("!Condition Nope", "There is no condition 'Nope'"),
        ("!Condition [a]", "needs the name of a condition"),
        ("!Condition It", "Circular dependencies between conditions: It -> It"),
    ],
)
def test_a_wrong_condition_is_refused(
    evaluate: Evaluate, condition: str, message: str
) -> None:
    with pytest.raises(ProjectError, match=message):
        evaluate("!If [It, a, b]", f"Conditions:\n  It: {condition}\n")


@pytest.mark.parametrize(
    ("name", "region", "expected"),
    [
        ("AWS::AccountId", "us-east-1", "000000000000"),
        ("AWS::Region", "eu-west-1", "eu-west-1"),
        ("AWS::Partition", "us-east-1", "aws"),
        ("AWS::Partition", "cn-north-1", "aws-cn"),
        ("AWS::Partition", "us-gov-west-1", "aws-us-gov"),
        ("AWS::URLSuffix", "us-east-1", "amazonaws.com"),
        ("AWS::URLSuffix", "cn-north-1", "amazonaws.com.cn"),
        ("AWS::StackName", "us-east-1", "shop"),
        ("AWS::NotificationARNs", "us-east-1", []),
    ],
)
def test_pseudo_parameters_tell_where_the_stack_is(
    evaluate: Evaluate, name: str, region: str, expected: Any
) -> None:
    assert evaluate(f"!Ref {name}", region=region) == expected


def test_the_stack_id_is_an_arn_with_a_uuid(evaluate: Evaluate) -> None:
    prefix = "arn:aws:cloudformation:us-east-1:000000000000:stack/shop/"
    assert evaluate("!Ref AWS::StackId").startswith(prefix)
    assert len(evaluate("!Ref AWS::StackId")) == len(prefix) + 36


@pytest.mark.ours("what is no list or object has no JSON string")
def test_a_scalar_has_no_json_string(evaluate: Evaluate) -> None:
    with pytest.raises(ProjectError, match="needs an object or a list, not a string"):
        evaluate("Fn::ToJsonString: x", EXTENDED + SECTIONS)


@pytest.mark.ours("lines of errors in text that Fn::Sub filled in")
def test_text_keeps_its_line_through_sub_unless_a_value_brings_lines(
    folder: Any, api: str
) -> None:
    text = (
        api
        + """
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      Definition: !Sub
        - |
          type Query { ${Field}: String }
        - Field: {}
"""
    )
    one = folder.load(text.replace("{}", "a")).apis[0].schema
    assert one.text == "type Query { a: String }\n"
    assert one.origin.line == 15
    two = folder.load(text.replace("{}", '"a: Int\\n b"')).apis[0].schema
    assert two.origin.line is None
