"""`cognate dev` as it is promised: ready at once, explained in a line, kept or not kept, closed to strangers."""

import contextlib
import http.client
import os
import re
import sqlite3
import stat
import subprocess
import threading
import time
from pathlib import Path

import pytest
import requests
from support.aws import TARGET, post, refused
from support.pools import App, Pool, attributes
from support.server import Process, StartFailed, binary, start_dev


def sample_app(server):
    """The client that the first start makes, in the pool that it makes."""
    return App.known(Pool.known(server, server.info["userPoolId"]), server.info["clientId"])


def test_the_first_line_says_all_that_a_client_needs(server):
    info, endpoint = server.info, server.endpoint

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", endpoint)
    assert re.fullmatch("us-east-1_[A-Za-z0-9]{9}", info["userPoolId"]) and re.fullmatch(
        "[0-9a-v]{25,26}", info["clientId"]
    )
    assert info["region"] == "us-east-1" and info["issuer"] == f"{endpoint}/{info['userPoolId']}"
    assert (
        info["jwksUri"] == f"{info['issuer']}/.well-known/jwks.json" and info["inboxUrl"] == f"{endpoint}/dev/messages"
    )
    assert requests.get(info["jwksUri"], timeout=30).status_code == 200


def test_the_sample_pool_and_client_are_ready_for_a_person(start_server, store):
    app = sample_app(start_server(*store()))
    app.sign_up("ann", attributes=attributes(email="ann@example.com"))
    app.confirm("ann", app.pool.inbox.code("ann@example.com"))

    assert app.srp("ann").sign_in()["AuthenticationResult"]


def test_it_is_ready_in_well_under_a_second_or_two(start_server, store):
    flags = store()
    start_server(*flags).stop()
    began = time.monotonic()
    start_server(*flags)
    # Well under one on an idle machine; this one runs other tests at the same time.
    assert time.monotonic() - began < 5


def test_a_call_without_a_signature_is_admitted(server):
    answer = post(server.endpoint, "CreateUserPool", {"PoolName": "curl"})
    assert answer.json()["UserPool"]["Id"].startswith("us-east-1_")


def test_region_account_and_public_url_are_as_told(start_server):
    server = start_server(
        "--ephemeral", "--region", "eu-central-1", "--account", "210987654321", "--public-url", "https://id.example"
    )
    pool = post(server.endpoint, "CreateUserPool", {"PoolName": "x"}).json()["UserPool"]

    assert pool["Arn"] == f"arn:aws:cognito-idp:eu-central-1:210987654321:userpool/{pool['Id']}"
    assert server.info["issuer"] == f"https://id.example/{server.info['userPoolId']}"
    document = requests.get(f"{server.endpoint}/{pool['Id']}/.well-known/openid-configuration", timeout=30).json()
    assert document["issuer"] == f"https://id.example/{pool['Id']}"


def test_two_ephemeral_servers_share_nothing(start_server):
    one, two = start_server("--ephemeral"), start_server("--ephemeral")
    pool = Pool(one, {})
    with refused("ResourceNotFoundException", f"User pool {pool.id} does not exist."):
        two.idp.describe_user_pool(UserPoolId=pool.id)


def test_the_master_key_is_for_its_owner_alone(start_server, tmp_path):
    start_server("--data", str(tmp_path / "data"))
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]

    keys = [path for path in files if "key" in path.name]
    assert keys and all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in keys)


def test_messages_are_kept_newest_first_and_can_be_emptied(start_server):
    server = start_server("--ephemeral")
    app = Pool(server, {"AutoVerifiedAttributes": ["email"]}).app()
    app.sign_up("ann", attributes=attributes(email="ann@example.com"))
    app.resend("ann")
    app.sign_up("bob", attributes=attributes(email="bob@example.com"))

    everything = requests.get(f"{server.endpoint}/dev/messages", timeout=30).json()
    assert [message["to"] for message in everything] == ["bob@example.com", "ann@example.com", "ann@example.com"]
    times = [message["createdAt"] for message in everything]
    assert times == sorted(times, reverse=True)
    assert (
        len(server.inbox.messages("ann@example.com", "email")) == 2
        and server.inbox.messages("ann@example.com", "sms") == []
    )

    assert requests.delete(f"{server.endpoint}/dev/messages", timeout=30).ok
    assert requests.get(f"{server.endpoint}/dev/messages", timeout=30).json() == []


def test_the_inbox_has_a_page_that_shows_what_was_sent_as_text(start_server):
    server = start_server("--ephemeral")
    app = Pool(
        server, {"AutoVerifiedAttributes": ["email"], "EmailVerificationMessage": "<script>alert(1)</script> {####}"}
    ).app()
    app.sign_up("ann", attributes=attributes(email="ann@example.com"))
    page = requests.get(f"{server.endpoint}/dev/inbox", timeout=30)

    assert page.status_code == 200 and page.headers["Content-Type"].startswith("text/html")
    assert "ann@example.com" in page.text and server.inbox.code("ann@example.com") in page.text
    assert "<script>alert(1)" not in page.text


def test_reset_empties_the_store_and_makes_the_sample_again(start_server, store):
    server = start_server(*store())
    pool = Pool(server, {"AutoVerifiedAttributes": ["email"]})
    pool.app().sign_up("ann", attributes=attributes(email="ann@example.com"))
    assert requests.post(f"{server.endpoint}/dev/reset", timeout=60).ok

    with refused("ResourceNotFoundException"):
        server.idp.describe_user_pool(UserPoolId=pool.id)
    assert len(server.idp.list_user_pools(MaxResults=60)["UserPools"]) == 1
    assert requests.get(f"{server.endpoint}/dev/messages", timeout=30).json() == []


def test_a_foreign_host_name_is_refused(server):
    """DNS rebinding: a page of evil.example must not reach us under its own name."""
    for host in ["evil.example", "evil.example:9229", "127.0.0.1.evil.example"]:
        answer = post(server.endpoint, "ListUserPools", {"MaxResults": 1}, {"Host": host})
        assert 400 <= answer.status_code < 500 and "UserPools" not in answer.text
    port = server.endpoint.rsplit(":", 1)[1]
    assert post(server.endpoint, "ListUserPools", {"MaxResults": 1}, {"Host": f"localhost:{port}"}).status_code == 200


@pytest.mark.parametrize(
    "method, path", [("GET", "/dev/messages"), ("DELETE", "/dev/messages"), ("POST", "/dev/reset")]
)
def test_a_foreign_page_does_not_reach_the_developers_corner(server, method, path):
    answer = requests.request(method, server.endpoint + path, headers={"Origin": "https://evil.example"}, timeout=30)

    assert 400 <= answer.status_code < 500
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_health_is_told_on_the_same_listener(server):
    for path in ["/health/live", "/health/ready"]:
        assert requests.get(server.endpoint + path, timeout=30).status_code == 200


@pytest.mark.parametrize(
    "flags, named",
    [
        (["--colour", "blue"], "--colour"),
        (["--listen", "nowhere"], "listen"),
        (["--listen", "0.0.0.0:0"], "--expose"),
        (["--database", "oracle:thing"], "database"),
        (["--account", "12"], "account"),
    ],
)
def test_a_wrong_flag_stops_the_start_and_is_named(flags, named):
    with pytest.raises(StartFailed) as caught:
        start_dev("--ephemeral", *flags, listen="127.0.0.1:0") if "--listen" not in flags else bare(*flags)
    assert caught.value.code not in (0, None) and named in caught.value.log


def bare(*flags):
    """`cognate dev` with exactly these flags."""
    process = Process([binary(), "dev", "--json", "--ephemeral", *flags])
    process.first_line()
    process.stop()


def test_a_wrong_setting_in_the_environment_stops_the_start():
    with pytest.raises(StartFailed) as caught:
        start_dev("--ephemeral", env={"COGNATE__SERVER__LISTEN": "nowhere", "COGNATE__COLOUR__BLUE": "1"})
    assert "COLOUR" in caught.value.log.upper()


def test_a_port_that_is_taken_stops_the_start_and_is_named(server):
    address = server.endpoint.removeprefix("http://")
    with pytest.raises(StartFailed) as caught:
        start_dev("--ephemeral", listen=address)
    assert address in caught.value.log


def test_the_banner_shows_what_to_paste(tmp_path):
    environment = {**os.environ, "NO_COLOR": "1"}
    command = [binary(), "dev", "--listen", "127.0.0.1:0", "--data", str(tmp_path / "data")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as child:
        # A banner that never comes must not hold up the run.
        patience = threading.Timer(30, child.kill)
        patience.start()
        lines = []
        for line in child.stdout:
            lines.append(line)
            if "Amplify" in line:
                break
        child.terminate()
        assert child.wait(30) == 0
        patience.cancel()
    banner = "".join(lines)
    assert "boto3" in banner and "aws cognito-idp" in banner and re.search(r"us-east-1_[A-Za-z0-9]{9}", banner)


def test_sigterm_lets_a_request_in_flight_finish(start_server):
    """A request whose body is still coming is answered before the end."""
    server = start_server("--ephemeral")
    host = server.endpoint.removeprefix("http://")
    body = b'{"PoolName":"in flight"}'
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.putrequest("POST", "/")
    for name, value in [
        ("Content-Type", "application/x-amz-json-1.1"),
        ("X-Amz-Target", f"{TARGET}.CreateUserPool"),
        ("Content-Length", len(body)),
    ]:
        connection.putheader(name, value)
    connection.endheaders(body[:5])
    time.sleep(0.3)
    server.child.terminate()
    time.sleep(0.3)
    connection.send(body[5:])

    assert connection.getresponse().status == 200
    assert server.child.wait(30) == 0


def test_a_store_from_a_newer_version_is_refused_and_not_touched(start_server, store, engine, request):
    flags = store()
    start_server(*flags).stop()
    future = "INSERT INTO schema_migrations (version, name, checksum) VALUES (999999, 'from the future', 'x')"
    count = "SELECT COUNT(*) FROM schema_migrations"
    if engine == "sqlite":
        with contextlib.closing(sqlite3.connect(Path(flags[1]) / "cognate.db")) as kept:
            kept.execute(future)
            kept.commit()
            before = kept.execute(count).fetchone()
    else:
        postgres = request.getfixturevalue("postgres")
        postgres.run("psql", flags[-1], "--command", future)
        before = postgres.run("psql", flags[-1], "--command", count)

    with pytest.raises(StartFailed) as caught:
        start_dev(*flags)
    assert "newer" in caught.value.log
    if engine == "sqlite":
        with contextlib.closing(sqlite3.connect(Path(flags[1]) / "cognate.db")) as kept:
            assert kept.execute(count).fetchone() == before
    else:
        assert postgres.run("psql", flags[-1], "--command", count) == before
