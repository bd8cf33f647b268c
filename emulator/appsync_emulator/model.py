"""What a template deploys, as plain frozen data: the input of an `Emulator`.

Loaders (`config/`) make it; nothing in here knows files, sockets or GraphQL. Names are
CloudFormation's and AppSync's own. Every part that a user wrote carries its `Origin`,
so that any later error can say where it comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from appsync_emulator.types import Origin, Text

AuthType = Literal[
    "API_KEY",
    "AWS_IAM",
    "AMAZON_COGNITO_USER_POOLS",
    "OPENID_CONNECT",
    "AWS_LAMBDA",
]
RuntimeName = Literal["VTL", "APPSYNC_JS"]


@dataclass(frozen=True, slots=True)
class AuthProvider:
    """One authorization mode of an API.

    Attributes:
        type: the mode.
        settings: the mode's own block (`UserPoolConfig`, `OpenIDConnectConfig`,
            `LambdaAuthorizerConfig`) with CloudFormation's names, else empty.
    """

    type: AuthType
    origin: Origin
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of an API.

    Attributes:
        key: `da2-` and 26 characters, or what the user set.
        expires: epoch seconds after which the key is refused, None for never. AWS
            gives a key 7 days when nothing is said; an emulator that stopped working
            after a week would help nobody, so None is our choice there.
    """

    key: str
    expires: int | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class DataSourceConfig:
    """A data source as declared.

    Attributes:
        type: CloudFormation's `Type`: `NONE`, `AWS_LAMBDA`, `AMAZON_DYNAMODB` …
        function: for `AWS_LAMBDA`, the ARN that `LambdaFunctionArn` evaluated to.
        settings: the type's own block (`DynamoDBConfig`, `HttpConfig` …), else empty.
    """

    name: str
    type: str
    origin: Origin
    function: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Code:
    """How a resolver or function is evaluated.

    With `APPSYNC_JS` only `code` is set. With `VTL` each of `request` and `response`
    may be missing, which AppSync allows for Lambda data sources.
    """

    runtime: RuntimeName
    code: Text | None = None
    request: Text | None = None
    response: Text | None = None


@dataclass(frozen=True, slots=True)
class FunctionConfig:
    """An AppSync function: one step of pipelines."""

    id: str
    name: str
    data_source: str
    code: Code
    origin: Origin
    max_batch_size: int = 0


@dataclass(frozen=True, slots=True)
class Resolver:
    """The resolver of one field.

    Attributes:
        data_source: name of a data source for `UNIT`, None for `PIPELINE`.
        functions: ids of `FunctionConfig`s, in order, for `PIPELINE`.
        max_batch_size: 0 turns batching off.
        caching: the `CachingConfig` block, None without one.
    """

    type_name: str
    field_name: str
    kind: Literal["UNIT", "PIPELINE"]
    code: Code
    origin: Origin
    data_source: str | None = None
    functions: tuple[str, ...] = ()
    max_batch_size: int = 0
    caching: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Api:
    """One GraphQL API.

    Attributes:
        id: 26 lower-case letters and digits, the same after every restart.
        schema: the SDL text; None for an API that declares no schema.
        auth: the default authorization mode.
        additional_auth: further modes.
        data_sources: by name.
        functions: by function id.
        resolver_count_limit: 0 means AppSync's 10,000.
        query_depth_limit: 0 means no limit.
    """

    id: str
    name: str
    origin: Origin
    auth: AuthProvider
    schema: Text | None = None
    additional_auth: tuple[AuthProvider, ...] = ()
    api_keys: tuple[ApiKey, ...] = ()
    data_sources: Mapping[str, DataSourceConfig] = field(default_factory=dict)
    functions: Mapping[str, FunctionConfig] = field(default_factory=dict)
    resolvers: tuple[Resolver, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    introspection: bool = True
    query_depth_limit: int = 0
    resolver_count_limit: int = 0


@dataclass(frozen=True, slots=True)
class LambdaFunction:
    """A Lambda function.

    Attributes:
        runtime: `python3.12`, `nodejs20.x`, `provided.al2023` …
        handler: as in the template, such as `app.handler`.
        code: the folder or archive with the code; None when `inline` is set.
        inline: the text of `Code.ZipFile`.
        timeout: seconds, AWS's default is 3.
        memory: MB, AWS's default is 128.
        reserved_concurrency: None for no reservation.
        async_config: `EventInvokeConfig` properties with CloudFormation's names
            (`MaximumRetryAttempts`, `MaximumEventAgeInSeconds` …), else empty.
        layers: folders or archives that are laid over each other as `/opt`, in the
            template's order.
    """

    name: str
    arn: str
    runtime: str
    handler: str
    origin: Origin
    code: Path | None = None
    inline: Text | None = None
    timeout: int = 3
    memory: int = 128
    environment: Mapping[str, str] = field(default_factory=dict)
    reserved_concurrency: int | None = None
    async_config: Mapping[str, Any] = field(default_factory=dict)
    layers: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """An SQS queue.

    Attributes:
        url: what `Ref` gives and functions send to.
        attributes: of SQS's CreateQueue, all of them text.
    """

    name: str
    arn: str
    url: str
    origin: Origin
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def fifo(self) -> bool:
        """Whether it keeps the order within message groups."""
        return self.name.endswith(".fifo")

    @property
    def visibility_timeout(self) -> int:
        """Seconds for which a received message is hidden; SQS's default is 30."""
        return int(self.attributes.get("VisibilityTimeout", "30"))


@dataclass(frozen=True, slots=True)
class TopicSubscription:
    """Who gets what is published to a topic.

    Attributes:
        attributes: of SNS's Subscribe, all of them text.
    """

    topic: str
    protocol: str
    endpoint: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """An SNS topic."""

    name: str
    arn: str
    origin: Origin
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Messaging:
    """What an application has of SQS, SNS and EventBridge.

    Attributes:
        queues: by ARN.
        topics: by ARN.
        buses: names of event buses beside `default`.
    """

    queues: Mapping[str, Queue] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    subscriptions: tuple[TopicSubscription, ...] = ()
    buses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventSource:
    """A mapping of a queue to the function that works on its messages.

    Attributes:
        function: name.
        queue: ARN.
        batch_size: messages in one event at most.
        window: seconds that an event may wait for more messages.
        filters: patterns of which a message has to match one; empty for no filter.
        partial: whether the function answers with the messages it failed on.
        concurrency: how many events the function may get at once; None for Lambda's
            own limit.
    """

    function: str
    queue: str
    origin: Origin
    batch_size: int = 10
    window: int = 0
    enabled: bool = True
    filters: tuple[Mapping[str, Any], ...] = ()
    partial: bool = False
    concurrency: int | None = None


@dataclass(frozen=True, slots=True)
class UserPoolClient:
    """An app client of a user pool.

    Attributes:
        id: 26 lower-case letters and digits, the same after every restart.
        secret: None for a client without one.
        flows: `ExplicitAuthFlows`; empty for Cognito's own choice.
        readable: attributes that its ID tokens tell; None for all.
        id_validity: seconds for which ID tokens hold.
        access_validity: seconds for which access tokens hold.
        hides_users: whether a wrong name is answered as a wrong password is.
    """

    id: str
    name: str
    origin: Origin
    secret: str | None = None
    flows: tuple[str, ...] = ()
    readable: tuple[str, ...] | None = None
    id_validity: int = 3_600
    access_validity: int = 3_600
    hides_users: bool = False


@dataclass(frozen=True, slots=True)
class UserPoolGroup:
    """A group of a user pool.

    Attributes:
        role: ARN of the role of its members, None for no role.
        precedence: the lowest wins; None comes after all numbers.
    """

    name: str
    origin: Origin
    role: str | None = None
    precedence: int | None = None


@dataclass(frozen=True, slots=True)
class UserPool:
    """A Cognito user pool.

    Attributes:
        id: `us-east-1_` and nine letters and digits, the same after every restart.
        issuer: the claim `iss` of its tokens.
        settings: of Cognito's CreateUserPool, by its names.
    """

    id: str
    arn: str
    name: str
    issuer: str
    origin: Origin
    clients: tuple[UserPoolClient, ...] = ()
    groups: tuple[UserPoolGroup, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotRun:
    """A resource of the template that the emulator does not run."""

    type: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Application:
    """Everything one `Emulator` runs.

    Attributes:
        apis: in template order; the first is served at `/graphql` too.
        functions: by function name.
        messaging: queues, topics and event buses.
        event_sources: which queues functions work on.
        user_pools: by pool id.
        policies: policy documents of the templates' roles, by the role's name and its
            logical id.
        outputs: the template's `Outputs`, evaluated.
        files: every file that was read, for reloading.
    """

    apis: tuple[Api, ...] = ()
    functions: Mapping[str, LambdaFunction] = field(default_factory=dict)
    messaging: Messaging = field(default_factory=Messaging)
    event_sources: tuple[EventSource, ...] = ()
    user_pools: Mapping[str, UserPool] = field(default_factory=dict)
    policies: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    not_run: tuple[NotRun, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
