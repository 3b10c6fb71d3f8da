"""Two servers on one PostgreSQL database, started at the same moment on an empty one: what one does, both know."""

import concurrent.futures

import pytest
from support.aws import refused
from support.pools import App, Pool, attributes


@pytest.fixture(params=range(3))
def nodes(request, start_server, postgres, tmp_path):
    """Several tries: a race that is lost only sometimes is still a race."""
    # One master key for both, as two machines of one installation have.
    flags = ["--data", str(tmp_path), "--database", postgres.fresh_database(), "--public-url", "http://127.0.0.1:9229"]
    with concurrent.futures.ThreadPoolExecutor(2) as executor:
        started = [executor.submit(start_server, *flags) for _ in range(2)]
        return [future.result() for future in started]


@pytest.fixture
def one(nodes):
    return Pool(nodes[0], {"AutoVerifiedAttributes": ["email"]}).app()


@pytest.fixture
def two(nodes, one):
    return App.known(Pool.known(nodes[1], one.pool.id), one.id)


def test_both_start_on_an_empty_database_and_agree_on_what_was_made(nodes):
    assert nodes[0].info["userPoolId"] == nodes[1].info["userPoolId"]
    assert nodes[0].info["clientId"] == nodes[1].info["clientId"]
    listed = [{pool["Id"] for pool in node.idp.list_user_pools(MaxResults=60)["UserPools"]} for node in nodes]
    assert listed[0] == listed[1] and len(listed[0]) == 1


def test_a_user_made_at_one_signs_in_at_the_other_and_a_sign_out_holds_for_both(one, two):
    one.pool.user("ann")
    at_two = two.tokens("ann")
    assert two.srp("ann").sign_in()["AuthenticationResult"]
    assert one.idp.get_user(AccessToken=at_two["AccessToken"])["Username"] == "ann"
    assert one.refresh(at_two["RefreshToken"])["AuthenticationResult"]

    one.idp.global_sign_out(AccessToken=at_two["AccessToken"])
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        two.idp.get_user(AccessToken=at_two["AccessToken"])
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        two.refresh(at_two["RefreshToken"])


def test_challenges_and_codes_cross_over(one, two):
    one.pool.user("ann")
    srp = one.srp("ann")
    srp.first()
    assert two.answer("PASSWORD_VERIFIER", srp.challenge.get("Session"), **srp.proof())["AuthenticationResult"]

    one.sign_up("bob", attributes=attributes(email=f"{one.id}@example.com"))
    code = one.pool.inbox.messages(f"{one.id}@example.com") or two.pool.inbox.messages(f"{one.id}@example.com")
    two.confirm("bob", code[0]["code"])
    with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        one.confirm("bob", code[0]["code"])


def test_a_revoked_sign_in_and_a_deleted_user_are_gone_everywhere_at_once(one, two):
    one.pool.user("ann")
    result = one.tokens("ann")
    two.idp.revoke_token(Token=result["RefreshToken"], ClientId=one.id)
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        one.idp.get_user(AccessToken=result["AccessToken"])

    later = two.tokens("ann")
    one.pool.delete("ann")
    with refused("UserNotFoundException", "User does not exist."):
        two.idp.get_user(AccessToken=later["AccessToken"])
    with refused("UserNotFoundException", "User does not exist."):
        two.password("ann")


def test_wrong_passwords_are_counted_together(one, two):
    one.pool.user("ann")
    messages = []
    for app in [one, two] * 4:
        with pytest.raises(app.idp.exceptions.NotAuthorizedException) as caught:
            app.password("ann", "Wrong-Horse-9")
        messages.append(caught.value.response["Error"]["Message"])
    assert "Password attempts exceeded" in messages
