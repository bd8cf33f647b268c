"""Roles of the template: what those may do who sign in their name."""

from typing import Any

import pytest

from appsync_emulator.auth.policy import read_policy

DOC = "CloudFormation, AWS::IAM::Role, Policy and ManagedPolicy"
TEMPLATE = """
    Resources:
      Api:
        Type: AWS::AppSync::GraphQLApi
        Properties: {Name: shop, AuthenticationType: AWS_IAM}
      Reader:
        Type: AWS::IAM::Role
        Properties:
          RoleName: shop-reader
          AssumeRolePolicyDocument: {}
          Policies:
            - PolicyName: read
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Action: appsync:GraphQL
                    Resource: !Sub ${Api.Arn}/types/Query/*
      Writer:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument: {}
          ManagedPolicyArns: [!Ref Managed]
      Extra:
        Type: AWS::IAM::Policy
        Properties:
          PolicyName: extra
          Roles: [!Ref Writer]
          PolicyDocument:
            Statement:
              Effect: Deny
              Action: "*"
              Resource: !Sub ${Api.Arn}/types/*/fields/b
      Managed:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument:
            Statement: {Effect: Allow, Action: "*", Resource: "*"}
      Everything:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument: {}
          ManagedPolicyArns: [arn:aws:iam::aws:policy/AWSAppSyncInvokeFullAccess]
      Nothing:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument: {}
          ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3FullAccess]
"""


@pytest.mark.aws_doc(DOC)
@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("Reader", {"Query/fields/a", "Query/fields/b"}),
        ("shop-reader", {"Query/fields/a", "Query/fields/b"}),
        ("Writer", {"Query/fields/a", "Mutation/fields/a"}),
        ("Everything", {"Query/fields/a", "Query/fields/b", "Mutation/fields/a"}),
        ("Nothing", set()),
    ],
)
def test_a_role_has_its_own_and_attached_policies(
    folder: Any, role: str, allowed: set[str]
) -> None:
    application = folder.load(TEMPLATE)
    (api,) = application.apis
    policy = read_policy(application.policies[role])
    arn = f"arn:aws:appsync:us-east-1:000000000000:apis/{api.id}/types"
    fields = ("Query/fields/a", "Query/fields/b", "Mutation/fields/a")
    assert {one for one in fields if policy.allows(f"{arn}/{one}")} == allowed


@pytest.mark.ours("half of a role could allow too much; the rest of a project runs")
def test_a_role_that_cannot_be_evaluated_is_left_out(folder: Any) -> None:
    role = """
      Resources:
        Api:
          Type: AWS::AppSync::GraphQLApi
          Properties: {Name: shop, AuthenticationType: AWS_IAM}
        Reader:
          Type: AWS::IAM::Role
          Properties:
            Policies:
              - PolicyName: read
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "*", Resource: !ImportValue elsewhere}
    """
    assert folder.load(role).policies == {}
