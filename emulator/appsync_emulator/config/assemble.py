"""Puts the application together from the resources of its stacks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from appsync_emulator.config.codes import DUPLICATE, REFERENCE, RESOURCE_TYPE
from appsync_emulator.config.cognito import CognitoParts
from appsync_emulator.config.ids import stable_id
from appsync_emulator.config.layers import Layers
from appsync_emulator.config.messaging import MessagingParts
from appsync_emulator.config.project import GRAPHQL_API, Project
from appsync_emulator.config.resources import (
    api_key,
    data_source,
    event_bus,
    event_invoke_config,
    event_source_mapping,
    function_configuration,
    graphql_api,
    graphql_schema,
    identity_pool,
    lambda_function,
    layer_version,
    resolver,
    sns_topic,
    sqs_queue,
    user_pool,
    user_pool_client,
    user_pool_domain,
    user_pool_group,
)
from appsync_emulator.config.resources.reading import Reading, read_properties
from appsync_emulator.config.resources.shape import Block
from appsync_emulator.config.resources.types import (
    APPLICATION,
    KNOWN,
    RUN,
    SERVERLESS,
    is_administrative,
    is_known,
)
from appsync_emulator.config.roles import TYPES as ROLES
from appsync_emulator.config.roles import RoleParts
from appsync_emulator.config.template.resource import Resource
from appsync_emulator.config.template.stack import Stack
from appsync_emulator.errors import ProjectError
from appsync_emulator.model import (
    Api,
    ApiKey,
    Application,
    DataSourceConfig,
    EventSource,
    FunctionConfig,
    LambdaFunction,
    NotRun,
    Resolver,
)
from appsync_emulator.types import JSON, Text


@dataclass(slots=True)
class _Parts:
    """An API and what other resources add to it."""

    api: Api
    resource: Resource
    schema: Text | None = None
    keys: list[ApiKey] = field(default_factory=list)
    data_sources: dict[str, DataSourceConfig] = field(default_factory=dict)
    functions: dict[str, FunctionConfig] = field(default_factory=dict)
    resolvers: dict[tuple[str, str], Resolver] = field(default_factory=dict)


def assemble(project: Project) -> Application:
    """Read all resources; what is wrong goes to the project's problems."""
    assembly = _Assembly(project)
    outputs: dict[str, JSON] = {}
    for stack in project.stacks():
        stack.check()
        assembly.read(stack)
    for stack in project.stacks():
        values = stack.outputs.all(project.problems)
        if stack not in project.roots:
            continue
        for name, value in values.items():
            taken = name in outputs
            outputs[f"{stack.pseudo.stack_name}.{name}" if taken else name] = value
    return assembly.application(outputs)


class _Assembly:
    def __init__(self, project: Project) -> None:
        self.project = project
        self.problems = project.problems
        self.apis: dict[str, _Parts] = {}
        self.failed_apis: set[str] = set()
        self.functions: dict[str, LambdaFunction] = {}
        self.async_configs: list[tuple[Reading, str, Mapping[str, JSON]]] = []
        self.messaging = MessagingParts()
        self.layers = Layers(project.deployment.layers)
        self.cognito = CognitoParts()
        self.roles = RoleParts()
        self.not_run: list[NotRun] = []
        self.waiting: list[tuple[Reading, Callable[[_Parts, Reading], None]]] = []

    def read(self, stack: Stack) -> None:
        for resource in stack.resources():
            run = _READERS.get(resource.type)
            if run is not None:
                shape, add = run
                reading = read_properties(resource, shape, stack.files, self.problems)
                if reading is not None:
                    with self.problems.collect():
                        add(self, reading)
                if resource.type == GRAPHQL_API and resource.id() not in self.apis:
                    self.failed_apis.add(resource.id())
            elif resource.type in ROLES:
                self.roles.add(resource)
            elif not _exists(resource.type, stack):
                self.problems.add(_unknown(resource))
            elif resource.type not in RUN and not is_administrative(resource.type):
                self.not_run.append(NotRun(resource.type, resource.origin))

    # One method for each type; those that belong to an API wait until all are known.

    def add_api(self, reading: Reading) -> None:
        api = graphql_api.read(reading)
        self.apis[api.id] = _Parts(api, reading.resource)

    def add_function(self, reading: Reading) -> None:
        if lambda_function.is_image(reading):
            kind = f"{reading.resource.type} with PackageType Image"
            self.not_run.append(NotRun(kind, reading.origin))
            return
        function = lambda_function.read(reading)
        other = self.functions.get(function.name)
        if other is not None:
            message = (
                f"The function {function.name!r} is there already: {other.origin}."
            )
            raise reading.wrong(DUPLICATE, message, "FunctionName")
        self.functions[function.name] = function
        self.layers.want(function.name, reading)

    def add_layer(self, reading: Reading) -> None:
        self.layers.add(reading)

    def add_async_config(self, reading: Reading) -> None:
        name, config = event_invoke_config.read(reading)
        self.async_configs.append((reading, name, config))

    def event_sources(self) -> Iterator[EventSource]:
        for reading, source in self.messaging.mappings:
            with self.problems.collect():
                run = self.messaging.event_source(reading, source, self.functions)
                if run is not None:
                    yield run

    def application(self, outputs: Mapping[str, JSON]) -> Application:
        for reading, add in self.waiting:
            if reading.values["ApiId"] in self.failed_apis:
                continue  # what is wrong with the API has been told
            with self.problems.collect():
                add(self.parts(reading), reading)
        for reading, name, config in self.async_configs:
            self.configure(reading, name, config)
        self.functions = self.layers.functions(self.functions)
        self.add_keys()
        event_sources = tuple(self.event_sources())
        user_pools = self.cognito.user_pools()
        return Application(
            apis=tuple(self.finished()),
            functions=self.functions,
            messaging=self.messaging.messaging(),
            event_sources=event_sources,
            user_pools=user_pools,
            policies=self.roles.policies(),
            not_run=(
                *self.not_run,
                *self.messaging.not_run,
                *self.cognito.not_run,
                *self.layers.not_run,
            ),
            outputs=outputs,
            files=tuple(self.project.files),
        )

    def parts(self, reading: Reading) -> _Parts:
        api_id = reading.values["ApiId"]
        parts = self.apis.get(api_id)
        if parts is None:
            origin = reading.nodes["ApiId"].key_origin(reading.id)
            raise ProjectError(
                REFERENCE,
                f"ApiId {api_id!r} is no API of this application.",
                origin,
                found=api_id,
                allowed=self.apis,
                hint="!GetAtt Api.ApiId gives the id of an API in the template.",
            )
        return parts

    def configure(
        self, reading: Reading, name: str, config: Mapping[str, JSON]
    ) -> None:
        function = self.functions.get(name)
        if function is None:
            # It may exist in the account, which is enough for AWS.
            self.not_run.append(NotRun(reading.resource.type, reading.origin))
            return
        merged = {**function.async_config, **config}
        self.functions[name] = replace(function, async_config=merged)

    def finished(self) -> Iterator[Api]:
        """Give the APIs in the order in which they are served."""
        for resource in self.project.all(GRAPHQL_API):
            parts = self.apis.get(resource.id())
            if parts is not None:
                yield replace(
                    parts.api,
                    schema=parts.schema,
                    api_keys=tuple(parts.keys),
                    data_sources=parts.data_sources,
                    functions=parts.functions,
                    resolvers=tuple(parts.resolvers.values()),
                )

    def add_keys(self) -> None:
        """Give APIs that want a key and have none one that is made up.

        On AWS such an API refuses everybody until a key is made by hand. Here the key
        could not be made by hand, and every client would need one at once.
        """
        given = self.project.deployment.api_keys
        count = sum(len(parts.keys) for parts in self.apis.values())
        for parts in self.apis.values():
            api = parts.api
            modes = {api.auth.type, *(mode.type for mode in api.additional_auth)}
            if "API_KEY" not in modes or parts.keys:
                continue
            pseudo = parts.resource.pseudo
            key = (
                f"da2-{stable_id(pseudo.stack_name, parts.resource.logical_id, 'key')}"
            )
            if count < len(given):
                key = given[count]
            count += 1
            parts.keys.append(ApiKey(key, None, api.origin))


_Add = Callable[[_Assembly, Reading], None]


def _add_schema(parts: _Parts, reading: Reading) -> None:
    if parts.schema is not None:
        message = f"The API has a schema already: {parts.schema.origin}."
        raise reading.wrong(DUPLICATE, message)
    parts.schema = graphql_schema.read(reading)


def _add_key(parts: _Parts, reading: Reading) -> None:
    parts.keys.append(api_key.read(reading))


def _add_data_source(parts: _Parts, reading: Reading) -> None:
    source = data_source.read(reading)
    other = parts.data_sources.get(source.name)
    if other is not None:
        message = f"Data source with name {source.name} already exists: {other.origin}."
        raise reading.wrong(DUPLICATE, message, "Name")
    parts.data_sources[source.name] = source


def _add_function(parts: _Parts, reading: Reading) -> None:
    function = function_configuration.read(reading)
    parts.functions[function.id] = function


def _add_resolver(parts: _Parts, reading: Reading) -> None:
    made = resolver.read(reading)
    key = (made.type_name, made.field_name)
    other = parts.resolvers.get(key)
    if other is not None:
        message = (
            "Only one resolver is allowed per field; "
            f"{made.type_name}.{made.field_name} has one already: {other.origin}."
        )
        raise reading.wrong(DUPLICATE, message, "FieldName")
    parts.resolvers[key] = made


def _exists(kind: str, stack: Stack) -> bool:
    if kind.startswith(SERVERLESS):
        # What the transform leaves is an application of AWS's repository.
        return stack.sam and kind == APPLICATION
    return is_known(kind)


def _unknown(resource: Resource) -> ProjectError:
    """Make the error that a type does not exist, or not without the SAM transform."""
    kind = resource.type
    allowed: tuple[str, ...] = RUN
    hint = None
    for prefix, types in KNOWN.items():
        if kind.startswith(prefix):
            allowed = types
    if kind in allowed:
        allowed, hint = (), "Add `Transform: AWS::Serverless-2016-10-31`."
    node = resource.declaration.node.value["Type"]
    return ProjectError(
        RESOURCE_TYPE,
        f"Unrecognized resource types: [{kind}].",
        node.origin(resource.logical_id),
        found=kind,
        allowed=allowed,
        hint=hint,
    )


def _later(add: Callable[[_Parts, Reading], None]) -> _Add:
    def wait(assembly: _Assembly, reading: Reading) -> None:
        assembly.waiting.append((reading, add))

    return wait


def _message(add: Callable[[MessagingParts, Reading], None]) -> _Add:
    return lambda assembly, reading: add(assembly.messaging, reading)


def _pool(add: Callable[[CognitoParts, Reading], None]) -> _Add:
    return lambda assembly, reading: add(assembly.cognito, reading)


_READERS: dict[str, tuple[Block, _Add]] = {
    "AWS::AppSync::GraphQLApi": (graphql_api.SHAPE, _Assembly.add_api),
    "AWS::AppSync::GraphQLSchema": (graphql_schema.SHAPE, _later(_add_schema)),
    "AWS::AppSync::ApiKey": (api_key.SHAPE, _later(_add_key)),
    "AWS::AppSync::DataSource": (data_source.SHAPE, _later(_add_data_source)),
    "AWS::AppSync::FunctionConfiguration": (
        function_configuration.SHAPE,
        _later(_add_function),
    ),
    "AWS::AppSync::Resolver": (resolver.SHAPE, _later(_add_resolver)),
    "AWS::Cognito::UserPool": (user_pool.SHAPE, _pool(CognitoParts.add_pool)),
    "AWS::Cognito::UserPoolClient": (
        user_pool_client.SHAPE,
        _pool(CognitoParts.add_client),
    ),
    "AWS::Cognito::UserPoolGroup": (
        user_pool_group.SHAPE,
        _pool(CognitoParts.add_group),
    ),
    "AWS::Cognito::UserPoolDomain": (
        user_pool_domain.SHAPE,
        _pool(CognitoParts.leave_out),
    ),
    "AWS::Cognito::IdentityPool": (
        identity_pool.SHAPE,
        _pool(CognitoParts.leave_out),
    ),
    "AWS::Lambda::Function": (lambda_function.SHAPE, _Assembly.add_function),
    "AWS::Lambda::LayerVersion": (layer_version.SHAPE, _Assembly.add_layer),
    "AWS::Lambda::EventInvokeConfig": (
        event_invoke_config.SHAPE,
        _Assembly.add_async_config,
    ),
    "AWS::Lambda::EventSourceMapping": (
        event_source_mapping.SHAPE,
        _message(MessagingParts.add_mapping),
    ),
    "AWS::SQS::Queue": (sqs_queue.SHAPE, _message(MessagingParts.add_queue)),
    "AWS::SNS::Topic": (sns_topic.SHAPE, _message(MessagingParts.add_topic)),
    "AWS::SNS::Subscription": (
        sns_topic.SUBSCRIPTION,
        _message(MessagingParts.add_subscription),
    ),
    "AWS::Events::EventBus": (event_bus.SHAPE, _message(MessagingParts.add_bus)),
}
