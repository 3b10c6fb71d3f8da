"""`cognate serve` with a configuration of its own. Everything that knows the configuration's keys is `settings`.

The port is chosen here, because a production server has to be told its public URL.
"""

import base64
import copy
import json
import secrets
import subprocess
import time

import requests

from .postgres import free_port
from .server import START_SECONDS, Process, StartFailed, binary


def settings(folder, port, admin_port, database, smtp_port=None):
    """The tables of a sound configuration. Tests change single settings of it."""
    master = folder / "master.key"
    if not master.exists():
        master.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        master.chmod(0o600)
    tables = {
        "server": {
            "environment": "test",
            "listen": f"127.0.0.1:{port}",
            "admin_listen": f"127.0.0.1:{admin_port}",
            "public_url": f"http://127.0.0.1:{port}",
            "allow_http_public_url": True,
        },
        "store": {"database": database},
        "keys": {"master_key_file": str(master)},
    }
    if smtp_port:
        tables["messages"] = {
            "smtp_host": "127.0.0.1",
            "smtp_port": smtp_port,
            "smtp_security": "none",
            "smtp_from": "no-reply@example.com",
        }
    return tables


def toml(tables):
    """Strings, numbers and booleans in tables: all that a configuration needs."""
    lines = []
    for name, table in tables.items():
        lines.append(f"[{name}]")
        # TOML's basic strings are JSON's.
        lines += [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    return "\n".join(lines) + "\n"


class Site:
    """A place where `serve` can run: folder, configuration file, database."""

    def __init__(self, folder, database=None, smtp_port=None):
        self.folder = folder
        self.file = folder / "cognate.toml"
        self.port, self.admin_port = free_port(), free_port()
        self.tables = settings(
            folder, self.port, self.admin_port, database or f"sqlite:{folder / 'store.db'}", smtp_port
        )
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.write(self.tables)

    def write(self, tables):
        self.file.write_text(toml(tables))
        self.file.chmod(0o600)

    def change(self, table, key, value):
        """One setting changed; None removes it."""
        tables = copy.deepcopy(self.tables)
        if value is None:
            del tables[table][key]
        else:
            tables.setdefault(table, {})[key] = value
        self.write(tables)

    def command(self, *words):
        return subprocess.run(
            [binary(), *words, "--config", str(self.file)],
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )

    def create_key(self):
        """(access key id, secret): `keys create` says them once."""
        done = self.command("keys", "create", "--json")
        assert done.returncode == 0, done.stderr
        made = json.loads(done.stdout)
        return made["accessKeyId"], made["secretAccessKey"]


class Serve(Process):
    def __init__(self, site):
        super().__init__([binary(), "serve", "--config", str(site.file)])
        self.site, self.endpoint = site, site.endpoint

    def ready(self):
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.child.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise StartFailed(self.child.returncode, self.log())
            time.sleep(0.05)
        return self

    def answers(self):
        try:
            return requests.get(f"http://127.0.0.1:{self.site.admin_port}/health/ready", timeout=5).ok
        except requests.ConnectionError:
            return False
