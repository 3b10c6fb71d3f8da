"""Wrong passwords: five are free, then each locks the name for twice as long. The right one does not help meanwhile."""

import time

import pytest
from support.aws import refused
from support.pools import PASSWORD

WRONG = "Incorrect username or password."
LOCKED = "Password attempts exceeded"


@pytest.fixture
def ann(pool):
    pool.user("ann")
    return "ann"


def wrong(app, by="password"):
    """One wrong attempt; the sentence it ends in."""
    with pytest.raises(app.idp.exceptions.NotAuthorizedException) as caught:
        app.password("ann", "Wrong-Horse-9") if by == "password" else app.srp("ann", "Wrong-Horse-9").sign_in()
    return caught.value.response["Error"]["Message"]


def lock(app, by="password"):
    """Wrong attempts until the lock shows. How many were counted."""
    for counted in range(12):
        message = wrong(app, by)
        if message == LOCKED:
            return counted
        assert message == WRONG
    raise AssertionError("never locked")


@pytest.mark.parametrize("by", ["password", "srp"])
def test_five_wrong_passwords_lock_the_name_and_the_right_one_waits(app, ann, by):
    assert lock(app, by) >= 5

    # The lock that was just seen may end while this runs: another counted failure doubles it.
    while wrong(app, by) == LOCKED:
        time.sleep(0.05)
    with refused("NotAuthorizedException", LOCKED):
        app.password(ann)
    with refused("NotAuthorizedException", LOCKED):
        app.srp(ann).sign_in()


def test_four_wrong_passwords_lock_nothing(app, ann):
    for _ in range(4):
        assert wrong(app) == WRONG
    assert app.tokens(ann)


def test_the_lock_ends_and_the_right_password_signs_in(app, ann):
    lock(app)
    deadline = time.monotonic() + 10
    while True:
        try:
            assert app.tokens(ann, PASSWORD)
            break
        except app.idp.exceptions.NotAuthorizedException as error:
            assert error.response["Error"]["Message"] == LOCKED and time.monotonic() < deadline
            time.sleep(0.1)


def test_both_ways_of_signing_in_share_one_count(app, ann):
    for by in ["srp", "password", "srp"]:
        assert wrong(app, by) == WRONG
    assert 1 <= lock(app) <= 4


def test_attempts_during_the_lock_do_not_prolong_it(app, ann):
    lock(app)
    seen = time.monotonic()
    while wrong(app) == LOCKED:
        assert time.monotonic() - seen < 5
        time.sleep(0.02)


def test_a_lock_is_for_one_name_of_one_pool(app, ann, pool, make_pool):
    pool.user("bob")
    elsewhere = make_pool()
    elsewhere.user("ann")
    lock(app)

    assert app.tokens("bob") and elsewhere.app().tokens("ann")


def test_another_client_is_no_way_around(app, ann, pool):
    lock(app)
    other = pool.app()
    while wrong(other) == LOCKED:
        time.sleep(0.05)
    with refused("NotAuthorizedException", LOCKED):
        other.password(ann)
