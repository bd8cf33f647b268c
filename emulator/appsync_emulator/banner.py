"""What `start` prints: where everything is, and what to paste into a client."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import quote

import click

from appsync_emulator.issuer.issuers import issuer_url, providers, same
from appsync_emulator.issuer.keys import LocalKeys
from appsync_emulator.lambdas.service import Lambdas
from appsync_emulator.model import Api, ApiKey, Application
from appsync_emulator.server.issuer import COGNITO
from appsync_emulator.server.serving import Endpoint, Project, Served

Rows = Sequence[tuple[str, str]]


def banner(served: Served) -> str:
    """Give the whole text."""
    project = served.project
    now = served.emulator.clock.now()
    parts = [table(api_rows(endpoint, project, now)) for endpoint in project.endpoints]
    parts.append(table([*function_rows(project.application, served.emulator.lambdas)]))
    parts.append(table([*service_rows(project), *queue_rows(project.application)]))
    parts.append(table(token_rows(project)))
    authority = ("CA", str(served.ca or "none: TLS is off"))
    parts.append(table([*not_run_rows(project.application), authority]))
    for endpoint in project.endpoints:
        if good := endpoint.keys(now):
            region = project.settings.region
            parts.append(clients(endpoint.graphql_url, good[0], region, served.ca))
            break
    return "\n\n".join(part for part in parts if part) + "\n"


def api_rows(endpoint: Endpoint, project: Project, now: float) -> Rows:
    """Tell where an API is and what it has at `now`."""
    return [
        ("API", endpoint.api.name),
        ("GraphQL", endpoint.graphql_url),
        ("Realtime", endpoint.realtime_url),
        *key_rows(endpoint, now),
        *auth_rows(endpoint.api, project.keys, project.settings.unverified_issuer),
        *data_source_rows(endpoint.api),
    ]


def table(rows: Rows) -> str:
    """Align names and values; a repeated name is written once."""
    width = max((len(name) for name, _ in rows), default=0)
    lines, last = [], None
    for name, value in rows:
        shown = "" if name == last else name
        lines.append(f"  {shown:<{width}}  {value}")
        last = name
    return "\n".join(lines)


def key_rows(endpoint: Endpoint, now: float) -> Rows:
    """Give a row for every API key, and say which lets nobody in."""
    good = endpoint.keys(now)
    return [
        ("API key", key.key if key.key in good else f"{key.key} {_why_not(key, now)}")
        for key in endpoint.api.api_keys
    ]


def _why_not(key: ApiKey, now: float) -> str:
    if key.expires is not None and key.expires <= now:
        return f"(expired: Expires is {key.expires})"
    return "(of no use: API_KEY is no authorization mode of the API)"


def auth_rows(api: Api, keys: LocalKeys, unverified: Sequence[str]) -> Rows:
    """Name the authorization modes beside API keys, and whose tokens they trust."""
    rows = []
    for provider in providers(api):
        url = issuer_url(provider)
        text: str = provider.type
        if url is not None:
            text = f"{text}: {url}, {_keys_of(url, keys, unverified)}"
        if provider.type != "API_KEY":
            rows.append(("Authorization", text))
    return rows


def _keys_of(url: str, keys: LocalKeys, unverified: Sequence[str]) -> str:
    if same(url) in map(same, unverified):
        words = "SIGNATURES ARE NOT VERIFIED: anybody can make its tokens"
        return click.style(words, fg="red", bold=True)
    return f"with keys of {'this machine' if keys.has(url) else 'the issuer'}"


def data_source_rows(api: Api) -> Rows:
    """Tell how each data source is served."""
    return [
        ("Data sources", f"{config.name}: {_served_by(config.type, config.function)}")
        for config in api.data_sources.values()
    ]


def shortcomings(application: Application, lambdas: Lambdas) -> Iterator[str]:
    """Tell what of the project is not there or cannot run, a sentence each."""
    for api in application.apis:
        for config in api.data_sources.values():
            if config.type not in ("NONE", "AWS_LAMBDA"):
                fate = _served_by(config.type, config.function)
                yield f"The data source {config.name} of {api.name}: {fate}."
    for function in application.functions.values():
        problem = lambdas.runner_problem(function)
        if problem is not None:
            yield f"The function {function.name} cannot run: {problem}"
    for _, kind in not_run_rows(application):
        yield f"{kind} is not run."


def _served_by(kind: str, function: str | None) -> str:
    if kind == "NONE":
        return "NONE"
    if kind == "AWS_LAMBDA" and function is not None:
        return f"function {function.rpartition(':')[2]}"
    return f"{kind} is not emulated; its resolvers answer with an error"


def function_rows(application: Application, lambdas: Lambdas) -> Rows:
    """Tell for each function how it runs, or why it cannot."""
    rows = []
    for function in application.functions.values():
        text = f"{function.name}: {function.runtime} {function.handler}"
        problem = lambdas.runner_problem(function)
        rows.append(("Functions", f"{text} -- {problem}" if problem else text))
    return rows


def service_rows(project: Project) -> Rows:
    """Tell where SQS and what else functions use of AWS is, or why it is not there."""
    services = project.services
    if services is None:
        return []
    if services.problem is not None:
        return [("AWS services", f"none: {services.problem}")]
    variables = services.variables(project.application)
    return [("AWS services", f"{name}={url}") for name, url in variables.items()]


def token_rows(project: Project) -> Rows:
    """Tell where users of user pools sign in, and how else tokens are had."""
    services = project.services
    served = services is not None and "cognito-idp" in services.running
    place = f"userPoolEndpoint {project.base}{COGNITO}" if served else "no sign-in"
    rows = []
    for pool in project.application.user_pools.values():
        rows.append(("User pools", f"{pool.name}: {pool.id}, {place}"))
        rows += [("Clients", f"{one.name}: {one.id}") for one in pool.clients]
    if project.keys.issuers:
        rows.append(("Tokens", "appsync-emulator token --user NAME"))
    return rows


def queue_rows(application: Application) -> Rows:
    """Tell for each queue who works on it."""
    readers: dict[str, list[str]] = {arn: [] for arn in application.messaging.queues}
    for source in application.event_sources:
        off = "" if source.enabled else " (not enabled)"
        readers[source.queue].append(source.function + off)
    return [
        ("Queues", f"{queue.name}: {', '.join(readers[arn]) or 'no function'}")
        for arn, queue in application.messaging.queues.items()
    ]


def not_run_rows(application: Application) -> Rows:
    """Name the resource types that are left out, each once."""
    kinds = sorted({one.type for one in application.not_run})
    return [("Not run", kind) for kind in kinds]


def clients(url: str, key: str, region: str, ca: Path | None) -> str:
    """Give the lines to paste into Amplify, Apollo and gql.

    Args:
        url: for queries and mutations.
        key: lets clients in.
        region: as in the settings.
        ca: what they must trust for TLS, None when TLS is off.
    """
    host = url.split("/")[2]
    return f"""\
  Amplify (JS v6)
    Amplify.configure({{ API: {{ GraphQL: {{ endpoint: '{url}',
      region: '{region}', defaultAuthMode: 'apiKey', apiKey: '{key}' }} }} }})
    Amplify opens wss:// whatever the endpoint says, so {_way_out(url, ca)}
  Apollo
    createSubscriptionHandshakeLink({{ url: '{url}', region: '{region}',
      auth: {{ type: 'API_KEY', apiKey: '{key}' }} }}, httpLink)
  gql (Python)
    auth = AppSyncApiKeyAuthentication(host='{host}', api_key='{key}')
    AIOHTTPTransport(url='{url}', auth=auth)
    AppSyncWebsocketsTransport(url='{url.replace("http://", "ws://", 1)}', auth=auth)"""


def _way_out(url: str, ca: Path | None) -> str:
    """Tell how Amplify gets to the realtime endpoint."""
    upper = f"write the endpoint as '{url.replace('http://', 'HTTP://', 1)}'"
    if ca is None:
        return f"without TLS\n    {upper}."
    return f"""trust the CA:
      export NODE_EXTRA_CA_CERTS={quote(str(ca))}
    or {upper}, which needs no trust."""
