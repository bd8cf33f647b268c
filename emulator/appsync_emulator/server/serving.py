"""An emulator on a port: sockets, certificate, listener, application."""

import logging
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from appsync_emulator.clock import Clock
from appsync_emulator.config import Deployment, load
from appsync_emulator.emulator import Emulator, Watch
from appsync_emulator.errors import EmulatorError
from appsync_emulator.issuer.issuers import issuers_of
from appsync_emulator.issuer.keys import LocalKeys
from appsync_emulator.lambdas.overrides import check_overrides
from appsync_emulator.model import Api, Application
from appsync_emulator.server.app import App
from appsync_emulator.server.certificates import (
    Certificates,
    ensure_certificates,
    server_names,
)
from appsync_emulator.server.faulty import alter_frames, change_rules
from appsync_emulator.server.listener import Listener
from appsync_emulator.server.model import check_script
from appsync_emulator.server.sockets import bind, own_address, reached_at
from appsync_emulator.services.service import Services
from appsync_emulator.settings import Settings, data_folder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one API is served.

    Attributes:
        api: as loaded.
        graphql_url: for queries and mutations, `http://…/graphql`.
        realtime_url: for subscriptions, `ws://…/graphql/realtime`.
    """

    api: Api
    graphql_url: str
    realtime_url: str

    def keys(self, now: float) -> list[str]:
        """Give the API keys that let clients in at `now`, in epoch seconds."""
        api = self.api
        if "API_KEY" not in {one.type for one in (api.auth, *api.additional_auth)}:
            return []
        return [
            one.key for one in api.api_keys if one.expires is None or one.expires > now
        ]

    def as_json(self, now: float) -> dict[str, object]:
        """Give the entry of the ready file, with the keys that are good at `now`."""
        return {
            "id": self.api.id,
            "name": self.api.name,
            "graphqlUrl": self.graphql_url,
            "realtimeUrl": self.realtime_url,
            "apiKeys": self.keys(now),
        }


class Project:
    """A loaded project and the sockets it will be served on.

    The port comes first: templates hand it to functions (`!GetAtt Api.GraphQLUrl`).

    Attributes:
        application: as loaded.
        keys: of the issuers whose place the emulator takes.

    Args:
        paths: templates, or folders with one.
        settings: of this run.
        port: to load for; the one of `sockets` when there are any.
        sockets: bound; empty when the project is only to be checked.
        services: of AWS, for functions; None when the project is only to be checked.

    Raises:
        ProjectError: the project cannot be loaded.
        ValueError: a setting of the form NAME=VALUE has no such form.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        settings: Settings,
        port: int,
        sockets: Sequence[socket.socket] = (),
        services: Services | None = None,
    ) -> None:
        self.settings = settings
        self.services = services
        self.port = port
        self.sockets = list(sockets)
        place = f"{reached_at(settings.host)}:{port}"
        self.base = f"http://{place}"
        self.realtime_base = f"ws://{place}"
        deployment = Deployment(
            base_url=self.base,
            realtime_url=self.realtime_base,
            region=settings.region,
            account_id=settings.account_id,
            stack_name=settings.stack_name,
            parameters=name_values("--parameter", settings.parameter),
            endpoints={} if services is None else services.endpoints,
            api_keys=settings.api_key,
            layers=name_values("--layer", settings.layer),
        )
        self.application = self._with_model(load(paths, deployment))
        issuers = issuers_of(self.application, self.base, settings.local_issuer)
        self.keys = LocalKeys(issuers, data_folder(settings))
        if services is not None:
            services.keys = self.keys
        check_script(settings)
        check_overrides(self.application.functions, settings)

    @classmethod
    def open(cls, paths: Sequence[Path], settings: Settings) -> "Project":
        """Bind the port, then load.

        Raises:
            EmulatorError: the port cannot be had.
            ProjectError: the project cannot be loaded.
        """
        sockets = bind(settings.host, settings.port)
        services = Services(settings)
        try:
            port = sockets[0].getsockname()[1]
            return cls(paths, settings, port, sockets, services)
        except BaseException:
            services.release()
            for one in sockets:
                one.close()
            raise

    @property
    def endpoints(self) -> list[Endpoint]:
        """Where the APIs are served; the first needs no id in its path."""
        found = []
        for number, api in enumerate(self.application.apis):
            path = "/graphql" if number == 0 else f"/{api.id}/graphql"
            realtime = f"{self.realtime_base}{path}/realtime"
            found.append(Endpoint(api, self.base + path, realtime))
        return found

    def _with_model(self, application: Application) -> Application:
        """Tell functions where the model and AWS are, unless their template does."""
        defaults = {
            "OPENAI_BASE_URL": self.settings.model_url or f"{self.base}/v1",
            "OPENAI_API_KEY": "offline",
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": self.base,
            "AWS_ENDPOINT_URL_LAMBDA": self.base,
        }
        if self.services is not None:
            defaults |= self.services.variables(application)
        functions = {
            name: replace(one, environment={**defaults, **one.environment})
            for name, one in application.functions.items()
        }
        return replace(application, functions=functions)


@dataclass(frozen=True, slots=True)
class Served:
    """A project that is being served.

    Attributes:
        ca: the whole path of the CA that clients must trust for `https` and `wss`;
            None when TLS is off.
    """

    project: Project
    emulator: Emulator
    ca: Path | None


@asynccontextmanager
async def serve(
    project: Project,
    environ: Mapping[str, str],
    clock: Clock | None = None,
    watch: Watch | None = None,
) -> AsyncIterator[Served]:
    """Serve a project until the block ends.

    Args:
        project: with its sockets.
        environ: where settings like `--function-env NAME` find their values.
        clock: what keys and retries see; the machine's by default.
        watch: what tests hang in; None for nothing.

    Raises:
        ProjectErrors: a schema or a resolver is not valid.
    """
    settings = project.settings
    extra = function_environment(settings.function_env, environ)
    async with AsyncExitStack() as stack:
        for one in project.sockets:
            stack.callback(one.close)
        if project.services is not None:
            stack.callback(project.services.release)
        emulator = await stack.enter_async_context(
            Emulator(
                project.application,
                settings,
                function_environment=extra,
                services=project.services,
                clock=clock,
                watch=watch,
                local_jwks=project.keys.jwks,
            )
        )
        await emulator.lambdas.prepare()
        certificates = find_certificates(settings)
        faults = emulator.faults
        app = App(
            emulator,
            settings,
            extra.get("OPENAI_API_KEY", ""),
            None if faults is None else change_rules(faults),
            keys=project.keys,
        )
        listener = Listener(
            app,
            project.sockets,
            find_api=app.apis.find,
            find_post=app.find_post,
            background=emulator.background,
            tls=None if certificates is None else certificates.context,
            alter=alter_frames(faults),
        )
        listener.start()
        stack.push_async_callback(listener.close)
        # Before that: functions that still run may need the API to publish.
        stack.push_async_callback(emulator.drain)
        ca = None if certificates is None else certificates.ca
        yield Served(project, emulator, ca)


def find_certificates(settings: Settings) -> Certificates | None:
    """Give the server's certificates, None when there is no place to keep them.

    A home that cannot be written to, as in some containers, costs TLS and nothing more.

    Raises:
        EmulatorError: a name given by the user is no host name.
    """
    extra = (*settings.tls_name, *own_address(settings.host))
    names = server_names(settings.region, extra)
    try:
        return ensure_certificates(data_folder(settings), names)
    except EmulatorError as error:
        if error.code != "E104":
            raise
        log.warning("%s TLS is off.", error)
        return None


def name_values(option: str, entries: Sequence[str]) -> dict[str, str]:
    """Split entries of the form NAME=VALUE.

    Raises:
        ValueError: an entry has no `=`, or no name.
    """
    pairs = {}
    for entry in entries:
        name, equals, value = entry.partition("=")
        if not equals or not name:
            raise ValueError(f"{option} {entry!r}: write NAME=VALUE.")
        pairs[name] = value
    return pairs


def function_environment(
    entries: Sequence[str], environ: Mapping[str, str]
) -> dict[str, str]:
    """Give the variables of `--function-env NAME[=VALUE]`.

    Raises:
        ValueError: a name without a value is not in the environment.
    """
    variables = {}
    for entry in entries:
        name, equals, value = entry.partition("=")
        if not equals and name not in environ:
            raise ValueError(
                f"--function-env {entry!r}: there is no such environment variable; "
                "write NAME=VALUE to set one."
            )
        variables[name] = value if equals else environ[name]
    return variables
