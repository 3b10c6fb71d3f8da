"""Many at once: one name, one code, one session, one lock. Both engines, real connections, real threads."""

import collections
import math
import threading
import time

import pytest
from botocore.exceptions import ClientError
from support.aws import refused
from support.pools import PASSWORD, TEMPORARY, attributes

CROWD = 50


def together(call, count=CROWD):
    """`count` calls that start at the same moment. How often each outcome came: "success" or (error, message)."""
    start = threading.Barrier(count)
    outcomes = []

    def run(number):
        start.wait()
        try:
            call(number)
            outcomes.append("success")
        except ClientError as error:
            told = error.response["Error"]
            outcomes.append((told["Code"], told["Message"]))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A check of the answer's shape that failed in a thread would be missing here.
    assert len(outcomes) == count
    return collections.Counter(outcomes)


def test_fifty_sign_ups_of_one_name_make_one_user(app, pool):
    outcomes = together(lambda number: app.sign_up("ann", f"{PASSWORD}-{number}"))

    assert outcomes == {"success": 1, ("UsernameExistsException", "User already exists"): CROWD - 1}
    assert pool.names() == ["ann"]


def test_fifty_sign_ups_of_fifty_names_make_fifty_users(app, pool):
    outcomes = together(lambda number: app.sign_up(f"user{number:02}"))

    assert outcomes == {"success": CROWD}
    assert pool.names() == [f"user{number:02}" for number in range(CROWD)]


def test_fifty_sign_ups_of_one_address_make_one_user(make_pool):
    pool = make_pool(UsernameAttributes=["email"])
    app = pool.app()
    outcomes = together(lambda _: app.sign_up("ann@example.com"))

    taken = ("UsernameExistsException", "An account with the given email already exists.")
    assert outcomes == {"success": 1, taken: CROWD - 1}
    assert len(pool.names()) == 1


def test_one_code_confirms_once(mail_pool):
    app = mail_pool.app()
    address = f"{app.id}@example.com"
    app.sign_up("ann", attributes=attributes(email=address))
    code = mail_pool.inbox.code(address)
    # Fewer than the attempts that are allowed in an hour, so that each is judged.
    outcomes = together(lambda _: app.confirm("ann", code), 12)

    assert outcomes["success"] == 1
    losers = set(outcomes) - {"success"}
    assert {error for error, _ in losers} <= {"NotAuthorizedException", "ExpiredCodeException", "CodeMismatchException"}
    assert mail_pool.get("ann")["UserStatus"] == "CONFIRMED"


def test_one_alias_has_one_owner(make_pool):
    pool = make_pool(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
    app = pool.app()
    address = f"{app.id}@example.com"
    codes = {}
    for name in [f"user{number}" for number in range(10)]:
        app.sign_up(name, attributes=attributes(email=address))
        codes[name] = pool.inbox.code(address)
    outcomes = together(lambda number: app.confirm(f"user{number}", codes[f"user{number}"]), 10)

    assert outcomes == {"success": 1, ("AliasExistsException", "An account with the email already exists."): 9}


def test_one_new_password_session_is_answered_once(app, pool):
    pool.create_user("ann", TemporaryPassword=TEMPORARY)
    session = app.password("ann", TEMPORARY)["Session"]
    passwords = [f"Brand-New-Pass-{number}" for number in range(CROWD)]
    winners = []

    def answer(number):
        app.answer("NEW_PASSWORD_REQUIRED", session, USERNAME="ann", NEW_PASSWORD=passwords[number])
        winners.append(passwords[number])

    outcomes = together(answer)
    assert outcomes["success"] == 1 and {error for error, _ in set(outcomes) - {"success"}} == {
        "NotAuthorizedException"
    }
    assert app.tokens("ann", winners[0])


def test_one_srp_proof_is_answered_once(app, pool):
    pool.user("ann")
    srp = app.srp("ann")
    srp.first()
    proof, session = srp.proof(), srp.challenge.get("Session")
    outcomes = together(lambda _: app.answer("PASSWORD_VERIFIER", session, **proof))

    assert outcomes["success"] == 1 and {error for error, _ in set(outcomes) - {"success"}} == {
        "NotAuthorizedException"
    }


@pytest.mark.parametrize("by", ["password", "srp"])
def test_fifty_wrong_passwords_are_counted_each(app, pool, by):
    pool.user("ann")
    proofs = []
    if by == "srp":
        # The challenges come first, so that fifty wrong proofs arrive together.
        for _ in range(CROWD):
            srp = app.srp("ann", "Wrong-Horse-9")
            srp.first()
            proofs.append((srp.challenge.get("Session"), srp.proof()))

    def attempt(number):
        if by == "password":
            app.password("ann", "Wrong-Horse-9")
        else:
            app.answer("PASSWORD_VERIFIER", proofs[number][0], **proofs[number][1])

    began = time.monotonic()
    outcomes = together(attempt)
    took = time.monotonic() - began

    wrong = outcomes[("NotAuthorizedException", "Incorrect username or password.")]
    locked = outcomes[("NotAuthorizedException", "Password attempts exceeded")]
    assert wrong + locked == CROWD
    # Five are free; the lock then ends after 1, 3, 7 .. seconds at the earliest, and each end lets one more be judged.
    assert wrong <= 5 + math.floor(math.log2(took + 1))

    # At least one second from the fifth failure on, and that was after `began`.
    try:
        app.password("ann")
        accepted = True
    except ClientError as error:
        assert error.response["Error"]["Message"] == "Password attempts exceeded"
        accepted = False
    assert not accepted or time.monotonic() - began > 1


def test_a_refresh_that_races_a_sign_out_loses_for_good(app, pool, idp):
    pool.user("ann")
    result = app.tokens("ann")
    fresh = []

    def act(number):
        if number == 0:
            idp.global_sign_out(AccessToken=result["AccessToken"])
        else:
            fresh.append(app.refresh(result["RefreshToken"])["AuthenticationResult"]["AccessToken"])

    together(act, 20)
    for token in fresh:
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            idp.get_user(AccessToken=token)
