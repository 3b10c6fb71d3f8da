"""`cognate keys rotate`: a pool signs with new keys, while the server runs, and no token in flight is lost."""

import subprocess
import time

import pytest
from support.pools import Pool
from support.server import binary
from support.tokens import claims, header, keys


def rotate(flags, pool):
    return subprocess.run([binary(), "keys", "rotate", pool, *flags], capture_output=True, text=True, timeout=60)


@pytest.fixture
def running(start_server, store):
    flags = store()
    return start_server(*flags), flags


def test_old_tokens_stay_good_and_new_ones_carry_new_keys(running):
    server, flags = running
    pool = Pool(server, {})
    pool.user("ann")
    app = pool.app()
    old = app.tokens("ann")

    done = rotate(flags, pool.id)
    assert done.returncode == 0, done.stderr

    assert server.idp.get_user(AccessToken=old["AccessToken"])["Username"] == "ann"
    refreshed = wait_for_new_keys(app, old)
    issuer = claims(old["AccessToken"])["iss"]
    published = {key["kid"] for key in keys(issuer)}
    for kind in ["IdToken", "AccessToken"]:
        assert header(refreshed[kind])["kid"] != header(old[kind])["kid"]
        assert {header(refreshed[kind])["kid"], header(old[kind])["kid"]} <= published
    assert len(published) == 4
    assert server.idp.get_user(AccessToken=refreshed["AccessToken"])["Username"] == "ann"


def wait_for_new_keys(app, old):
    """A server may go on with the keys it knows for a second."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        result = app.refresh(old["RefreshToken"])["AuthenticationResult"]
        if header(result["AccessToken"])["kid"] != header(old["AccessToken"])["kid"]:
            return result
    raise AssertionError("the server never took up the new keys")


def test_a_pool_that_is_not_there_is_named(running):
    _, flags = running
    done = rotate(flags, "us-east-1_nosuchone")
    assert done.returncode == 1
    assert "us-east-1_nosuchone" in done.stderr
