"""Tags of pools, by the pool's ARN."""

import threading

import pytest
from support.aws import proves, refused

NOWHERE = "us-east-1_000000000"


@pytest.fixture
def arn(pool):
    return pool.described["Arn"]


def tags(idp, arn):
    return idp.list_tags_for_resource(ResourceArn=arn)["Tags"]


@proves("TagResource", "success")
@proves("UntagResource", "success")
@proves("ListTagsForResource", "success")
def test_tags_are_added_replaced_and_taken_away(make_pool, idp):
    pool = make_pool(UserPoolTags={"stage": "test", "owner": "ann"})
    arn = pool.described["Arn"]
    assert tags(idp, arn) == {"stage": "test", "owner": "ann"}

    idp.tag_resource(ResourceArn=arn, Tags={"stage": "live", "empty": ""})
    idp.untag_resource(ResourceArn=arn, TagKeys=["owner", "unknown"])

    assert tags(idp, arn) == {"stage": "live", "empty": ""}
    assert idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["UserPoolTags"] == {"stage": "live", "empty": ""}


@proves("TagResource", "InvalidParameterException")
def test_a_pool_has_fifty_tags_and_none_of_the_services_own(idp, arn):
    idp.tag_resource(ResourceArn=arn, Tags={f"key-{number}": "x" for number in range(50)})
    with refused("InvalidParameterException", "A user pool cannot have more than 50 tags."):
        idp.tag_resource(ResourceArn=arn, Tags={"one-more": "x"})
    with refused("InvalidParameterException", "aws: prefixed tag key names are not allowed for external use."):
        idp.tag_resource(ResourceArn=arn, Tags={"aws:created-by": "x"})


@proves("UntagResource", "InvalidParameterException")
@proves("ListTagsForResource", "InvalidParameterException")
def test_only_pools_have_tags(idp, arn):
    other = arn.replace("userpool/", "identitypool/")
    with refused("InvalidParameterException", "ResourceArn is not the ARN of a user pool."):
        idp.untag_resource(ResourceArn=other, TagKeys=["a"])
    with refused("InvalidParameterException", "ResourceArn is not the ARN of a user pool."):
        idp.list_tags_for_resource(ResourceArn=other)


@proves("TagResource", "ResourceNotFoundException")
@proves("UntagResource", "ResourceNotFoundException")
@proves("ListTagsForResource", "ResourceNotFoundException")
def test_an_unknown_pool_has_no_tags(idp, arn, pool):
    for other, named in [(arn.replace(pool.id, NOWHERE), NOWHERE), (arn.replace("123456789012", "9" * 12), pool.id)]:
        message = f"User pool {named} does not exist."
        with refused("ResourceNotFoundException", message):
            idp.tag_resource(ResourceArn=other, Tags={"a": "b"})
        with refused("ResourceNotFoundException", message):
            idp.untag_resource(ResourceArn=other, TagKeys=["a"])
        with refused("ResourceNotFoundException", message):
            idp.list_tags_for_resource(ResourceArn=other)
    assert tags(idp, arn) == {}


def test_tags_given_at_the_same_moment_all_survive(idp, arn):
    threads = [
        threading.Thread(target=idp.tag_resource, kwargs={"ResourceArn": arn, "Tags": {f"key-{number}": "x"}})
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(tags(idp, arn)) == {f"key-{number}" for number in range(4)}
