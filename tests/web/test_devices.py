"""Pairing a phone: a code for one use, a list, a way to remove it; all else is refused."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from bounceback_web.devices import pairing, phone_access
from bounceback_web.devices.models import Device, PairingCode
from bounceback_web.records import learner_store
from tests.web_browser.serving import PATIENCE_S, free_port, wait_until_listening

SECOND = "127.0.0.2"
"""A second loopback address stands for the home network."""


def test_a_code_pairs_one_device_once(kept: learner_store.Kept) -> None:
    code = pairing.new_code()
    assert len(code) == pairing.CODE_LENGTH
    assert pairing.pair(f" {code[:4].lower()}-{code[4:]} ", "iPhone") is not None
    assert pairing.pair(code, "iPhone") is None
    assert Device.objects.count() == 1


def test_a_code_ends_after_five_wrong_tries_and_after_ten_minutes(
    kept: learner_store.Kept, settings: Any
) -> None:
    code = pairing.new_code()
    for _try in range(pairing.MOST_FAILURES):
        assert pairing.pair("AAAA AAAA", "x") is None
    assert pairing.pair(code, "x") is None
    code = pairing.new_code()
    PairingCode.objects.update(made_at=PairingCode.objects.get().made_at - timedelta(minutes=11))
    assert pairing.pair(code, "x") is None
    assert not Device.objects.exists()


def test_secrets_are_kept_as_digests(kept: learner_store.Kept) -> None:
    code = pairing.new_code()
    assert code not in PairingCode.objects.get().digest
    secret = pairing.pair(code, "iPhone")
    assert secret is not None
    assert secret not in Device.objects.get().digest


class TestPhone:
    @pytest.fixture
    def phone(self, settings: Any, kept: learner_store.Kept) -> Client:
        settings.PHONE_LISTENER = True
        settings.ALLOWED_HOSTS = ["192.168.1.7"]
        return Client(headers={"host": "192.168.1.7:8000", "user-agent": "iPhone"})

    def test_only_a_paired_device_sees_a_page(self, phone: Client) -> None:
        for address in ("/", "/chances/", "/you/export/tables.zip", "/worker.js", "/feed/x/"):
            assert phone.get(address).status_code == 401, address
        assert phone.get("/pair/").status_code == 200
        assert phone.post("/pair/", {"code": "WRONG"}).status_code == 422
        answer = phone.post("/pair/", {"code": pairing.new_code()})
        assert answer.status_code == 302
        assert answer.cookies[pairing.COOKIE]["httponly"]
        assert answer.cookies[pairing.COOKIE]["samesite"] == "Strict"
        assert phone.get("/").status_code == 200
        assert Device.objects.get().name == "iPhone"

    def test_opening_the_address_alone_pairs_nothing(self, phone: Client) -> None:
        phone.get("/pair/", {"code": pairing.new_code()})
        assert not Device.objects.exists()

    def test_a_removed_device_is_out_and_devices_are_managed_at_the_computer(
        self, phone: Client
    ) -> None:
        phone.post("/pair/", {"code": pairing.new_code()})
        assert phone.get("/devices/").status_code == 403
        assert phone.post("/devices/switch/", {"phone": "on"}).status_code == 403
        pairing.revoke(Device.objects.get().pk)
        assert phone.get("/").status_code == 401

    def test_another_host_is_refused(self, phone: Client) -> None:
        assert phone.get("/pair/", headers={"host": "evil.example"}).status_code == 400


def test_the_switch_is_off_at_first_and_off_again_by_itself(
    browser: Client, send: Any, kept: learner_store.Kept, settings: Any
) -> None:
    home = Path(settings.HOME)
    phone_access.close(home)
    assert b"Phone access is off" in browser.get("/devices/").content
    send("/devices/switch/", phone="on")
    now = datetime.now(UTC)
    assert phone_access.is_open(home, now)
    assert not phone_access.is_open(home, now + phone_access.HOLDS)
    assert not phone_access.is_open(home, now - timedelta(days=1))  # a clock that was set back
    with time_machine.travel(now + phone_access.HOLDS, tick=False):
        assert b"Phone access is off" in browser.get("/devices/").content
    send("/devices/switch/", phone="off")
    assert not phone_access.is_open(home, now)


def test_the_code_is_shown_as_a_picture(
    browser: Client, send: Any, kept: learner_store.Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(phone_access.ADDRESS_VARIABLE, SECOND)
    monkeypatch.setenv("BOUNCEBACK_PORT", "8000")
    send("/devices/switch/", phone="on")
    page = send("/devices/code/").content.decode()
    assert "<svg" in page
    assert f"http://{SECOND}:8000" in page
    assert PairingCode.objects.count() == 1


@pytest.mark.parametrize("address", ["8.8.8.8", "0.0.0.0", "nonsense", "224.0.0.1"])
def test_a_public_address_is_never_opened(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(phone_access.ADDRESS_VARIABLE, address)
    assert phone_access.home_address() is None


def test_the_manifest_names_icons_that_are_there(browser: Client) -> None:
    manifest = browser.get("/manifest.webmanifest").json()
    from django.contrib.staticfiles import finders

    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon


# --- a real server at two addresses -------------------------------------------------------------


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int, Path]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bounceback.cli", "serve", "--port", str(port), "--phone"],
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "BOUNCEBACK_HOME": str(tmp_path),
            phone_access.ADDRESS_VARIABLE: SECOND,
        },
    )
    yield process, port, tmp_path
    if process.poll() is None:
        process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def ask(address: str, port: int, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection(address, port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def answers(address: str, port: int) -> bool:
    try:
        return ask(address, port, "/health") == 200
    except OSError:
        return False


def wait_for(address: str, port: int, *, there: bool) -> None:
    end = time.monotonic() + PATIENCE_S
    while answers(address, port) != there:
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a second loopback address")
def test_the_home_network_is_opened_and_closed_while_the_app_runs(
    served: tuple[subprocess.Popen[str], int, Path],
) -> None:
    process, port, home = served
    wait_until_listening(port, process)
    wait_for(SECOND, port, there=True)
    assert ask(SECOND, port, "/") == 401
    assert ask(SECOND, port, "/pair/") == 200
    assert ask(SECOND, port, "/pair/", Host=f"127.0.0.1:{port}") == 400
    assert ask("127.0.0.1", port, "/", Host=f"{SECOND}:{port}") == 400
    phone_access.close(home)
    wait_for(SECOND, port, there=False)
    assert answers("127.0.0.1", port)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=PATIENCE_S) == 0
    assert phone_access.open_until(home) is None
