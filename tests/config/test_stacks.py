"""Several templates at once, nested stacks, exports."""

from typing import Any

import pytest

from appsync_emulator.config import Deployment, load

pytestmark = pytest.mark.aws_doc("CloudFormation user guide, nested stacks and exports")

EXPORTING = """
Resources:
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: things}}
Outputs:
  Name: {Value: !Ref Table, Export: {Name: !Sub '${AWS::StackName}-table'}}
  Plain: {Value: b}
"""


def test_exports_of_one_template_are_imported_by_another(folder: Any) -> None:
    text = """
    Resources: {Q: {Type: AWS::SQS::Queue}}
    Outputs:
      Plain: {Value: a}
      Seen: {Value: !ImportValue shop-stack2-table}
      Sub:
        Value: {Fn::ImportValue: !Sub '${AWS::StackName}-stack2-table'}
    """
    outputs = folder.load(text, EXPORTING).outputs
    assert outputs == {
        "Plain": "a",
        "Seen": "things",
        "Sub": "things",
        "Name": "things",
        "shop-stack2.Plain": "b",
    }


@pytest.mark.ours("a value in place of the export that is not there")
def test_an_import_without_its_template_needs_a_value(folder: Any) -> None:
    text = """
    Resources: {Q: {Type: AWS::SQS::Queue}}
    Outputs:
      Seen: {Value: !ImportValue shop-stack2-tabel}
    """
    (error,) = folder.errors(text, EXPORTING)
    assert error == (
        "template.yaml:4: P117 No export named shop-stack2-tabel found. Did you mean "
        "'shop-stack2-table'? Give the template that exports it too, or --parameter "
        "shop-stack2-tabel=VALUE."
    )
    given = folder.load(text, parameters={"shop-stack2-tabel": "x"})
    assert given.outputs == {"Seen": "x"}


@pytest.mark.ours("exports that import each other cannot be evaluated")
def test_exports_in_a_circle_are_refused(folder: Any) -> None:
    text = """
    Resources: {}
    Outputs:
      A: {Value: !ImportValue b, Export: {Name: a}}
      B: {Value: !ImportValue a, Export: {Name: b}}
    """
    errors = folder.errors(text)
    assert "P114 Exports import each other: " in errors[0]


def test_an_export_needs_a_name(folder: Any) -> None:
    text = """
    Resources: {}
    Outputs:
      A: {Value: a, Export: {}}
      B: {Value: !ImportValue a}
    """
    errors = folder.errors(text)
    assert "4: P104 The Export of output A must be an object with a Name." in errors[0]


CHILD = """
Parameters:
  ApiId: {Type: String}
  Names: {Type: CommaDelimitedList}
  Level: {Type: Number, Default: 1}
Resources:
  Source:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !Ref ApiId, Name: !Select [1, !Ref Names], Type: NONE}
Outputs:
  SourceName: {Value: !GetAtt Source.Name}
  Level: {Value: !Ref Level}
"""


def test_a_nested_stack_gets_parameters_and_gives_outputs(
    folder: Any, api: str
) -> None:
    folder.write("nested/child.yaml", CHILD)
    text = (
        api
        + """
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: nested/child.yaml
      Parameters:
        ApiId: !GetAtt Api.ApiId
        Names: !Split [',', 'a,b']
        Level: 5
  Resolver:
    Type: AWS::AppSync::Resolver
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: Query
      FieldName: a
      DataSourceName: !GetAtt Child.Outputs.SourceName
Outputs:
  Level: {Value: !GetAtt Child.Outputs.Level}
  Id: {Value: !Ref Child}
"""
    )
    application = folder.load(text)
    (found,) = application.apis
    assert list(found.data_sources) == ["b"]
    assert found.resolvers[0].data_source == "b"
    assert str(found.data_sources["b"].origin).endswith("nested/child.yaml:7 (Source)")
    assert application.outputs["Level"] == "5"
    assert application.outputs["Id"].startswith("arn:aws:cloudformation:us-east-1:")
    assert application.not_run == ()
    assert folder.path / "nested/child.yaml" in application.files


@pytest.mark.ours("a nested template is part of the same application")
def test_an_api_may_stand_in_a_nested_stack(folder: Any, api: str) -> None:
    child = api + "Outputs:\n  Url: {Value: !GetAtt Api.GraphQLUrl}\n"
    folder.write("child.yaml", child)
    text = """
    Resources:
      Child:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: ./child.yaml}
    Outputs:
      Url: {Value: !GetAtt Child.Outputs.Url}
    """
    application = folder.load(text)
    assert application.outputs == {"Url": "http://localhost:20002/graphql"}
    two = folder.load(text, api)
    assert [item.id for item in two.apis[1:]] == [application.apis[0].id]
    assert two.outputs["Url"] == f"http://localhost:20002/{two.apis[1].id}/graphql"


@pytest.mark.ours("codes and lines of what AWS refuses too")
@pytest.mark.parametrize(
    ("properties", "message"),
    [
        (
            "{TemplateURL: chld.yaml}",
            "P140 chld.yaml does not exist. Did you mean 'chi",
        ),
        ("{TemplateURL: https://s3.amazonaws.com/b/k}", "P141"),
        ("{}", "P132 A nested stack needs the property TemplateURL."),
        (
            "{TemplateURL: child.yaml, Parameters: {ApId: x, ApiId: a, Names: b}}",
            "P122 Parameters: [ApId] do not exist in the template. Did you mean 'Api",
        ),
        (
            "{TemplateURL: child.yaml, Parameters: {ApiId: a}}",
            "P120 Parameters: [Names]",
        ),
        ("{TemplateURL: template.yaml}", "P114 Stacks nest more than 10 deep."),
    ],
)
def test_a_wrong_nested_stack_is_refused(
    folder: Any, properties: str, message: str
) -> None:
    folder.write("child.yaml", CHILD)
    text = f"""
    Resources:
      Child: {{Type: AWS::CloudFormation::Stack, Properties: {properties}}}
    """
    assert any(message in error for error in folder.errors(text))


@pytest.mark.ours("codes and lines of what AWS refuses too")
def test_an_output_that_a_nested_stack_does_not_have_is_refused(folder: Any) -> None:
    folder.write("child.yaml", "Resources: {}\nOutputs: {Name: {Value: a}}\n")
    text = """
    Resources:
      Child:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: child.yaml}
    Outputs:
      A: {Value: !GetAtt Child.Outputs.Nam}
      B: {Value: !GetAtt Child.Nam}
    """
    first, second = folder.errors(text)
    assert "7: P112 The nested stack has no output 'Nam'. Did you mean 'Name'?" in first
    assert "8: P113 Requested attribute Nam does not exist" in second


@pytest.mark.ours("how stacks are named")
def test_a_stack_has_the_name_of_its_folder(folder: Any) -> None:
    text = "Resources: {}\nOutputs: {Name: {Value: !Ref AWS::StackName}}\n"
    assert folder.load(text).outputs == {"Name": "shop"}
    assert folder.load(text, stack_name="prod").outputs == {"Name": "prod"}
    two = folder.load(text, text).outputs
    assert two == {"Name": "shop", "shop-stack2.Name": "shop-stack2"}
    odd = folder.write("../2 odd_näme/template.yaml", text)
    assert load([odd], Deployment()).outputs == {"Name": "stack-2-odd-n-me"}


@pytest.mark.ours("parameters go to every template that has them")
def test_parameters_are_shared_by_templates(folder: Any) -> None:
    one = "Parameters: {A: {Type: String}}\nResources: {}\n"
    one += "Outputs: {A: {Value: !Ref A}}\n"
    two = "Parameters: {A: {Type: String}, B: {Type: String}}\nResources: {}\n"
    two += "Outputs: {C: {Value: !Sub '${A} ${B}'}}\n"
    outputs = folder.load(one, two, parameters={"A": "1", "B": "2"}).outputs
    assert sorted(outputs.values()) == ["1", "1 2"]
