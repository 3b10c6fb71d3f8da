"""Login domains: a prefix and a name of the owner's own for each pool, a name for one pool of the server."""

import itertools

import pytest
from support.aws import proves, refused, violation
from support.pools import Pool

NOWHERE = "us-east-1_000000000"
CERTIFICATE = {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/one"}
TAKEN = "Domain already associated with another user pool."
FULL = "User pool already has a domain configured."
UNKNOWN = "No such domain or user pool exists."
HAS_A_DOMAIN = "User pool cannot be deleted. It has a domain configured that should be deleted first."
MALFORMED = (
    "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and "
    r"hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$"
)
NOT_IN_LITE = "The following features need to be disabled for the LITE pricing tier configured: Managed Login"
numbers = itertools.count(1)


@pytest.fixture
def name():
    """The server is shared, and a name is taken once in it."""
    return f"tenant-{next(numbers)}"


def describe(idp, domain):
    return idp.describe_user_pool_domain(Domain=domain)["DomainDescription"]


@proves("CreateUserPoolDomain", "success")
@proves("DescribeUserPoolDomain", "success")
def test_a_prefix_is_described(pool, idp, name):
    made = idp.create_user_pool_domain(UserPoolId=pool.id, Domain=name)
    described = describe(idp, name)

    assert made["ManagedLoginVersion"] == 1 and "CloudFrontDomain" not in made
    assert described.pop("Version").isdigit()
    assert described == {
        "UserPoolId": pool.id,
        "AWSAccountId": "123456789012",
        "Domain": name,
        "Status": "ACTIVE",
        "CloudFrontDistribution": "127.0.0.1",
        "ManagedLoginVersion": 1,
    }
    assert idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["Domain"] == name


def test_a_name_of_ones_own_is_described_with_its_certificate(pool, idp, name):
    domain = f"{name}.example.com"
    made = idp.create_user_pool_domain(
        UserPoolId=pool.id, Domain=domain, ManagedLoginVersion=2, CustomDomainConfig=CERTIFICATE
    )
    described = describe(idp, domain)

    assert made["CloudFrontDomain"] == described["CloudFrontDistribution"] == "127.0.0.1"
    assert (described["Domain"], described["CustomDomainConfig"]) == (domain, CERTIFICATE)
    assert described["ManagedLoginVersion"] == made["ManagedLoginVersion"] == 2
    assert idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["CustomDomain"] == domain


def test_an_unknown_domain_is_an_empty_description(idp):
    assert describe(idp, "nobody") == {}
    assert describe(idp, "auth.example.com") == {}


@proves("CreateUserPoolDomain", "InvalidParameterException")
def test_a_pool_has_one_prefix_and_a_name_one_pool(make_pool, idp, name):
    pool, other = make_pool(), make_pool()
    idp.create_user_pool_domain(UserPoolId=pool.id, Domain=name)

    with refused("InvalidParameterException", TAKEN):
        idp.create_user_pool_domain(UserPoolId=other.id, Domain=name)
    with refused("InvalidParameterException", FULL):
        idp.create_user_pool_domain(UserPoolId=pool.id, Domain=f"{name}-more")


@pytest.mark.parametrize(
    "domain, message",
    [
        ("Tenant", MALFORMED),
        ("auth.example.com", MALFORMED),
        ("-tenant", MALFORMED),
        ("my-aws", "Domain cannot contain reserved word: aws"),
        ("amazonian", "Domain cannot contain reserved word: amazon"),
        ("cognito", "Domain cannot contain reserved word: cognito"),
    ],
)
def test_a_prefix_that_cannot_be_is_refused(pool, idp, domain, message):
    with refused("InvalidParameterException", message):
        idp.create_user_pool_domain(UserPoolId=pool.id, Domain=domain)


@proves("CreateUserPoolDomain", "FeatureUnavailableInTierException")
@proves("UpdateUserPoolDomain", "FeatureUnavailableInTierException")
def test_managed_login_is_not_for_lite(make_pool, idp, name):
    pool = make_pool(UserPoolTier="LITE")
    with refused("FeatureUnavailableInTierException", NOT_IN_LITE):
        idp.create_user_pool_domain(UserPoolId=pool.id, Domain=name, ManagedLoginVersion=2)
    idp.create_user_pool_domain(UserPoolId=pool.id, Domain=name)
    with refused("FeatureUnavailableInTierException", NOT_IN_LITE):
        idp.update_user_pool_domain(UserPoolId=pool.id, Domain=name, ManagedLoginVersion=2)


@proves("UpdateUserPoolDomain", "success")
def test_a_certificate_is_renewed_and_the_pages_are_changed(pool, idp, name):
    domain = f"{name}.example.com"
    named = {"UserPoolId": pool.id, "Domain": domain}
    idp.create_user_pool_domain(**named, CustomDomainConfig=CERTIFICATE)
    renewed = {"CertificateArn": CERTIFICATE["CertificateArn"] + "-2", "SecurityPolicy": "TLS_V1_2_2021"}

    idp.update_user_pool_domain(**named, CustomDomainConfig=renewed, ManagedLoginVersion=2)
    idp.update_user_pool_domain(**named, CustomDomainConfig=renewed)

    described = describe(idp, domain)
    assert (described["CustomDomainConfig"], described["ManagedLoginVersion"]) == (renewed, 2)


@proves("UpdateUserPoolDomain", "InvalidParameterException")
def test_a_name_of_ones_own_stays_one(pool, idp, name):
    domain = f"{name}.example.com"
    idp.create_user_pool_domain(UserPoolId=pool.id, Domain=domain, CustomDomainConfig=CERTIFICATE)
    with refused("InvalidParameterException", "Cannot convert custom domain to prefix domain."):
        idp.update_user_pool_domain(UserPoolId=pool.id, Domain=domain, ManagedLoginVersion=2)
    with refused("InvalidParameterException", UNKNOWN):
        idp.update_user_pool_domain(UserPoolId=pool.id, Domain="nobody", ManagedLoginVersion=2)


@proves("DeleteUserPoolDomain", "success")
@proves("DeleteUserPoolDomain", "InvalidParameterException")
def test_a_deleted_domain_is_free_for_others(server, make_pool, idp, name):
    pool, other = make_pool(), Pool(server, {})
    idp.create_user_pool_domain(UserPoolId=pool.id, Domain=name)
    with refused("InvalidParameterException", UNKNOWN):
        idp.delete_user_pool_domain(UserPoolId=other.id, Domain=name)

    idp.delete_user_pool_domain(UserPoolId=pool.id, Domain=name)

    assert describe(idp, name) == {}
    assert "Domain" not in idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    with refused("InvalidParameterException", UNKNOWN):
        idp.delete_user_pool_domain(UserPoolId=pool.id, Domain=name)
    idp.create_user_pool_domain(UserPoolId=other.id, Domain=name)


def test_a_pool_with_a_domain_is_not_deleted(pool, idp, name):
    idp.create_user_pool_domain(UserPoolId=pool.id, Domain=name)
    with refused("InvalidParameterException", HAS_A_DOMAIN):
        idp.delete_user_pool(UserPoolId=pool.id)

    idp.delete_user_pool_domain(UserPoolId=pool.id, Domain=name)
    idp.delete_user_pool(UserPoolId=pool.id)


@proves("CreateUserPoolDomain", "ResourceNotFoundException")
@proves("UpdateUserPoolDomain", "ResourceNotFoundException")
@proves("DeleteUserPoolDomain", "ResourceNotFoundException")
def test_an_unknown_pool_has_no_domain(idp, name):
    for operation in [idp.create_user_pool_domain, idp.update_user_pool_domain, idp.delete_user_pool_domain]:
        with refused("ResourceNotFoundException", f"User pool {NOWHERE} does not exist."):
            operation(UserPoolId=NOWHERE, Domain=name)


@proves("DescribeUserPoolDomain", "InvalidParameterException")
def test_a_domain_has_sixty_three_letters_at_the_most(server):
    long = "a" * 64
    tail = "Member must have length less than or equal to 63"
    with refused("InvalidParameterException", violation("domain", tail, long)):
        server.loose.describe_user_pool_domain(Domain=long)
