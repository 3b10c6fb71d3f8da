"""Programs that are run and watched: seconds, CPU seconds, the most memory. A terminal is told what is being done."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time


class Broken(Exception):
    """Something is not as it must be."""


def must(holds, otherwise):
    if not holds:
        raise Broken(otherwise)


class Steps:
    def __init__(self):
        self.rows = []

    @contextlib.contextmanager
    def step(self, users, name):
        if sys.stderr.isatty():
            print(f"{users:,} users: {name}", file=sys.stderr, flush=True)
        row = {"users": users, "name": name, "cpu": None, "peak": None, "note": ""}
        began = time.monotonic()
        try:
            yield row
        finally:
            self.rows.append({**row, "seconds": time.monotonic() - began})

    def run(self, users, name, command, enough=None):
        """What the command answers, as JSON; nothing if it was killed because there was `enough`."""
        with self.step(users, name) as row:
            child = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
            row["peak"], ended = 0.0, 0
            try:
                while not ended:
                    row["peak"] = max(row["peak"], peak_mb(child.pid))
                    if enough and enough():
                        os.kill(child.pid, signal.SIGKILL)  # `child.kill` would reap it if it has just ended
                        enough = None
                    time.sleep(0.1 if enough else 0.02)
                    ended, status, usage = os.wait4(child.pid, os.WNOHANG)
            except BaseException:
                child.kill()
                raise
            child.returncode = os.waitstatus_to_exitcode(status)
            row["cpu"] = usage.ru_utime + usage.ru_stime
            if child.returncode == -signal.SIGKILL:
                return None
            must(child.returncode == 0, f"{name}: exit code {child.returncode} (its own words are above)")
            return json.loads(child.stdout.read())

    def note(self, text):
        """Beside what was done last."""
        self.rows[-1]["note"] = text

    def peak(self, users, name):
        return max(row["peak"] for row in self.rows if (row["users"], row["name"]) == (users, name))

    def table(self):
        print(f"{'users':>9}  {'step':<24}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}")
        for row in self.rows:
            cpu, peak = ("" if row[key] is None else f"{row[key]:.1f}" for key in ("cpu", "peak"))
            line = f"{row['users']:>9,}  {row['name']:<24}{row['seconds']:>9.1f}{cpu:>9}{peak:>9}  {row['note']}"
            print(line.rstrip(), flush=True)


def peak_mb(pid):
    """Of the program alone: `ru_maxrss` would begin with what this process had when it forked."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
