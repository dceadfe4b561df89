"""``newstagger serve`` as a process: one line at the start, several workers, a graceful stop; clear lines for what cannot be."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from newstagger.cli import run
from newstagger.errors import ConfigError
from newstagger.service import running
from newstagger.service.strength import expect_strong
from newstagger.settings import ServiceSettings, Settings

from .callers import KEY, article, bearer, courier, listening, until

SERVE = [sys.executable, "-m", "newstagger", "serve", "--port", "0", "--json"]


@contextmanager
def serving(folder, *options, **environ):
    """Run the service in a process group of its own and yield its process and what it says at the start."""
    told = [*SERVE, "--home", str(folder / "home"), *options]
    process = subprocess.Popen(
        told, cwd=folder, env={**os.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def healthy(client):
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_serves_counts_over_all_workers_and_stops_when_told(tmp_path, workers):
    (tmp_path / "newstagger.toml").write_text('[service.sites.courier]\nkeys = ["env:COURIER_KEY"]\n')
    with serving(tmp_path, "--workers", workers, COURIER_KEY=KEY) as (process, told):
        assert (told["workers"], told["sites"], told["pid"]) == (int(workers), ["courier"], process.pid)
        with httpx.Client(base_url=told["address"], timeout=60) as client:
            until(lambda: healthy(client), 60)
        for number in range(6):
            answer = httpx.post(f"{told['address']}/v1/tag", json=article(id=str(number), budget_ms=10_000), headers=bearer(), timeout=60)
            assert answer.status_code == 200
        figures = httpx.get(f"{told['address']}/metrics", headers=bearer(), timeout=60).text.splitlines()
        assert "newstagger_save_seconds_count 6.0" in figures
        assert sum(line.startswith("# TYPE newstagger_save_seconds ") for line in figures) == 1
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    assert KEY not in errors
    assert "Traceback" not in errors
    assert process.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "told_by"), [("1", signal.SIGTERM), ("1", signal.SIGINT), ("2", signal.SIGINT)])
def test_it_listens_when_it_says_so_and_a_stop_is_no_fault(tmp_path, workers, told_by):
    with serving(tmp_path, "--workers", workers) as (process, told):
        assert httpx.get(f"{told['address']}/healthz", timeout=60).status_code == 200
        process.send_signal(told_by)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in errors) == (0, False)


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_while_it_stops_newcomers_are_refused_at_once(tmp_path, workers):
    with serving(tmp_path, "--workers", workers) as (process, told):
        host, _, port = told["address"].removeprefix("http://").partition(":")
        address = host, int(port)
        with socket.create_connection(address) as line:
            line.sendall(b"POST /v1/tag HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            until(lambda: refuses(address), 5)
            assert process.poll() is None
            line.sendall(b'"id":12}')
            assert line.recv(65536).startswith(b"HTTP/1.1 422 ")


def refuses(address):
    try:
        socket.create_connection(address, 1).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_stop_lets_the_save_that_runs_be_answered_and_keeps_what_was_accepted(kit, script):
    answers = []
    script.meanwhile = lambda: time.sleep(1)
    with listening(kit, script) as (host, port):
        address = f"http://{host}:{port}/v1/tag"
        asking = threading.Thread(target=lambda: answers.append(httpx.post(address, json=article(), timeout=60)))
        asking.start()
        until(lambda: script.asked)
        assert httpx.post(address, json=article(id="late", budget_ms=0), timeout=60).status_code == 202
    asking.join()
    assert [answer.status_code for answer in answers] == [200]
    with listening(kit, script) as (host, port):
        until(lambda: httpx.get(f"http://{host}:{port}/v1/why?id=late").status_code == 200)


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["serve", "--home", str(tmp_path), "--port", str(port)]) == 2
    assert capsys.readouterr().err.strip() == (
        f"newstagger: 127.0.0.1:{port}: cannot listen: Address already in use (choose another --port, or stop who has it)"
    )


@pytest.mark.parametrize(
    ("host", "said"),
    [("no-such-host.invalid", "there is no such host"), ("x" * 80, "there is no such host"), ("192.0.2.1", "annot assign")],
)
def test_an_address_of_no_machine_or_another_is_told_as_such(host, said):
    told = ServiceSettings(host=host, port=1, sites={"courier": courier(ghost_secrets=())})
    with pytest.raises(ConfigError, match=said) as error:
        running.checked(Settings(service=told))
    assert str(error.value).endswith("(choose an address of this machine with --host)")
    assert len(str(error.value)) < 200


@pytest.mark.parametrize(
    ("weak", "said"),
    [
        ({"keys": ("k" * 15,)}, "a key is shorter than 16 characters (make one: openssl rand -hex 24)"),
        ({"keys": (KEY, "env:WEAK")}, "a key is shorter than 16 characters"),
        ({"secrets": ("whsec_MTIzNDU2Nzg5MDEyMzQ1",)}, "a secret is shorter than 16 bytes"),
        ({"ghost_secrets": ("g" * 15,)}, "a Ghost secret is shorter than 16 bytes"),
    ],
)
def test_a_key_that_could_be_guessed_is_refused_and_not_quoted(weak, said):
    strong = courier(ghost_secrets=("g" * 16,), keys=("k" * 16,), secrets=("whsec_MTIzNDU2Nzg5MDEyMzQ1Ng==",))
    expect_strong(ServiceSettings(sites={"courier": strong}))
    told = ServiceSettings(sites={"courier": replace(strong, **weak)})
    with pytest.raises(ConfigError) as error:
        expect_strong(told, {"WEAK": "weak"})
    assert str(error.value).startswith(f"service.sites.courier: {said}")
    assert not any(one in str(error.value) for values in weak.values() for one in values)


def test_nothing_listens_with_a_weak_key(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newstagger.toml").write_text('[service.sites.courier]\nkeys = ["short"]\n')
    assert run(["serve", "--home", str(tmp_path), "--port", "0"]) == 2
    assert "service.sites.courier: a key is shorter than 16 characters" in capsys.readouterr().err


def test_an_address_that_others_reach_is_refused_without_keys(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["serve", "--home", str(tmp_path), "--host", "0.0.0.0"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "'0.0.0.0' can be reached from elsewhere, and no site has a key" in said


def test_a_key_that_the_environment_lacks_is_told_before_anything_listens(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newstagger.toml").write_text('[service.sites.courier]\nkeys = ["env:NO_SUCH_KEY"]\n')
    assert run(["serve", "--home", str(tmp_path), "--port", "0"]) == 2
    assert "service.sites.courier: the environment holds no NO_SUCH_KEY (set NO_SUCH_KEY" in capsys.readouterr().err


def test_without_the_extra_one_line_says_what_to_install(capsys, monkeypatch):
    from newstagger.cli import serve

    monkeypatch.setattr(serve, "NEEDED", ("fastapi", "no_such_package"))
    assert run(["serve"]) == 2
    assert capsys.readouterr().err == "newstagger: the service needs no_such_package (pip install 'newstagger[service]')\n"


def test_the_document_is_printed_without_serving(tmp_path, capsys):
    assert run(["serve", "--home", str(tmp_path), "--openapi"]) == 0
    assert json.loads(capsys.readouterr().out)["openapi"].startswith("3.1")


def test_importing_and_tagging_load_nothing_of_the_service(samples, tmp_path):
    code = (
        "import sys\nimport newstagger, newstagger.host\nfrom newstagger.cli import run\nassert run(sys.argv[1:]) == 0\n"
        "extra = {'fastapi', 'starlette', 'pydantic', 'uvicorn', 'httpx', 'prometheus_client'}\n"
        "told = extra & {name.split('.')[0] for name in sys.modules}\n"
        "told |= {name for name in sys.modules if name.startswith('newstagger.service.')}\nassert not told, told"
    )
    words = ["tag", str(samples / "meridian-telescope.html"), "--json", "--home", str(tmp_path)]
    subprocess.run([sys.executable, "-c", code, *words], check=True, capture_output=True)
