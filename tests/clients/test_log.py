"""Nothing secret is logged: a server at its most talkative, everything that can go right and wrong, then its log."""

import contextlib

from botocore.exceptions import ClientError
from support.aws import post
from support.pools import Pool, attributes


def test_no_password_token_code_or_address_reaches_the_log(start_server, store):
    server = start_server(*store(), env={"COGNATE__SERVER__LOG": "trace"})
    pool = Pool(server, {"AutoVerifiedAttributes": ["email", "phone_number"]})
    app = pool.app(GenerateSecret=True)
    secrets = [
        "Secret-Password-91",
        "Wrong-Password-17",
        "Temporary-Secret-53",
        "hidden.address@example.com",
        "+12065559731",
        app.secret,
    ]
    password, wrong, temporary, mail, phone, _ = secrets

    app.sign_up("ann", password, attributes=attributes(email=mail))
    secrets.append(server.inbox.code(mail))
    for attempt in [
        lambda: app.sign_up("ann", wrong),
        lambda: app.confirm("ann", "000000"),
        lambda: app.password("ann", wrong),
    ]:
        with contextlib.suppress(ClientError):
            attempt()
    app.confirm("ann", secrets[-1])
    result = app.tokens("ann", password)
    srp = app.srp("ann", password)
    srp.first()
    other = srp.second()["AuthenticationResult"]
    pool.idp.admin_create_user(
        UserPoolId=pool.id, Username="bob", TemporaryPassword=temporary, UserAttributes=attributes(phone_number=phone)
    )
    session = app.password("bob", temporary)["Session"]
    post(server.endpoint, "InitiateAuth", b'{"AuthParameters": {"PASSWORD": "Broken-Secret-77"')
    post(server.endpoint, "SignUp", {"ClientId": 5, "Password": ["Broken-Secret-77"]})
    server.idp.get_user(AccessToken=result["AccessToken"])
    server.idp.global_sign_out(AccessToken=other["AccessToken"])
    server.stop()

    for one in [result, other]:
        secrets += [one[kind].rsplit(".", 1)[1] for kind in ["AccessToken", "IdToken", "RefreshToken"]]
    secrets += [
        session,
        "Broken-Secret-77",
        srp.proof()["PASSWORD_CLAIM_SIGNATURE"],
        "BEGIN PRIVATE KEY",
        "hidden.address",
    ]
    log = server.log()
    assert log, "a server at level trace that logs nothing proves nothing"
    assert [secret for secret in secrets if secret in log] == []
    assert "panicked" not in log
