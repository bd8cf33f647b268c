"""Do an API's resolvers fit its schema and its data sources?"""

from collections.abc import Iterator

from graphql import GraphQLObjectType

from appsync_emulator.errors import ProjectError
from appsync_emulator.model import Api, FunctionConfig, Resolver
from appsync_emulator.schema import codes
from appsync_emulator.schema.build import Schema


def check_resolvers(api: Api, schema: Schema) -> list[ProjectError]:
    """Give everything that AWS would refuse when the resolvers are created."""
    found = [*_functions(api)]
    for resolver in api.resolvers:
        found += _field(resolver, schema)
        found += _sources(resolver, api)
    return found


def _field(resolver: Resolver, schema: Schema) -> Iterator[ProjectError]:
    types = {
        name: type_
        for name, type_ in schema.graphql.type_map.items()
        if isinstance(type_, GraphQLObjectType) and not name.startswith("__")
    }
    type_ = types.get(resolver.type_name)
    if type_ is None:
        yield ProjectError(
            codes.RESOLVER_TYPE,
            f"Type {resolver.type_name} not found.",
            resolver.origin,
            found=resolver.type_name,
            allowed=types,
        )
    elif resolver.field_name not in type_.fields:
        yield ProjectError(
            codes.RESOLVER_FIELD,
            f"No field named {resolver.field_name} found on type {type_.name}.",
            resolver.origin,
            found=resolver.field_name,
            allowed=type_.fields,
        )


def _sources(resolver: Resolver, api: Api) -> Iterator[ProjectError]:
    who = f"The resolver of {resolver.type_name}.{resolver.field_name}"
    if resolver.kind == "UNIT":
        if resolver.data_source is None:
            message = f"{who} has no data source."
            yield ProjectError(codes.RESOLVER_DATA_SOURCE, message, resolver.origin)
        else:
            yield from _data_source(resolver, resolver.data_source, who, api)
    for function in resolver.functions:
        if function not in api.functions:
            yield ProjectError(
                codes.RESOLVER_FUNCTION,
                f"{who} uses the function {function}, which does not exist.",
                resolver.origin,
                found=function,
                allowed=api.functions,
            )


def _functions(api: Api) -> Iterator[ProjectError]:
    for function in api.functions.values():
        who = f"The function {function.name}"
        yield from _data_source(function, function.data_source, who, api)


def _data_source(
    user: Resolver | FunctionConfig, name: str, who: str, api: Api
) -> Iterator[ProjectError]:
    if name not in api.data_sources:
        yield ProjectError(
            codes.RESOLVER_DATA_SOURCE,
            f"{who} uses the data source {name}, which does not exist.",
            user.origin,
            found=name,
            allowed=api.data_sources,
        )
