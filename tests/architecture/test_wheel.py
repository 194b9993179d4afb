"""The built wheel alone, in a clean environment, without a network, answers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bounceback.cli.command_table import BY_NAME

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "tests" / "cases" / "step1-us-md-wobbly.toml"

DAY = ["--on", "2026-11-22"]
QUESTIONS = {
    "replan": ["replan", "me.toml", "--from", "monday.json", *DAY],
    "lookback": ["lookback", "me.toml"],
    "checks": ["checks"],
    "recalibrate": ["recalibrate", ".", *DAY],
    "simulate": ["simulate", "--learners", "20", "--out", "learners"],
    "case": ["case", "check", "me.toml"],
    "log": ["log", "study", "me.toml", "--minutes", "30", "--activity", "cards"],
    "read": [
        "read",
        str(ROOT / "tests/records/importers/files/sections-with-total.txt"),
        "--exam",
        "usmle-step-1",
        *DAY,
    ],
    "cards": ["cards", "inspect", str(ROOT / "tests/flashcards/anki/fixtures/utc-latest.apkg")],
    "facts": ["facts", "show", "usmle-step-1.pass-mark", "--on", "2027-02-10"],
    "serve": ["serve", "--help"],  # it runs until it is stopped: its own test below
    "demo": ["demo", "--help"],
    "support": ["support", "--country", "US"],
}
"""One question to each command; those that are not named here are asked for a case on a day."""

OF_THE_LAB = ("recalibrate", "simulate")
"""Commands of an extra, which the clean environment does not have."""


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    # Nothing of the repository's own environment may leak into the clean one.
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def without_network() -> list[str]:
    """Return the words that run a command with no network interface but loopback.

    None where the system lets nobody take them away (many containers, and Ubuntu for those who are
    not root); ``NO_NETWORK`` then stands alone.
    """
    for words in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        if shutil.which("unshare") and run(*words, "true").returncode == 0:
            return words
    return []


NO_NETWORK = """
import sys

HERE = (None, "", "localhost", "127.0.0.1", "::1")


def refuse(event, words):
    if event == "socket.getaddrinfo" and words[0] not in HERE:
        raise SystemExit("asked for the address of a host")
    if event == "socket.connect" and isinstance(words[1], tuple) and words[1][0] not in HERE:
        raise SystemExit("asked for a connection to a host")


sys.addaudithook(refuse)
"""
"""Loaded by every process of the clean environment: reaching for another machine ends it."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel and what the run lock names, in an environment of their own."""
    environment = tmp_path_factory.mktemp("clean") / "environment"
    assert run(sys.executable, "-m", "venv", "--without-pip", environment).returncode == 0
    python = environment / "bin" / "python"
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python]
    lock = ["--require-hashes", "--requirement", ROOT / "requirements" / "run.lock"]
    # What setup fetched is still at hand; where pip did it, uv fetches once more.
    if run(*uv, "--offline", *lock).returncode != 0:
        installed = run(*uv, *lock)
        assert installed.returncode == 0, installed.stderr
    installed = run(*uv, "--offline", "--no-deps", wheel)
    assert installed.returncode == 0, installed.stderr
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "no_network.py").write_text(NO_NETWORK, encoding="utf-8")
    (packages / "no_network.pth").write_text("import no_network\n", encoding="utf-8")
    return environment / "bin" / "bounceback"


def test_the_wheel_holds_the_program_its_data_and_nothing_of_the_workshop(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    source = ROOT / "src"
    data = [
        path.relative_to(source).as_posix()
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert sorted(set(data) - set(names)) == []
    strangers = [name for name in names if not name.startswith("bounceback")]
    assert strangers == []


@pytest.mark.parametrize("name", BY_NAME)
def test_every_command_answers_outside_the_repository_without_network(
    name: str, program: Path, tmp_path: Path
) -> None:
    shutil.copy(CASE, tmp_path / "me.toml")
    (tmp_path / "me.toml").chmod(0o600)
    if name == "replan":
        monday = run(*without_network(), program, "plan", "me.toml", "--json", *DAY, cwd=tmp_path)
        (tmp_path / "monday.json").write_text(monday.stdout, encoding="utf-8")
    words = QUESTIONS.get(name, [name, "me.toml", *DAY])
    done = run(*without_network(), program, *words, cwd=tmp_path)
    if name in OF_THE_LAB:
        assert done.returncode == 2
        assert done.stdout == ""
        assert "pip install 'bounceback[lab]'" in done.stderr
        return
    assert done.returncode == 0, done.stderr
    assert done.stdout != ""
    assert done.stderr == ""


# Runs where only loopback is left, and that is down until somebody raises it.
SERVE_AND_ASK = """
import contextlib, fcntl, http.client, signal, socket, struct, subprocess, sys, time

with contextlib.suppress(PermissionError), socket.socket() as s:
    up = struct.pack("16sh14x", b"lo", 0x1 | 0x40)  # IFF_UP, IFF_RUNNING
    fcntl.ioctl(s, 0x8914, up)  # SIOCSIFFLAGS
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    port = s.getsockname()[1]
server = subprocess.Popen([sys.argv[1], "demo", "--port", str(port)], stdout=subprocess.PIPE)
server.stdout.readline()
while server.poll() is None:  # it may take its time, but must not have ended
    try:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=240)
        asked.request("GET", sys.argv[2])
        answer = asked.getresponse()
        print(answer.status, answer.read().decode())
        break
    except ConnectionRefusedError:
        time.sleep(0.05)
server.send_signal(signal.SIGINT)
sys.exit(server.wait())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="raises loopback as Linux does")
def test_the_wheel_alone_serves_the_pages_without_network(program: Path, tmp_path: Path) -> None:
    script = tmp_path / "serve_and_ask.py"
    script.write_text(SERVE_AND_ASK, encoding="utf-8")
    python = program.with_name("python")
    done = run(*without_network(), python, script, program, "/chances/", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("200 ")
    assert "<h1>Your chances by date</h1>" in done.stdout


@pytest.mark.parametrize("reach", ["getaddrinfo('example.org', 80)", "create_connection(HOST)"])
def test_a_program_that_reaches_for_the_network_is_seen(reach: str, program: Path) -> None:
    python = program.with_name("python")
    script = f"import socket; HOST = ('192.0.2.1', 80); socket.{reach}"
    done = run(python, "-c", script)
    assert done.returncode == 1
    assert done.stderr.startswith("asked for")


def test_the_network_is_really_away() -> None:
    words = without_network()
    if not words:
        pytest.skip("this system lets nobody take a network interface away")
    interfaces = "import socket; print(*[name for _, name in socket.if_nameindex()])"
    done = run(*words, sys.executable, "-c", interfaces)
    assert done.stdout.split() == ["lo"]
