"""A PostgreSQL server of our own in a temporary folder: `initdb`, `postgres`, gone afterwards.

Found on PATH or where Debian keeps it. PostgreSQL refuses to run as root, so root runs it as `nobody`. Durability is
left on: the tests of durability would mean nothing without it.
"""

import functools
import glob
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

MISSING = (
    "PostgreSQL's {} was found neither in /usr/lib/postgresql/*/bin nor on PATH: install it "
    "(Debian: apt-get install postgresql)"
)


@functools.cache
def tool(name):
    """The newest real binary; what Debian has on PATH may be a wrapper that looks at the name it was called by."""
    places = glob.glob(f"/usr/lib/postgresql/*/bin/{name}")
    newest = max(places, key=lambda place: float(Path(place).parts[-3]), default=None)
    found = newest or shutil.which(name)
    if found is None:
        raise RuntimeError(MISSING.format(name))
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    def __init__(self):
        self.names = (f"cognate_{number}" for number in itertools.count(1))
        self.folder = Path(tempfile.mkdtemp(prefix="cognate-pg-"))
        self.user = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.data = str(self.folder / "data")
        self.run(
            "initdb",
            "--pgdata",
            self.data,
            "--username",
            "cognate",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
        )
        self.start()

    def run(self, name, *arguments):
        done = subprocess.run(
            [tool(name), *arguments], cwd=self.folder, capture_output=True, text=True, check=False, **self.user
        )
        if done.returncode != 0:
            raise RuntimeError(f"{name} failed ({done.returncode}):\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def start(self):
        self.port = free_port()
        self.log = open(self.folder / "log", "ab")
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "max_connections": 200,
        }
        self.child = subprocess.Popen(
            [tool("postgres"), "-D", self.data, *(f"--{key}={value}" for key, value in settings.items())],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            **self.user,
        )
        deadline = time.monotonic() + 60
        while not self.answers():
            if self.child.poll() is not None or time.monotonic() > deadline:
                said = (self.folder / "log").read_text()
                self.stop()
                raise RuntimeError(f"PostgreSQL did not start:\n{said}")
            time.sleep(0.05)

    def answers(self):
        command = [tool("pg_isready"), "--host", "127.0.0.1", "--port", str(self.port), "--quiet"]
        return subprocess.run(command, check=False).returncode == 0

    def fresh_database(self):
        """The URL of an empty database."""
        name = next(self.names)
        self.run("createdb", "--host", "127.0.0.1", "--port", str(self.port), "--username", "cognate", name)
        return f"postgres://cognate@127.0.0.1:{self.port}/{name}"

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGINT)
            try:
                self.child.wait(30)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
