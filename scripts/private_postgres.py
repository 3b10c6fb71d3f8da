"""One PostgreSQL server for all test processes of a run: own folder, own port, gone afterwards.

Its durability is switched off: what is tested is what Cognate asks of it, not its disk. It listens on the loopback
address only and asks for a password made for this run, because its superuser could run programs.
"""

import contextlib
import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
shared_buffers = '256MB'
fsync = off
synchronous_commit = off
full_page_writes = off
log_min_messages = fatal
"""


@contextlib.contextmanager
def running(programs):
    """The address of its administrator, who may create databases, for as long as the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="cognate-postgres-"))
    server = None
    try:
        password = secrets.token_hex(16)
        data = _initialise(programs, folder, password)
        server, port = _start(programs, folder, data)
        yield f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(programs, folder, password):
    data = folder / "data"
    (folder / "password").write_text(password)
    _give_away(folder, folder / "password")
    command = [
        programs / "initdb", "--pgdata", data, "--username", "postgres", "--pwfile", folder / "password",
        "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8",
        # An order that is not bytewise, so that a text column without one of its own is found out.
        "--locale-provider=icu", "--icu-locale=en-US", "--no-sync", "--no-instructions",
    ]  # fmt: skip
    done = subprocess.run([str(c) for c in command], cwd=folder, capture_output=True, text=True, **_unprivileged())
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed: {done.stderr.strip()}")
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS)
    return data


def _start(programs, folder, data):
    for _ in range(5):
        port = _free_port()
        with (folder / "log").open("ab") as log:
            server = subprocess.Popen(
                [str(programs / "postgres"), "-D", str(data), "-p", str(port)],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=_end_with_parent, **_unprivileged(),
            )  # fmt: skip
        if _ready(server, data):
            return server, port
        _stop(server)  # most likely somebody took the port in between
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text(errors='replace')[-2000:]}")


def _ready(server, data):
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError):
            if (data / "postmaster.pid").read_text().rstrip().endswith("ready"):
                return True
        time.sleep(0.05)
    return False


def _stop(server):
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, by force
        if server.poll() is not None:
            return
        server.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=10)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _end_with_parent():
    """Asks Linux to end the server if this script is killed without a chance to do so (PR_SET_PDEATHSIG = 1)."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _unprivileged():
    """PostgreSQL refuses to run as root."""
    owner = _owner()
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}


def _give_away(*paths):
    owner = _owner()
    if owner:
        for path in paths:
            os.chown(path, owner.pw_uid, owner.pw_gid)


def _owner():
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")
