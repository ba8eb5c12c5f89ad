"""Docker's files say the same as devstack, which the other tests run for real."""

import json
import re
import shlex
from typing import Any

import pytest
import yaml

from devstack.application import BEAT, WEB, WORKER
from devstack.places import CHECKOUT
from devstack.postgres import INITDB_ARGUMENTS, MAJOR, SETTINGS, SUPERUSER
from devstack.valkey import DURABILITY

Compose = dict[str, Any]
APPLICATION = ("migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def services() -> Compose:
    text = (CHECKOUT / "docker-compose.yml").read_text()
    found = yaml.safe_load(text)["services"]
    assert isinstance(found, dict)
    return found


def instructions() -> list[tuple[str, str]]:
    text = (CHECKOUT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in lines]


def test_the_services(services: Compose) -> None:
    assert sorted(services) == [
        *("beat", "migrate", "postgres", "redis", "web", "worker"),
    ]


@pytest.mark.parametrize("name", APPLICATION)
def test_the_application_has_no_rights_it_does_not_need(
    services: Compose, name: str
) -> None:
    service = services[name]
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["image"] == "keepwell"


def test_secrets_have_no_defaults(services: Compose) -> None:
    environment = services["web"]["environment"]
    for name in ("KEEPWELL_SECRET_KEY", "DATABASE_URL", "KEEPWELL_ALLOWED_HOSTS"):
        assert ":?" in environment[name], name
    for name in ("POSTGRES_PASSWORD", "KEEPWELL_PASSWORD"):
        assert ":?" in services["postgres"]["environment"][name], name
    assert environment["KEEPWELL_HTTPS"] == "${KEEPWELL_HTTPS:-1}"


def test_the_same_commands(services: Compose) -> None:
    web = services["web"]["command"]
    assert web[: len(WEB)] == list(WEB)
    assert web[len(WEB) :] == ["--worker-tmp-dir", "/dev/shm", "--bind", "0.0.0.0:8000"]  # noqa: S108
    assert services["worker"]["command"] == list(WORKER)
    assert services["beat"]["command"] == [*BEAT, "-s", "/tmp/beat"]  # noqa: S108


def test_the_same_postgres(services: Compose) -> None:
    postgres = services["postgres"]
    assert postgres["image"] == f"postgres:{MAJOR}"
    arguments = postgres["environment"]["POSTGRES_INITDB_ARGS"]
    assert shlex.split(arguments) == list(INITDB_ARGUMENTS)
    program, *flags = postgres["command"]
    assert program == "postgres"
    assert set(flags[::2]) == {"-c"}
    assert dict(flag.split("=") for flag in flags[1::2]) == SETTINGS
    assert postgres["stop_signal"] == "SIGINT"
    # From 18 on the image keeps its data one folder higher.
    assert "postgres:/var/lib/postgresql" in postgres["volumes"]


def test_the_application_is_no_superuser(services: Compose) -> None:
    postgres = services["postgres"]
    assert postgres["environment"]["POSTGRES_USER"] == SUPERUSER
    administrators = postgres["environment"]["POSTGRES_PASSWORD"]
    applications = postgres["environment"]["KEEPWELL_PASSWORD"]
    assert administrators != applications
    assert applications in services["web"]["environment"]["DATABASE_URL"]
    assert administrators not in str({name: services[name] for name in APPLICATION})
    mounted = dict(line.split(":")[:2] for line in postgres["volumes"])
    assert mounted["./devstack/audit_role.sql"] == "/keepwell/audit_role.sql"
    start = mounted["./devstack/first_start.sh"]
    assert start == "/docker-entrypoint-initdb.d/keepwell.sh"
    assert services["worker"]["volumes"] == ["notes:/var/lib/keepwell"]


def test_the_image_can_note_the_end_of_the_audit_log(services: Compose) -> None:
    runs = " ".join(text for word, text in instructions() if word == "RUN")
    assert "install -d -o 10001 -g 10001 /var/lib/keepwell" in runs
    heads = services["worker"]["environment"]["KEEPWELL_AUDIT_HEADS"]
    assert heads == "/var/lib/keepwell/audit_heads"


def test_the_same_redis(services: Compose) -> None:
    redis = services["redis"]
    assert redis["command"] == ["valkey-server", *DURABILITY, "--save", ""]
    assert {"--appendonly", "noeviction"} < set(redis["command"])
    assert redis["volumes"] == ["redis:/data"]


def test_everything_that_stays_has_a_health_check(services: Compose) -> None:
    for name, service in services.items():
        check = service["healthcheck"]
        assert bool(check.get("test")) is (name != "migrate"), name


def test_nothing_starts_before_its_tables(services: Compose) -> None:
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "postgres": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
        }


def test_only_this_machine_reaches_the_port(services: Compose) -> None:
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]
    others = {name for name, service in services.items() if "ports" in service}
    assert others == {"web"}


def test_the_image_runs_as_nobody_in_particular() -> None:
    found = instructions()
    last_stage = found[max(i for i, (word, _) in enumerate(found) if word == "FROM") :]
    words = [word for word, _ in last_stage]
    assert dict(last_stage)["USER"] == "10001:10001"
    assert words.index("USER") < words.index("CMD")
    assert "HEALTHCHECK" in words
    assert words.index("USER") > max(i for i, w in enumerate(words) if w == "RUN")


def test_the_image_starts_the_web_server(services: Compose) -> None:
    assert json.loads(dict(instructions())["CMD"]) == services["web"]["command"]


def test_the_image_and_compose_ask_the_same_question(services: Compose) -> None:
    asked = dict(instructions())["HEALTHCHECK"].split("CMD ", 1)[1]
    assert ["CMD", *json.loads(asked)] == services["web"]["healthcheck"]["test"]
    assert "/healthz/ready" in asked


def test_the_image_checks_every_package() -> None:
    runs = " ".join(text for word, text in instructions() if word == "RUN")
    assert "--require-hashes -r requirements.txt" in runs


def test_every_app_is_in_the_image() -> None:
    allowed = set(
        re.findall(r"^!(\S+)$", (CHECKOUT / ".dockerignore").read_text(), re.MULTILINE)
    )
    apps = {path.parent.name for path in CHECKOUT.glob("*/apps.py")}
    assert apps <= allowed
    assert {"config", "manage.py", "requirements.txt", "locale"} <= allowed
    assert not {"var", "tests", ".venv", ".git"} & allowed
