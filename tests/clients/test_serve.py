"""`cognate serve`: every signed operation is verified, unsafe settings stop the start, stores are not mixed up."""

import concurrent.futures
import datetime
import json

import botocore.auth
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from support.aws import ACCESS_KEY, SECRET_KEY, TARGET, idp, refused
from support.pools import PASSWORD
from support.serve import Serve
from support.server import StartFailed, start_dev

JSON = "application/x-amz-json-1.1"


@pytest.fixture
def keys(site):
    return site.create_key()


@pytest.fixture
def client(serve, keys):
    return idp(serve.endpoint, keys=keys)


def signed(url, keys, service="cognito-idp", region="us-east-1", body=b'{"MaxResults":1}', operation="ListUserPools"):
    """The headers of a signed call, ready to be bent."""
    headers = {"Content-Type": JSON, "X-Amz-Target": f"{TARGET}.{operation}"}
    request = AWSRequest("POST", url + "/", data=body, headers=headers)
    SigV4Auth(Credentials(*keys), service, region).add_auth(request)
    return dict(request.prepare().headers)


def send(url, headers, body=b'{"MaxResults":1}'):
    return requests.post(url + "/", data=body, headers=headers, timeout=30)


def check_refused(answer, *names):
    assert answer.status_code in (400, 403), answer.text
    assert answer.headers["x-amzn-ErrorType"].rstrip(":") in names, answer.text
    assert "UserPools" not in answer.text


def test_a_key_made_by_the_command_works_with_boto3(client):
    pool = client.create_user_pool(PoolName="real")["UserPool"]["Id"]
    app = client.create_user_pool_client(
        UserPoolId=pool, ClientName="app", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )
    client.admin_create_user(UserPoolId=pool, Username="ann", MessageAction="SUPPRESS")
    client.admin_set_user_password(UserPoolId=pool, Username="ann", Password=PASSWORD, Permanent=True)
    result = client.initiate_auth(
        ClientId=app["UserPoolClient"]["ClientId"], AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": PASSWORD},
    )["AuthenticationResult"]  # fmt: skip

    assert client.get_user(AccessToken=result["AccessToken"])["Username"] == "ann"


def test_a_signed_call_by_hand_works(serve, keys):
    """So that the refusals below are for the reason that each names."""
    assert send(serve.endpoint, signed(serve.endpoint, keys)).status_code == 200


def test_an_unsigned_call_is_refused(serve):
    answer = send(serve.endpoint, {"Content-Type": JSON, "X-Amz-Target": f"{TARGET}.ListUserPools"})
    check_refused(answer, "MissingAuthenticationTokenException")
    assert answer.json()["message"] == "Missing Authentication Token"


def test_an_unknown_key_is_refused(serve):
    answer = send(serve.endpoint, signed(serve.endpoint, (ACCESS_KEY, SECRET_KEY)))
    check_refused(answer, "UnrecognizedClientException")


def test_a_wrong_secret_is_refused(serve, keys):
    answer = send(serve.endpoint, signed(serve.endpoint, (keys[0], SECRET_KEY)))
    check_refused(answer, "InvalidSignatureException")


@pytest.mark.parametrize("minutes", [-30, 30])
def test_a_call_of_another_time_is_refused(serve, keys, monkeypatch, minutes):
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *_, **__: then.replace(tzinfo=None))
    check_refused(send(serve.endpoint, signed(serve.endpoint, keys)), "InvalidSignatureException")


def test_a_captured_call_cannot_be_sent_again(serve, keys):
    headers = signed(serve.endpoint, keys)
    assert send(serve.endpoint, headers).status_code == 200
    for _ in range(3):
        check_refused(send(serve.endpoint, headers), "InvalidSignatureException")


def test_equal_calls_of_one_second_are_no_replays_to_each_other(client):
    """boto3 signs whole seconds: ten equal calls may carry one signature, and all are meant."""
    with concurrent.futures.ThreadPoolExecutor(10) as executor:
        answers = list(executor.map(lambda _: client.list_user_pools(MaxResults=1), range(10)))
    assert len(answers) == 10


def test_a_captured_signature_is_good_for_nothing_else(serve, keys):
    headers = signed(serve.endpoint, keys)
    check_refused(send(serve.endpoint, headers, b'{"MaxResults":60}'), "InvalidSignatureException")
    bent = {**headers, "X-Amz-Target": f"{TARGET}.CreateUserPool"}
    check_refused(send(serve.endpoint, bent), "InvalidSignatureException")
    bent = {
        **headers,
        "X-Amz-Date": headers["X-Amz-Date"][:-3] + ("00Z" if headers["X-Amz-Date"][-3:] != "00Z" else "01Z"),
    }
    check_refused(send(serve.endpoint, bent), "InvalidSignatureException")


def test_a_signature_for_another_service_is_refused(serve, keys):
    check_refused(send(serve.endpoint, signed(serve.endpoint, keys, service="s3")), "InvalidSignatureException")


NO_SIGNATURE = "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=00"


@pytest.mark.parametrize("authorization", ["", "Basic YTpi", "AWS4-HMAC-SHA256", NO_SIGNATURE])
def test_an_authorization_that_is_none_is_refused(serve, keys, authorization):
    headers = {**signed(serve.endpoint, keys), "Authorization": authorization}
    check_refused(
        send(serve.endpoint, headers),
        "IncompleteSignatureException",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "UnrecognizedClientException",
    )


def test_the_target_must_be_signed(serve, keys):
    """A signature that does not cover the target could be moved to another operation."""
    body = b'{"MaxResults":1}'
    request = AWSRequest("POST", serve.endpoint + "/", data=body, headers={"Content-Type": JSON})
    SigV4Auth(Credentials(*keys), "cognito-idp", "us-east-1").add_auth(request)
    headers = {**dict(request.prepare().headers), "X-Amz-Target": f"{TARGET}.ListUserPools"}
    check_refused(send(serve.endpoint, headers, body), "InvalidSignatureException", "IncompleteSignatureException")


def test_a_revoked_key_is_refused(site, serve, keys):
    """Revoked by another process, while the server knows the key well: refused at once."""
    for _ in range(3):
        idp(serve.endpoint, keys=keys).list_user_pools(MaxResults=1)
    done = site.command("keys", "revoke", keys[0])
    assert done.returncode == 0, done.stderr
    listed = site.command("keys", "list")
    assert listed.returncode == 0 and keys[1] not in listed.stdout

    with refused("UnrecognizedClientException"):
        idp(serve.endpoint, keys=keys).list_user_pools(MaxResults=1)


def test_public_operations_need_no_signature(serve, keys, client):
    pool = client.create_user_pool(PoolName="public")["UserPool"]["Id"]
    app = client.create_user_pool_client(UserPoolId=pool, ClientName="app")["UserPoolClient"]["ClientId"]
    body = json.dumps({"ClientId": app, "Username": "ann", "Password": PASSWORD}).encode()
    answer = send(serve.endpoint, {"Content-Type": JSON, "X-Amz-Target": f"{TARGET}.SignUp"}, body)
    assert answer.status_code == 200 and answer.json()["UserConfirmed"] is False


def test_nothing_of_dev_is_shown(serve):
    for path in ["/dev/messages", "/dev/inbox"]:
        assert requests.get(serve.endpoint + path, timeout=30).status_code == 404
    assert requests.post(serve.endpoint + "/dev/reset", timeout=30).status_code == 404


def start_fails(site):
    """What `serve` says when it refuses to start; `check` says the same without starting."""
    with pytest.raises(StartFailed) as caught:
        Serve(site).ready()
    checked = site.command("check")
    assert caught.value.code not in (0, None) and checked.returncode != 0
    return caught.value.log, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    "table, key, value",
    [
        ("server", "colour", "blue"),
        ("paint", "colour", "blue"),
        ("server", "environment", None),
        ("server", "environment", "dev"),
        ("server", "public_url", None),
        ("server", "public_url", "not a url"),
        ("server", "listen", "nowhere"),
        ("server", "allow_http_public_url", None),
        ("server", "faces", "pigeon"),
        ("store", "database", "oracle:thing"),
        ("messages", "smtp_host", "mail.example.com"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_unknown_or_unsafe_setting_stops_the_start_and_is_named(site, table, key, value):
    site.change(table, key, value)
    for said in start_fails(site):
        assert key in said or table in said, said


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_without_a_master_key_nothing_starts(site):
    (site.folder / "master.key").unlink()
    for said in start_fails(site):
        assert "master" in said


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_master_key_that_others_can_read_stops_the_start(site):
    (site.folder / "master.key").chmod(0o644)
    for said in start_fails(site):
        assert "master" in said


def test_a_sound_configuration_passes_the_check(site):
    done = site.command("check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_dev_refuses_a_store_that_is_not_its_own(serve, site, tmp_path):
    serve.stop()
    with pytest.raises(StartFailed) as caught:
        start_dev("--data", str(tmp_path / "dev"), "--database", site.tables["store"]["database"])
    assert caught.value.code not in (0, None) and "test" in caught.value.log
    # And it left the store alone.
    again = Serve(site).ready()
    again.stop()


def test_serve_refuses_a_store_of_dev(site, tmp_path):
    dev = start_dev("--data", str(tmp_path / "dev"), "--database", site.tables["store"]["database"])
    dev.stop()
    with pytest.raises(StartFailed) as caught:
        Serve(site).ready()
    assert "dev" in caught.value.log


def test_serve_refuses_a_store_of_another_environment(serve, site):
    serve.stop()
    site.change("server", "environment", "staging")
    with pytest.raises(StartFailed) as caught:
        Serve(site).ready()
    assert "staging" in caught.value.log and "test" in caught.value.log
