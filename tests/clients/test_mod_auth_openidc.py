"""Debian's mod_auth_openidc, unmodified, in an Apache of our own: websites let in whom a login domain signed in."""

import itertools
from urllib.parse import urlsplit

import pytest
from support import tokens
from support.apache import Apache, Website
from support.person import Person

numbers = itertools.count(1)


@pytest.fixture
def login_pool(make_pool, idp, server):
    pool = make_pool()
    prefix = f"apache-{next(numbers)}"
    idp.create_user_pool_domain(UserPoolId=pool.id, Domain=prefix)
    pool.domain = f"http://{prefix}.auth.localhost:{urlsplit(server.endpoint).port}"
    return pool


@pytest.fixture
def websites(login_pool):
    """Two, each with an app client of its own. The second one's has a secret and refresh tokens that rotate."""
    by_form = {"OIDCProviderTokenEndpointAuth": "client_secret_post", "OIDCUserInfoTokenMethod": "post_param"}
    websites = [Website(), Website(**by_form)]
    rotating = {"ExplicitAuthFlows": [], "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}}
    for website, more in zip(websites, [{}, {"GenerateSecret": True, **rotating}]):
        website.domain = login_pool.domain
        website.app = login_pool.app(
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email", "profile"],
            SupportedIdentityProviders=["COGNITO"],
            CallbackURLs=[website.callback],
            LogoutURLs=[website.bye],
            **more,
        )
    apache = Apache(websites)
    yield websites
    apache.stop()


@pytest.fixture
def ann(login_pool):
    made = login_pool.user("ann", email="ann@example.com", email_verified="true", name="Ann Example")
    person = Person("ann")
    person.sub = {entry["Name"]: entry["Value"] for entry in made["Attributes"]}["sub"]
    return person


def is_in(website, page, person):
    return (page.url, page.text, page.headers["X-Remote-User"]) == (website.inside, "This is inside.", person.sub)


@pytest.mark.parametrize("which", [0, 1], ids=["without a secret", "with a secret"])
def test_a_person_signs_in_and_is_let_in(websites, ann, which):
    website = websites[which]

    page = ann.sign_in(website.inside)

    assert is_in(website, page, ann)
    info = website.info(ann)
    assert info["id_token"]["aud"] == website.app.id
    assert (info["id_token"]["cognito:username"], info["id_token"]["name"]) == ("ann", "Ann Example")
    access = tokens.verified(info["access_token"], website.app.pool.issuer)
    assert (access["sub"], access["client_id"]) == (ann.sub, website.app.id)


@pytest.mark.parametrize("which", [0, 1], ids=["by header", "by form"])
def test_the_website_asks_the_user_info_endpoint(websites, ann, which):
    website = websites[which]
    ann.sign_in(website.inside)

    told = website.info(ann)["userinfo"]

    assert (told["sub"], told["username"], told["name"]) == (ann.sub, "ann", "Ann Example")
    assert (told["email"], told["email_verified"]) == ("ann@example.com", "true")


@pytest.mark.parametrize("which", [0, 1], ids=["without rotation", "with rotation"])
def test_the_website_renews_its_tokens_again_and_again(websites, ann, which):
    website = websites[which]
    ann.sign_in(website.inside)
    held = [website.info(ann)]

    for _ in range(2):
        assert is_in(website, website.renew(ann), ann)
        held.append(website.info(ann))

    assert len({info["access_token"] for info in held}) == 3
    assert len({info["refresh_token"] for info in held}) == (3 if which else 1)
    for info in held:
        assert tokens.verified(info["access_token"], website.app.pool.issuer)["sub"] == ann.sub


def test_the_next_website_lets_the_person_in_without_asking(websites, ann):
    one, other = websites
    ann.sign_in(one.inside)

    page = ann.open(other.inside)

    assert is_in(other, page, ann)
    assert other.info(ann)["id_token"]["aud"] == other.app.id


def test_nobody_is_let_in_silently_who_has_not_signed_in(websites, ann):
    one, other = websites
    refused = ann.open(one.silently)
    assert refused.url.startswith(one.callback) and "login_required" in refused.text

    ann.sign_in(other.inside)
    let_in = ann.open(one.silently)
    assert (let_in.url, let_in.text) == (one.silently, "This is silently.")


def test_signing_out_of_one_website_ends_the_shared_session(websites, ann):
    one, other = websites
    ann.sign_in(one.inside)

    page = one.sign_out(ann)

    assert (page.url, page.text) == (one.bye, "This is bye.")
    for website in websites:
        assert "login_required" in ann.open(website.silently).text
    assert is_in(one, ann.sign_in(one.inside), ann)


def test_an_answer_with_another_state_is_refused(websites, ann):
    website = websites[0]
    asked = ann.open(website.inside, allow_redirects=False).headers["Location"]
    stranger = Person("ann")
    answer = stranger.sign_in(asked)
    assert "code=" in answer.url and answer.status_code == 400

    # The stranger's answer in the browser of somebody who asked for something else.
    victim = Person("ann")
    victim.open(website.inside, allow_redirects=False)
    refused = victim.open(answer.url)

    assert refused.status_code == 400
    assert urlsplit(victim.open(website.inside).url).path == "/login"
