"""ListUsers: every searchable attribute, both operators, pages, and the attributes that are asked for."""

import pytest
from support.aws import proves, refused, violation
from support.pools import Pool, as_dict, attributes

PARSE = "Error while parsing filter"


@pytest.fixture(scope="module")
def crowd(server):
    """One pool for all questions: nobody here changes it."""
    pool = Pool(server, {})
    pool.subs = {}
    for name, given, mail, phone in [
        ("ann", "Anna", "Ann@Example.com", "+12065550001"),
        ("Anders", "Anders", "anders@example.com", "+12065550002"),
        ("bob", 'Bob "the" Builder', "bob@example.org", "+442065550003"),
        ("çelik", "Çelik", "celik@example.org", "+12065550004"),
        ("under_score%", "100%", "under_score@example.net", "+12065550005"),
    ]:
        made = pool.user(
            name, email=mail, phone_number=phone, given_name=given, family_name=f"F-{name}", name=given,
            preferred_username=f"p-{name}",
        )  # fmt: skip
        pool.subs[name] = as_dict(made["Attributes"])["sub"]
    pool.create_user("zoe", UserAttributes=attributes(given_name="Zoe"))
    return pool


EVERYBODY = ["Anders", "ann", "bob", "under_score%", "zoe", "çelik"]
QUESTIONS = {
    'username = "ann"': ["ann"],
    'username = "ANN"': [],
    'username ^= "an"': ["ann"],
    'username ^= "An"': ["Anders"],
    'username="bob"': ["bob"],
    'username   ^=   "b"': ["bob"],
    'username = "under_score%"': ["under_score%"],
    'username ^= "under%"': [],
    'username ^= "a_n"': [],
    'username ^= "ç"': ["çelik"],
    'email = "ann@example.com"': ["ann"],
    'email = "ANN@EXAMPLE.COM"': ["ann"],
    'email ^= "an"': ["Anders", "ann"],
    'email^="AN"': ["Anders", "ann"],
    'email = "ann@example"': [],
    'phone_number = "+12065550002"': ["Anders"],
    'phone_number ^= "+1206"': ["Anders", "ann", "under_score%", "çelik"],
    'given_name = "anna"': ["ann"],
    'given_name ^= "AN"': ["Anders", "ann"],
    'given_name = "bob \\"the\\" builder"': ["bob"],
    'given_name ^= "100%"': ["under_score%"],
    'given_name ^= "çe"': ["çelik"],
    'name = "ANNA"': ["ann"],
    'family_name ^= "f-a"': ["Anders", "ann"],
    'preferred_username = "P-BOB"': ["bob"],
    'cognito:user_status = "CONFIRMED"': ["Anders", "ann", "bob", "under_score%", "çelik"],
    'cognito:user_status = "force_change_password"': ["zoe"],
    'cognito:user_status ^= "force"': ["zoe"],
    'status = "Enabled"': EVERYBODY,
    'status = "Disabled"': [],
    'status = "enabled"': [],
    "": EVERYBODY,
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_filter_finds_exactly(crowd, question):
    assert crowd.names(Filter=question) == sorted(QUESTIONS[question])


def test_a_user_is_found_by_sub(crowd):
    for name, sub in crowd.subs.items():
        assert crowd.names(Filter=f'sub = "{sub}"') == [name]
    assert crowd.names(Filter='sub = "00000000-0000-0000-0000-000000000000"') == []


@proves("ListUsers", "InvalidParameterException")
@pytest.mark.parametrize(
    "question, message",
    [
        ("username", PARSE),
        ("username = ann", PARSE),
        ('username = "ann', PARSE),
        ('username == "ann"', PARSE),
        ('username > "ann"', PARSE),
        ('= "ann"', PARSE),
        ('username = "ann" and email = "x"', PARSE),
        ('username = "ann" x', PARSE),
        ('custom:foo = "1"', "Invalid search attribute: custom:foo"),
        ('nickname = "1"', "Invalid search attribute: nickname"),
    ],
)
def test_a_filter_outside_the_grammar_is_refused(crowd, question, message):
    with refused("InvalidParameterException", message):
        crowd.names(Filter=question)


def test_a_filter_has_at_most_256_characters(crowd):
    question = f'username = "{"x" * 250}"'
    with refused(
        "InvalidParameterException", violation("filter", "Member must have length less than or equal to 256", question)
    ):
        crowd.names(Filter=question)


@proves("ListUsers", "success")
def test_a_listed_user_has_what_the_console_shows(crowd, idp):
    (user,) = idp.list_users(UserPoolId=crowd.id, Filter='username = "ann"')["Users"]

    assert set(user) == {"Username", "Attributes", "UserCreateDate", "UserLastModifiedDate", "Enabled", "UserStatus"}
    assert (user["Username"], user["Enabled"], user["UserStatus"]) == ("ann", True, "CONFIRMED")
    assert as_dict(user["Attributes"]) == {
        "sub": crowd.subs["ann"], "email": "Ann@Example.com", "phone_number": "+12065550001", "given_name": "Anna",
        "family_name": "F-ann", "name": "Anna", "preferred_username": "p-ann",
    }  # fmt: skip


def test_only_the_attributes_asked_for_are_given(crowd, idp):
    users = idp.list_users(UserPoolId=crowd.id, Filter='username = "ann"', AttributesToGet=["email"])["Users"]
    assert as_dict(users[0]["Attributes"]) == {"email": "Ann@Example.com"}


def test_an_attribute_that_a_listed_user_lacks_is_an_error(crowd, idp):
    with refused("InvalidParameterException"):
        idp.list_users(UserPoolId=crowd.id, AttributesToGet=["email"])
    with refused("InvalidParameterException"):
        idp.list_users(UserPoolId=crowd.id, AttributesToGet=["custom:nothing"])


@pytest.mark.parametrize("size", [1, 2, 5, 6, 60])
@pytest.mark.parametrize("question", ["", 'status = "Enabled"', 'phone_number ^= "+"'])
def test_pages_hold_everybody_once(crowd, idp, size, question):
    whole = crowd.names(Filter=question)
    pages, token = [], {}
    while True:
        page = idp.list_users(UserPoolId=crowd.id, Filter=question, Limit=size, **token)
        pages.append([user["Username"] for user in page["Users"]])
        if "PaginationToken" not in page:
            break
        token = {"PaginationToken": page["PaginationToken"]}
        assert len(pages) < 20

    assert sorted(name for page in pages for name in page) == whole
    assert all(len(page) <= size for page in pages)


def test_botos_paginator_walks_all_pages(crowd, idp):
    pages = idp.get_paginator("list_users").paginate(UserPoolId=crowd.id, PaginationConfig={"PageSize": 2})
    assert sorted(user["Username"] for page in pages for user in page["Users"]) == sorted(EVERYBODY)


def test_no_limit_and_a_limit_of_nought_mean_sixty(pool, idp):
    for number in range(61):
        pool.create_user(f"user{number:02}")
    for limit in [{}, {"Limit": 0}]:
        page = idp.list_users(UserPoolId=pool.id, **limit)
        assert len(page["Users"]) == 60 and page["PaginationToken"]


def test_a_limit_has_its_bounds(crowd, idp):
    with refused(
        "InvalidParameterException", violation("limit", "Member must have value less than or equal to 60", 61)
    ):
        idp.list_users(UserPoolId=crowd.id, Limit=61)


def test_a_page_token_is_good_only_where_it_came_from(crowd, idp, pool):
    token = idp.list_users(UserPoolId=crowd.id, Limit=1)["PaginationToken"]
    for query in [
        {"UserPoolId": crowd.id, "PaginationToken": "made-up"},
        {"UserPoolId": pool.id, "PaginationToken": token},
    ]:
        with refused("InvalidParameterException", "Invalid pagination token given."):
            idp.list_users(**query)


@proves("ListUsers", "ResourceNotFoundException")
def test_an_unknown_pool_is_not_found(idp):
    with refused("ResourceNotFoundException", "User pool us-east-1_000000000 does not exist."):
        idp.list_users(UserPoolId="us-east-1_000000000")


def test_a_user_is_found_at_once_and_gone_at_once(pool):
    pool.create_user("ann", UserAttributes=attributes(email="swift@example.com"))
    assert pool.names(Filter='email = "swift@example.com"') == ["ann"]
    pool.delete("ann")
    assert pool.names(Filter='email = "swift@example.com"') == [] and pool.names() == []
