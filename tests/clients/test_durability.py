"""What was acknowledged is kept: a killed process loses no user, and no answer is written before the disk has it."""

import re
import shutil
import subprocess
import threading
import time

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from support.pools import PASSWORD, Pool

SYNC = re.compile(r"\b(fsync|fdatasync)\((\d+)(<[^>]*>)?\)\s+= 0|<\.\.\. (fsync|fdatasync) resumed>\)\s+= 0")


def test_every_acknowledged_user_survives_kill_9(start_server, store):
    flags = store()
    server = start_server(*flags)
    pool = Pool(server, {})
    app = pool.app()
    acknowledged, lock = [], threading.Lock()

    def load(worker):
        number = 0
        while True:
            name = f"user-{worker}-{number}"
            try:
                app.sign_up(name)
            except (BotoCoreError, ClientError):
                return
            with lock:
                acknowledged.append(name)
            number += 1

    workers = [threading.Thread(target=load, args=(worker,)) for worker in range(8)]
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + 20
    while len(acknowledged) < 60 and time.monotonic() < deadline:
        time.sleep(0.01)
    server.kill()
    for worker in workers:
        worker.join()
    assert len(acknowledged) >= 60

    again = start_server(*flags)
    for name in acknowledged:
        assert again.idp.admin_get_user(UserPoolId=pool.id, Username=name)["UserStatus"] == "UNCONFIRMED"
    # And the survivors are whole: searchable, and able to go on.
    app.idp = again.idp
    last = acknowledged[-1]
    found = again.idp.list_users(UserPoolId=pool.id, Filter=f'username = "{last}"')["Users"]
    assert [user["Username"] for user in found] == [last]
    again.idp.admin_confirm_sign_up(UserPoolId=pool.id, Username=last)
    assert app.tokens(last, PASSWORD)


def test_keys_and_sign_ins_survive_a_restart(start_server, store):
    # The port changes, the issuer must not.
    flags = [*store(), "--public-url", "http://127.0.0.1:9229"]
    first = start_server(*flags)
    pool = Pool(first, {})
    app = pool.app()
    pool.user("ann")
    result = app.tokens("ann")
    first.stop()

    second = start_server(*flags)
    assert second.idp.get_user(AccessToken=result["AccessToken"])["Username"] == "ann"
    app.idp = second.idp
    assert app.refresh(result["RefreshToken"])["AuthenticationResult"]
    assert second.info["userPoolId"] == first.info["userPoolId"] and second.info["clientId"] == first.info["clientId"]


class Trace:
    """The system calls of a running server from now on, with the time and the file of each."""

    def __init__(self, server, file):
        if shutil.which("strace") is None:
            raise RuntimeError("strace was not found: install it (Debian: apt-get install strace)")
        self.file = file
        calls = "trace=read,recvfrom,recvmsg,readv,write,sendto,sendmsg,writev,pwrite64,fsync,fdatasync"
        command = ["strace", "-f", "-y", "-ttt", "-s", "400", "-e", calls, "-o", str(file), "-p", str(server.child.pid)]
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        line = self.child.stderr.readline()
        if "attached" not in line:
            raise RuntimeError(f"strace could not attach: {line}")

    def lines(self):
        self.child.terminate()
        self.child.wait(30)
        self.child.stderr.close()
        return self.file.read_text(errors="replace").splitlines()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_log_is_synced_between_reading_the_request_and_answering_it(start_server, store, tmp_path):
    server = start_server(*store())
    app = Pool(server, {}).app()
    # Everything that happens only once is behind us: connections, caches.
    app.sign_up("warm-up")
    time.sleep(0.5)

    trace = Trace(server, tmp_path / "trace")
    sub = app.sign_up("traced")["UserSub"]
    time.sleep(0.5)
    lines = trace.lines()

    asked = first(lines, lambda line: "AWSCognitoIdentityProviderService.SignUp" in line)
    answered = first(
        lines, lambda line: sub in line and re.search(r"\b(write|sendto|sendmsg|writev)\(\d+<(socket|TCP)", line)
    )
    between = lines[asked:answered]
    assert any("-wal>" in line and "write" in line for line in between), "the log was not written"
    assert any(SYNC.search(line) and ("-wal>" in line or "resumed" in line) for line in between), (
        "the log was not synced"
    )


def first(lines, wanted):
    """The number of the first line that is wanted."""
    for number, line in enumerate(lines):
        if wanted(line):
            return number
    raise AssertionError("not in the trace:\n" + "\n".join(lines[-50:]))
