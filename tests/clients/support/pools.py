"""A pool for one test, its app clients and users, made through boto3 only."""

import base64
import hashlib
import hmac
import itertools

from pycognito.aws_srp import AWSSRP

PASSWORD = "Correct-Horse-9"
TEMPORARY = "Temporary-Pass-1"
FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


def attributes(**values):
    """`attributes(email="a@b.example", custom__rank="1")`: a double underscore stands for the colon."""
    return [{"Name": name.replace("__", ":"), "Value": value} for name, value in values.items()]


def as_dict(listed):
    names = [attribute["Name"] for attribute in listed]
    assert len(names) == len(set(names)), f"an attribute twice: {names}"
    return {attribute["Name"]: attribute["Value"] for attribute in listed}


def secret_hash(username, client_id, secret):
    digest = hmac.new(secret.encode(), (username + client_id).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


class App:
    """One app client of a pool: what a program that only has a client id can do."""

    def __init__(self, pool, settings):
        self.pool, self.idp = pool, pool.idp
        made = self.idp.create_user_pool_client(
            UserPoolId=pool.id, **{"ClientName": "app", "ExplicitAuthFlows": FLOWS, **settings}
        )["UserPoolClient"]
        self.id, self.secret = made["ClientId"], made.get("ClientSecret")

    @classmethod
    def known(cls, pool, client_id, secret=None):
        """A client that is there already."""
        app = cls.__new__(cls)
        app.pool, app.idp, app.id, app.secret = pool, pool.idp, client_id, secret
        return app

    def hashed(self, username, key="SecretHash"):
        return {key: secret_hash(username, self.id, self.secret)} if self.secret else {}

    def sign_up(self, username, password=PASSWORD, attributes=(), **more):
        return self.idp.sign_up(
            ClientId=self.id, Username=username, Password=password, UserAttributes=list(attributes),
            **{**self.hashed(username), **more},
        )  # fmt: skip

    def confirm(self, username, code, **more):
        return self.idp.confirm_sign_up(
            ClientId=self.id, Username=username, ConfirmationCode=code, **{**self.hashed(username), **more}
        )

    def resend(self, username, **more):
        return self.idp.resend_confirmation_code(
            ClientId=self.id, Username=username, **{**self.hashed(username), **more}
        )

    def start(self, flow, **parameters):
        """InitiateAuth with exactly these parameters."""
        return self.idp.initiate_auth(ClientId=self.id, AuthFlow=flow, AuthParameters=parameters)

    def answer(self, challenge, session=None, **responses):
        """RespondToAuthChallenge with exactly these responses; a double underscore stands for the dot."""
        responses = {name.replace("__", "."): value for name, value in responses.items()}
        handle = {"Session": session} if session else {}
        return self.idp.respond_to_auth_challenge(
            ClientId=self.id, ChallengeName=challenge, ChallengeResponses=responses, **handle
        )

    def password(self, username, password=PASSWORD):
        """The whole answer of USER_PASSWORD_AUTH."""
        return self.start(
            "USER_PASSWORD_AUTH", USERNAME=username, PASSWORD=password, **self.hashed(username, "SECRET_HASH")
        )

    def tokens(self, username, password=PASSWORD):
        return self.password(username, password)["AuthenticationResult"]

    def refresh(self, refresh_token, **more):
        return self.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=refresh_token, **more)

    def srp(self, username, password=PASSWORD):
        return Srp(self, username, password)


class Srp:
    """Both steps of USER_SRP_AUTH, apart, with pycognito's arithmetic."""

    def __init__(self, app, username, password):
        self.app = app
        self.math = AWSSRP(username, password, app.pool.id, app.id, client=app.idp, client_secret=app.secret)

    def first(self):
        self.asked = self.math.get_auth_params()
        self.challenge = self.app.start("USER_SRP_AUTH", **self.asked)
        return self.challenge

    def proof(self):
        return self.math.process_challenge(self.challenge["ChallengeParameters"], self.asked)

    def second(self, **changed):
        return self.app.answer("PASSWORD_VERIFIER", self.challenge.get("Session"), **{**self.proof(), **changed})

    def sign_in(self):
        self.first()
        return self.second()


class Pool:
    numbers = itertools.count(1)

    def __init__(self, server, settings):
        self.server, self.idp, self.inbox = server, server.idp, server.inbox
        self.described = self.idp.create_user_pool(**{"PoolName": f"pool {next(self.numbers)}", **settings})["UserPool"]
        self.id = self.described["Id"]
        self.issuer = f"{server.endpoint}/{self.id}"

    @classmethod
    def known(cls, server, pool_id):
        """A pool that is there already."""
        pool = cls.__new__(cls)
        pool.server, pool.idp, pool.inbox, pool.id = server, server.idp, server.inbox, pool_id
        return pool

    def app(self, **settings):
        return App(self, settings)

    def create_user(self, username, **more):
        """AdminCreateUser without a message."""
        return self.idp.admin_create_user(
            UserPoolId=self.id, Username=username, **{"MessageAction": "SUPPRESS", **more}
        )["User"]

    def set_password(self, username, password=PASSWORD, permanent=True):
        return self.idp.admin_set_user_password(
            UserPoolId=self.id, Username=username, Password=password, Permanent=permanent
        )

    def user(self, username, password=PASSWORD, **attribute_values):
        """A confirmed user with a password of their own."""
        made = self.create_user(username, UserAttributes=attributes(**attribute_values))
        self.set_password(made["Username"], password)
        return made

    def get(self, username):
        return self.idp.admin_get_user(UserPoolId=self.id, Username=username)

    def delete(self, username):
        return self.idp.admin_delete_user(UserPoolId=self.id, Username=username)

    def names(self, **query):
        return sorted(user["Username"] for user in self.idp.list_users(UserPoolId=self.id, **query)["Users"])
