"""The AWS services beside Lambda and AppSync that an application uses."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from appsync_emulator.background import Background
from appsync_emulator.errors import EmulatorError
from appsync_emulator.issuer.keys import LocalKeys
from appsync_emulator.model import Application
from appsync_emulator.services.client import Client, ServiceError
from appsync_emulator.services.embedded import Embedded, missing
from appsync_emulator.services.setup import services_of, setup_requests
from appsync_emulator.services.user_pools import SigningPool, signing_pools
from appsync_emulator.settings import Settings

log = logging.getLogger(__name__)

SERVED = ("sqs", "sns", "events", "cognito-idp")
"""What moto's server is started for."""

_VARIABLES = {
    "cognito-idp": "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
    "events": "AWS_ENDPOINT_URL_EVENTBRIDGE",
}
_ALIASES = {"cognito-identity-provider": "cognito-idp", "eventbridge": "events"}


class Services:
    """Where the services are, and those that are served here.

    The endpoints are known from the beginning, because templates hand them to
    functions; what is needed of them only an application can tell, in `run`.

    Args:
        settings: of this run.

    Attributes:
        endpoints: by service; for those of `SERVED` always.
        client: what Lambda itself reaches them with.
        embedded: the process of those that are served here; None when all are
            elsewhere.
        keys: that tokens of user pools are signed with; None for no Cognito.
        running: what the application uses and has.
        problem: why they are not served, None when they are.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._elsewhere = endpoints_given(settings.aws_endpoint)
        self.embedded: Embedded | None = None
        endpoints = self._elsewhere
        if not set(SERVED) <= endpoints.keys():
            self.embedded = Embedded()
            endpoints = {**dict.fromkeys(SERVED, self.embedded.url), **endpoints}
        self.endpoints: Mapping[str, str] = endpoints
        self.client = Client(endpoints, settings.region)
        self.keys: LocalKeys | None = None
        self.running: frozenset[str] = frozenset()
        self.problem: str | None = None

    def variables(self, application: Application) -> dict[str, str]:
        """Give the environment variables by which SDKs find what is not at AWS.

        One for each service, and none for all: a function's other services are found
        where they would be found without us, and not where they do not exist.
        """
        names = {*services_of(application), *self._elsewhere}
        return {variable(name): self.endpoints[name] for name in sorted(names)}

    def release(self) -> None:
        """Give back the port, when nothing was run."""
        if self.embedded is not None:
            self.embedded.release()

    @asynccontextmanager
    async def run(self, application: Application) -> AsyncIterator[None]:
        """Serve what the application uses, until the block ends.

        Raises:
            EmulatorError: an endpoint of the settings does not answer, or refuses.
        """
        tasks = Background()
        used = services_of(application)
        local = [name for name in used if name not in self._elsewhere]
        self.problem = missing() if local else None
        if not local or self.problem is not None:
            self.release()
        try:
            if self.problem is not None:
                log.error("%s", self.problem)
            elif used:
                pools = application.user_pools if "cognito-idp" in local else {}
                signed = signing_pools(pools.values(), self.keys) if self.keys else []
                await self._make(application, bool(local), tasks, signed)
                self.running = frozenset(used)
            yield
        finally:
            if "sqs" in local:
                await self._report(application)
            await self.client.close()
            if self.embedded is not None:
                await self.embedded.close()
            await tasks.close()

    async def _make(
        self,
        application: Application,
        local: bool,
        tasks: Background,
        user_pools: Sequence[SigningPool],
    ) -> None:
        """Make queues and topics, those served here without waiting for them."""
        settings = self._settings
        requests = setup_requests(application, settings.region)
        here = [one for one in requests if one.service not in self._elsewhere]
        if self.embedded is not None and local:
            await self.embedded.start(
                here,
                user_pools,
                account=settings.account_id,
                region=settings.region,
                tasks=tasks,
            )
        there = [one for one in requests if one.service in self._elsewhere]
        try:
            for number, one in enumerate(there):
                send = self.client.send if number else self.client.reach
                await send(one)
        except ServiceError as error:
            message = f"An endpoint of --aws-endpoint is of no use: {error}"
            raise EmulatorError("E031", message) from None

    async def _report(self, application: Application) -> None:
        """Name the queues that end with messages in them."""
        if not self.embedded_lives:
            return
        for queue in application.messaging.queues.values():
            with suppress(ServiceError):
                left = await messages_in(self.client, queue.url)
                if left:
                    log.warning(
                        "Queue %s is lost with %d messages in it", queue.name, left
                    )

    @property
    def embedded_lives(self) -> bool:
        """Whether the process was started and has not failed."""
        one = self.embedded
        return one is not None and one.pid is not None and one.problem is None


async def messages_in(client: Client, url: str) -> int:
    """Count what a queue holds: visible, delayed and being worked on."""
    names = [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesDelayed",
        "ApproximateNumberOfMessagesNotVisible",
    ]
    answer = await client.sqs("GetQueueAttributes", QueueUrl=url, AttributeNames=names)
    return sum(map(int, answer.get("Attributes", {}).values()))


def variable(service: str) -> str:
    """Give the environment variable by which SDKs find a service's endpoint."""
    plain = f"AWS_ENDPOINT_URL_{service.upper().replace('-', '_')}"
    return _VARIABLES.get(service, plain)


def endpoints_given(entries: tuple[str, ...]) -> dict[str, str]:
    """Read `--aws-endpoint SERVICE=URL`."""
    given = {}
    for entry in entries:
        name, _, url = entry.partition("=")
        given[_ALIASES.get(name, name)] = url.rstrip("/")
    return given
