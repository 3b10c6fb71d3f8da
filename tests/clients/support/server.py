"""Starts and stops the binary under test, `cognate dev`, and knows where it answers.

The binary is COGNATE_BIN (default target/debug/cognate of this repository). Every server logs to a file whose tail is
shown when a test fails. Port 0 everywhere: runs never collide.
"""

import json
import os
import select
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 60
STOP_SECONDS = 30


def binary():
    path = Path(os.environ.get("COGNATE_BIN", ROOT / "target" / "debug" / "cognate")).resolve()
    if not path.is_file():
        raise RuntimeError(f"no binary at {path}: build it with `cargo build -p cognate`, or set COGNATE_BIN")
    return str(path)


class StartFailed(Exception):
    """The process ended or said nothing; the text carries its exit code and what it wrote."""

    def __init__(self, code, log):
        super().__init__(f"cognate did not start (exit code {code}):\n{log}")
        self.code = code
        self.log = log


class Process:
    """A running child: its log, its end. Leaves nothing behind, whatever happens to the test."""

    def __init__(self, command, env=None):
        self.command = command
        self.log_file = tempfile.TemporaryFile()
        self.child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.log_file,
            env={**os.environ, **(env or {})},
            # Its own directory: `dev` without --data keeps its store under the current one.
            cwd=tempfile.gettempdir(),
        )

    def log(self):
        # Read without moving the position, which the child shares.
        descriptor = self.log_file.fileno()
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode(errors="replace")

    def first_line(self):
        """The line that says the server answers, or StartFailed."""
        deadline = time.monotonic() + START_SECONDS
        line = b""
        stdout = self.child.stdout.fileno()
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([stdout], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(stdout, 1) if ready else b""
            if not piece:
                self.kill()
                raise StartFailed(self.child.returncode, line.decode(errors="replace") + self.log())
            line += piece
        return line.decode()

    def stop(self):
        """SIGTERM drains requests in flight and ends with code 0."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        try:
            code = self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running {STOP_SECONDS} s after SIGTERM:\n{self.log()[-4000:]}") from None
        finally:
            self.child.stdout.close()
        assert code == 0, f"exit code {code} after SIGTERM:\n{self.log()[-4000:]}"

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()


class Dev(Process):
    """`cognate dev`: the endpoint and what the first start made, as its first line says."""

    def __init__(self, *flags, wrap=(), listen="127.0.0.1:0", env=None):
        super().__init__([*wrap, binary(), "dev", "--json", "--listen", listen, *flags], env)

    def ready(self):
        self.info = json.loads(self.first_line())
        self.endpoint = self.info["endpoint"]
        self.region = self.info["region"]
        return self


def start_dev(*flags, **options):
    return Dev(*flags, **options).ready()
