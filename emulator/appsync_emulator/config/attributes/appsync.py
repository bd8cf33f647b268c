"""Return values of AWS::AppSync types (CloudFormation template reference)."""

from collections.abc import Callable
from urllib.parse import urlsplit

from appsync_emulator.config.attributes.kind import Kind
from appsync_emulator.config.template.resource import Resource


def api_arn(resource: Resource) -> str:
    """Give the ARN of an API."""
    return resource.pseudo.arn("appsync", f"apis/{resource.id()}")


def _in_api(resource: Resource, rest: str) -> str:
    return resource.pseudo.arn("appsync", f"apis/{resource.text('ApiId')}/{rest}")


def _endpoint_arn(resource: Resource) -> str:
    path = f"endpoints/graphql-api/{resource.id()}"
    return resource.pseudo.arn("appsync", path)


def _key(resource: Resource) -> str:
    return resource.endpoints.api_key(resource)


def _key_arn(resource: Resource) -> str:
    return _in_api(resource, f"apikeys/{_key(resource)}")


def _data_source_arn(resource: Resource) -> str:
    return _in_api(resource, f"datasources/{resource.text('Name')}")


def _resolver_arn(resource: Resource) -> str:
    type_name, field_name = resource.text("TypeName"), resource.text("FieldName")
    return _in_api(resource, f"types/{type_name}/resolvers/{field_name}")


def _function_arn(resource: Resource) -> str:
    return _in_api(resource, f"functions/{resource.id()}")


def _schema_id(resource: Resource) -> str:
    return f"{resource.text('ApiId')}GraphQLSchema"


def _property(name: str) -> Callable[[Resource], str | None]:
    return lambda resource: resource.text(name)


def _host(url: str) -> str:
    # with the port: it is what a client needs to find the emulator
    return urlsplit(url).netloc


def _graphql_dns(resource: Resource) -> str:
    return _host(resource.endpoints.graphql_url(resource))


def _realtime_dns(resource: Resource) -> str:
    return _host(resource.endpoints.realtime_url(resource))


def _event_dns(service: str) -> Callable[[Resource], str]:
    def dns(resource: Resource) -> str:
        place = f"{resource.pseudo.region}.{resource.pseudo.url_suffix}"
        return f"{resource.id()}.{service}.{place}"

    return dns


def _domain(resource: Resource) -> str:
    return resource.text("DomainName") or resource.name()


KINDS = {
    "AWS::AppSync::GraphQLApi": Kind(
        ref=api_arn,
        attributes={
            "ApiId": lambda resource: resource.id(),
            "Arn": api_arn,
            "GraphQLUrl": lambda resource: resource.endpoints.graphql_url(resource),
            "GraphQLDns": _graphql_dns,
            "GraphQLEndpointArn": _endpoint_arn,
            "RealtimeUrl": lambda resource: resource.endpoints.realtime_url(resource),
            "RealtimeDns": _realtime_dns,
        },
        complete=True,
    ),
    "AWS::AppSync::ApiKey": Kind(
        ref=_key_arn,
        # In AppSync the id of a key is the key.
        attributes={"ApiKey": _key, "ApiKeyId": _key, "Arn": _key_arn},
        complete=True,
    ),
    "AWS::AppSync::GraphQLSchema": Kind(
        ref=_schema_id, attributes={"Id": _schema_id}, complete=True
    ),
    "AWS::AppSync::DataSource": Kind(
        ref=_data_source_arn,
        attributes={"DataSourceArn": _data_source_arn, "Name": _property("Name")},
        complete=True,
    ),
    "AWS::AppSync::Resolver": Kind(
        ref=_resolver_arn,
        attributes={
            "ResolverArn": _resolver_arn,
            "TypeName": _property("TypeName"),
            "FieldName": _property("FieldName"),
        },
        complete=True,
    ),
    "AWS::AppSync::FunctionConfiguration": Kind(
        ref=_function_arn,
        attributes={
            "FunctionArn": _function_arn,
            "FunctionId": lambda resource: resource.id(),
            "Name": _property("Name"),
            "DataSourceName": _property("DataSourceName"),
        },
        complete=True,
    ),
    "AWS::AppSync::Api": Kind(
        ref=api_arn,
        attributes={
            "ApiId": lambda resource: resource.id(),
            "ApiArn": api_arn,
            "Dns.Http": _event_dns("appsync-api"),
            "Dns.Realtime": _event_dns("appsync-realtime-api"),
        },
    ),
    "AWS::AppSync::DomainName": Kind(
        ref=_domain, attributes={"AppSyncDomainName": _domain, "DomainName": _domain}
    ),
}
