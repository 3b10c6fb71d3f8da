"""Asks a running `cognate dev` everything that /v1/openapi.json says it answers, and much that it says it does not.

Fails if a check fails, if fewer than 10,000 cases were asked, if an operation never answered well (nothing would have been
tested behind its door), or if the server ended badly. The binary is COGNATE_BIN, as for the other clients.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "clients"))
from support.server import binary, start_dev  # noqa: E402

LEAST_CASES = 10_000
SECONDS = 900
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

# What no generated call can do well, and why.
NEVER_WELL = {
    # Only machines are added by others, and none calls here; people are invited.
    "POST /v1/workspaces/{id}/members",
    # A pool of this server raises none of these challenges yet.
    "POST /v1/auth/challenges/software-token",
    "POST /v1/auth/challenges/sms-code",
    "POST /v1/auth/challenges/email-code",
    "POST /v1/auth/challenges/select",
    "POST /v1/auth/challenges/custom",
}


def main():
    with tempfile.TemporaryDirectory() as folder:
        environment = {"COGNATE__AUTH_API__WEBHOOK_SECRET": WEBHOOK_SECRET}
        server = start_dev("--data", str(Path(folder) / "data"), env=environment)
        try:
            passed = ask(server, Path(folder))
        finally:
            server.stop()
        log = server.log()
        if "panicked" in log:
            print(log[-4000:])
            passed = False
    return 0 if passed else 1


def ask(server, folder):
    told, report = folder / "told.json", folder / "report.json"
    environment = {
        **os.environ,
        "COGNATE_DEV": json.dumps(server.info),
        "COGNATE_BIN": binary(),
        "COGNATE_DATA": str(folder / "data"),
        "COGNATE_TOLD": str(told),
        "COGNATE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "PYTHONPATH": str(HERE),
    }
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        "--config-file", str(HERE / "schemathesis.toml"),
        "run", f"{server.endpoint}/v1/openapi.json", "--report", "json", "--report-json-path", str(report),
        *sys.argv[1:],
    ]  # fmt: skip
    code = subprocess.run(command, cwd=folder, env=environment, timeout=SECONDS).returncode
    told = json.loads(told.read_text())
    well = Counter({name: count for name, count in told["well"].items()})
    never = [name for name in told["asked"] if not well[name] and name not in NEVER_WELL]
    print(f"{told['cases']} cases; answered well: {sum(well.values())}")
    for name in never:
        print(f"{name} never answered well in {told['asked'][name]} cases: {told['statuses'][name]}")
    if told["cases"] < LEAST_CASES:
        print(f"fewer than {LEAST_CASES} cases")
    return code == 0 and not never and told["cases"] >= LEAST_CASES


if __name__ == "__main__":
    sys.exit(main())
