"""What is listened on, and where clients and functions are told to go."""

import json
from pathlib import Path

import pytest
import yaml

from appsync_emulator.errors import EmulatorError
from appsync_emulator.server.serving import Project, find_certificates
from appsync_emulator.settings import Settings
from support import inline_python, template

pytestmark = pytest.mark.ours("how the emulator is reached")

HOSTS = {
    "": "localhost",
    "localhost": "localhost",
    "0.0.0.0": "localhost",
    "::": "localhost",
    "127.0.0.1": "localhost",
    "::1": "localhost",
    "192.168.1.5": "192.168.1.5",
    "dev.example.test": "dev.example.test",
    "fd00::5": "[fd00::5]",
}


def api(folder: Path) -> Path:
    url = {"Fn::GetAtt": ["Api", "GraphQLUrl"]}
    function = inline_python("", Environment={"Variables": {"URL": url}})
    path = folder / "template.yaml"
    content = template("type Query { hello: String }", functions={"fn": function})
    path.write_text(yaml.safe_dump(content))
    return path


@pytest.mark.parametrize("host", HOSTS)
def test_clients_and_functions_are_sent_to_what_is_listened_on(
    tmp_path: Path, host: str
) -> None:
    project = Project([api(tmp_path)], Settings(host=host), 20002)
    (endpoint,) = project.endpoints
    assert endpoint.graphql_url == f"http://{HOSTS[host]}:20002/graphql"
    assert endpoint.realtime_url == f"ws://{HOSTS[host]}:20002/graphql/realtime"
    environment = project.application.functions["fn"].environment
    assert environment["URL"] == endpoint.graphql_url
    assert environment["OPENAI_BASE_URL"] == f"http://{HOSTS[host]}:20002/v1"


def test_no_host_is_this_machine_alone(tmp_path: Path) -> None:
    project = Project.open([api(tmp_path)], Settings(host="", port=0))
    addresses = set()
    for one in project.sockets:
        addresses.add(one.getsockname()[0])
        one.close()
    assert "127.0.0.1" in addresses
    assert addresses <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_an_address_of_another_machine_is_named(tmp_path: Path, host: str) -> None:
    with pytest.raises(EmulatorError, match=f"E102 .*{host}, port 0"):
        Project.open([api(tmp_path)], Settings(host=host, port=0))


def test_an_address_is_in_the_certificate(tmp_path: Path) -> None:
    settings = Settings(host="192.168.1.5", data_dir=str(tmp_path))
    certificates = find_certificates(settings)
    assert certificates is not None
    about = json.loads(certificates.server.with_name("server.json").read_text())
    assert "192.168.1.5" in about["names"]
