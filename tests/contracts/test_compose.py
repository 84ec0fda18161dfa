"""docker-compose.yml is valid, and keeps the rules of an office's server; no engine is needed."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import compose
import pytest

from flows.machine import env_file
from flows.machine.postgres import embedded

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
# Not the script of the package: it ends in 0 whatever Compose says.
BINARY = Path(compose.__file__).with_name("docker-compose")
ONE_SHOT = {"migrate", "deployments", "dashboards"}
MEMORY = 4 * 2**30


def configured(folder: Path, changes: str = "", *, project: Path = ROOT) -> dict:
    """Let Docker Compose itself read the file, with an .env as `make env` writes it."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    (folder / ".env").write_text(env_file.filled(example, 1234) + changes, encoding="utf-8")
    done = compose_config(folder, project)
    assert done.returncode == 0, done.stderr
    assert "level=warning" not in done.stderr, done.stderr
    return json.loads(done.stdout)


def compose_config(folder: Path, project: Path) -> subprocess.CompletedProcess[str]:
    """Let Docker Compose read the file with the .env of a folder."""
    return subprocess.run(
        [
            BINARY, "--env-file", folder / ".env", "--file", COMPOSE,
            "--project-directory", project, "config", "--format", "json",
        ],
        capture_output=True, text=True, check=False,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return configured(tmp_path_factory.mktemp("compose"))


@pytest.fixture(scope="module")
def services(project: dict) -> dict:
    return project["services"]


def test_compose_refuses_to_start_without_an_env_file(tmp_path: Path):
    (tmp_path / ".env").write_text("")
    done = compose_config(tmp_path, ROOT)
    assert done.returncode != 0
    assert "make env" in done.stderr


def test_an_older_env_file_is_refused_until_make_env_has_added_what_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    (tmp_path / ".env.example").write_text(example, encoding="utf-8")
    whole = env_file.filled(example, 1234) + "IKU_NOTIFY='json://x?a=$b'\nLAIN=milik kami"
    older = re.sub(r"^(PREFECT_PASSWORD|PREFECT_ADDRESS|JOBS_SUBNET)=.*\n", "", whole, flags=re.M)
    (tmp_path / ".env").write_text(older, encoding="utf-8")
    refused = compose_config(tmp_path, ROOT)
    assert refused.returncode != 0
    assert "PREFECT_PASSWORD is missing a value: Jalankan make env" in refused.stderr

    assert env_file.main(tmp_path) == 0
    said = capsys.readouterr().out
    assert "ditambah PREFECT_PASSWORD, PREFECT_ADDRESS, JOBS_SUBNET; yang lain" in said
    added = (tmp_path / ".env").read_text(encoding="utf-8")
    assert added.startswith(older + "\n")
    assert re.search(r"^PREFECT_PASSWORD=[\w-]{32}$", added, re.MULTILINE)
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    assert compose_config(tmp_path, ROOT).returncode == 0
    left = {path.name for path in tmp_path.iterdir()} - set(env_file.FOLDERS)
    assert left == {".env", ".env.example"}


def test_every_image_is_pinned_to_a_full_version(services):
    for name, service in services.items():
        assert re.search(r":v?\d+\.\d+[\w.-]*$", service["image"]), (name, service["image"])
    base = re.search(r"^FROM (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert base
    assert re.search(r":\d+\.\d+\.\d+-", base[1])


def test_every_variable_is_in_the_example():
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE.read_text(encoding="utf-8")))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    offered = set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert used == offered


def test_every_service_has_a_health_check_or_runs_once(services):
    for name, service in services.items():
        if name in ONE_SHOT:
            assert service["restart"] == "no", name
        else:
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name


def test_what_a_service_waits_for_can_come(services):
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
            assert how["condition"] == wanted, (name, other)


def reached(services: dict, name: str) -> set[str]:
    """Return the services that share a network with one."""
    own = set(services[name]["networks"])
    return {other for other, s in services.items() if own & set(s["networks"])} - {name}


def test_from_what_people_see_neither_prefect_nor_migrations_are_in_reach(services):
    assert all(service["networks"] for service in services.values())
    assert reached(services, "proxy") == {"metabase", "dashboards", "worker"}
    assert reached(services, "metabase") == {"proxy", "dashboards", "worker", "postgres"}
    assert services["worker"]["environment"]["PREFECT_WORKER_WEBSERVER_HOST"] == "127.0.0.1"


def test_from_metabases_network_only_its_own_roles_log_in(project):
    (jobs,) = project["networks"]["jobs"]["ipam"]["config"]
    lines = [line.split() for line in project["configs"]["logins"]["content"].splitlines()]
    assert lines[0] == ["local", "all", "all", "trust"]
    assert {tuple(line[1:]) for line in lines[1:]} == {
        ("all", "all", "127.0.0.1/32", "scram-sha-256"),
        ("all", "all", jobs["subnet"], "scram-sha-256"),
        ("metabase", "metabase", "samenet", "scram-sha-256"),
        ("iku", "metabase_reader", "samenet", "scram-sha-256"),
    }
    postgres = project["services"]["postgres"]
    assert [one["target"] for one in postgres["configs"]] == ["/etc/postgresql/pg_hba.conf"]
    assert "hba_file=/etc/postgresql/pg_hba.conf" in postgres["command"]


def test_prefect_asks_for_a_password_and_whoever_needs_it_has_it(services):
    asked = services["prefect"]["environment"]["PREFECT_SERVER_API_AUTH_STRING"]
    assert re.fullmatch(r"iku:[\w-]{32}", asked)
    knows = {
        name
        for name, service in services.items()
        if service.get("environment", {}).get("PREFECT_API_AUTH_STRING") == asked
    }
    assert knows == {"deployments", "worker", "watch"}
    origins = services["prefect"]["environment"]["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"]
    assert origins == "http://127.0.0.1:4200"


def test_prefect_is_not_published_with_metabase(tmp_path: Path):
    opened = configured(tmp_path, "PUBLISH_ADDRESS=10.1.2.3\n")["services"]
    assert [port["host_ip"] for port in opened["proxy"]["ports"]] == ["10.1.2.3"]
    assert [port["host_ip"] for port in opened["prefect"]["ports"]] == ["127.0.0.1"]


def holders(services: dict, secret: str) -> set[str]:
    """Return the services to which a secret is given, in whatever variable."""
    return {name for name, s in services.items() if secret in json.dumps(s.get("environment", {}))}


def test_a_secret_is_given_where_it_is_needed(services, project):
    given = services["migrate"]["environment"]
    superuser = services["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert holders(services, superuser) == {"postgres", "migrate"}
    assert holders(services, given["IKU_PSEUDONYM_KEY"]) == {"migrate", "worker"}
    for name in ("deployments", "worker", "watch", "dashboards"):
        url = services[name]["environment"]["IKU_DATABASE_URL"]
        writer = given["IKU_WRITER_PASSWORD"]
        assert url == f"postgresql://iku_writer:{writer}@postgres:5432/iku", name


def test_postgres_keeps_rows_out_of_its_log_as_the_embedded_one_does(services):
    quiet = [word for word in embedded.SETTINGS.split() if word.startswith("log_min_")]
    assert len(quiet) == 2
    for setting in quiet:
        at = services["postgres"]["command"].index(setting)
        assert services["postgres"]["command"][at - 1] == "-c"


def test_what_needs_not_write_cannot(services):
    fixed = {name for name, service in services.items() if service.get("read_only")}
    assert fixed == {"migrate", "prefect", "deployments", "watch", "dashboards", "proxy"}
    for name, service in services.items():
        if name not in ("postgres", "metabase"):
            assert service["security_opt"] == ["no-new-privileges:true"], name


def test_only_prefect_and_the_proxy_publish_and_on_loopback(services):
    published = {
        name: [port.get("host_ip") for port in service["ports"]]
        for name, service in services.items()
        if service.get("ports")
    }
    assert published == {"prefect": ["127.0.0.1"], "proxy": ["127.0.0.1"]}


def test_metabase_is_published_only_after_the_dashboards_are_in(services):
    assert services["proxy"]["depends_on"]["dashboards"]["condition"] == (
        "service_completed_successfully"
    )
    assert "ports" not in services["metabase"]


def test_metabase_speaks_indonesian_and_tells_nobody(services):
    given = services["metabase"]["environment"]
    assert given["MB_SITE_LOCALE"] == "id"
    assert given["MB_REPORT_TIMEZONE"] == "Asia/Jakarta"
    assert given["MB_ANON_TRACKING_ENABLED"] == "false"
    assert given["MB_DB_TYPE"] == "postgres"


def test_the_services_that_stay_fit_the_machine(services):
    staying = {name: s for name, s in services.items() if name not in ONE_SHOT}
    limits = {n: int(s["deploy"]["resources"]["limits"]["memory"]) for n, s in staying.items()}
    assert sum(limits.values()) <= MEMORY, limits
    assert all(float(s["deploy"]["resources"]["limits"]["cpus"]) <= 2 for s in services.values())


def test_no_secret_is_written_in_the_files(services):
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name, value in re.findall(r"^(\w*(?:PASSWORD|KEY))=(.*)$", example, re.MULTILINE):
        assert value == env_file.RANDOM, name
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASS|KEY", name):
                assert len(value) >= 32, name


def test_the_secrets_of_the_doors_reach_the_worker_alone(tmp_path: Path):
    given = "IKU_SKM_PASSWORD='rahasia $HOME'\nIKU_DATABASE=lain\n"
    (tmp_path / ".env.doors").write_text(given, encoding="utf-8")
    found = configured(tmp_path, project=tmp_path)["services"]
    worker = found["worker"]["environment"]
    assert worker["IKU_SKM_PASSWORD"] == "rahasia $$HOME"  # as Compose writes a dollar
    assert worker["IKU_DATABASE"] == "iku"
    others = [name for name in found if "IKU_SKM_PASSWORD" in found[name].get("environment", {})]
    assert others == ["worker"]


def test_every_folder_of_the_example_is_seen_by_the_worker(services):
    example = tomllib.loads((ROOT / "config/kanreg-06.toml.example").read_text(encoding="utf-8"))
    feeds = example["sources"].values()
    paths = [feed["address"] for feed in feeds if feed.get("door") == "folder"]
    paths += [feed["employees"] for feed in feeds if "employees" in feed]
    seen = [mount["target"] for mount in services["worker"]["volumes"]]
    assert len(paths) >= 2
    assert all(any(Path(path).is_relative_to(target) for target in seen) for path in paths)
    sources = {Path(m["source"]).name for m in services["worker"]["volumes"] if m["type"] == "bind"}
    assert sources == set(env_file.FOLDERS)  # so `make env` has made them


def test_each_database_has_a_role_of_its_own(services):
    assert services["metabase"]["environment"]["MB_DB_USER"] == "metabase"
    url = services["prefect"]["environment"]["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    assert re.match(r"postgresql\+asyncpg://prefect:[\w-]{32}@postgres:5432/prefect$", url)


def test_prefects_page_can_be_unpacked_and_asks_the_address_under_which_it_was_found(services):
    given = services["prefect"]["environment"]
    (volume,) = [mount["target"] for mount in services["prefect"]["volumes"]]
    assert Path(given["PREFECT_SERVER_UI_STATIC_DIRECTORY"]).is_relative_to(volume)
    assert given["PREFECT_UI_API_URL"] == "/api"


def test_the_program_runs_as_an_ordinary_user(services):
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert lines.index("USER iku") < next(i for i, x in enumerate(lines) if x.startswith("CMD"))
    assert services["worker"]["build"]["args"] == {"UID": "1234"}
    assert services["worker"]["cap_drop"] == ["ALL"]


def test_make_env_writes_random_values_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / ".env.example").write_text((ROOT / ".env.example").read_text(encoding="utf-8"))
    assert env_file.main(tmp_path) == 0
    first = (tmp_path / ".env").read_text()
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    assert env_file.main(tmp_path) == 0
    assert (tmp_path / ".env").read_text() == first
    assert "sudah ada dan tidak diubah" in capsys.readouterr().out
    (tmp_path / ".env").unlink()
    env_file.main(tmp_path)
    assert (tmp_path / ".env").read_text() != first
