"""Who asks: for most calls an administrator of the platform; for calls that end sessions or lock accounts somebody made for them.

In every second case that fits the document, what cannot be guessed is put in: the password, a refresh token, an event's
signature. The choice goes by the number of the call, so the same seed asks the same.
"""

import atexit
import base64
import hashlib
import hmac
import itertools
import json
import os
import time
from collections import Counter, defaultdict

import requests
import schemathesis

DEV = json.loads(os.environ["COGNATE_DEV"])
API = DEV["endpoint"] + "/v1"
PASSWORD = "Correct-Horse-9"
AWS = requests.Session()
PLAIN = requests.Session()
NUMBERS = itertools.count(1)


def aws(operation, body):
    headers = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}", "Content-Type": "application/x-amz-json-1.1"}
    answer = AWS.post(DEV["endpoint"], data=json.dumps(body), headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


class Person:
    """Somebody confirmed, with a password."""

    def __init__(self):
        self.email = f"person{next(NUMBERS)}@example.com"
        self.password = PASSWORD
        pool = {"UserPoolId": DEV["userPoolId"], "Username": self.email}
        attributes = [{"Name": "email", "Value": self.email}, {"Name": "email_verified", "Value": "true"}]
        aws("AdminCreateUser", {**pool, "MessageAction": "SUPPRESS", "UserAttributes": attributes})
        aws("AdminSetUserPassword", {**pool, "Password": PASSWORD, "Permanent": True})
        self.session = None
        self.calls = 0

    def sign_in(self):
        body = {"identifier": self.email, "password": self.password}
        answer = PLAIN.post(f"{API}/auth/sign-in", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        self.session = answer.json()
        return self.session

    def administers(self):
        return self


# A wrong password counts, and what counts locks: somebody else before that.
CALLS_OF_ONE = {"/v1/auth/sign-out": 1, "/v1/auth/password": 3, "/v1/auth/password-verifications": 3}
# Sessions are renewed well before anything could have ended one for long.
CALLS_OF_A_SESSION = 200

people = {}


def who(path):
    most = CALLS_OF_ONE.get(path)
    key = path if most else ""
    person = people.get(key)
    if person is None or (most and person.calls >= most):
        person = people[key] = Person()
        if not most:
            person.administers()
    if person.session is None or (not most and person.calls % CALLS_OF_A_SESSION == 0):
        person.sign_in()
    person.calls += 1
    return person


@schemathesis.auth(refresh_interval=None)
class Bearer:
    def get(self, case, ctx):
        return who(case.operation.path).session["accessToken"]

    def set(self, case, data, ctx):
        case.headers["Authorization"] = f"Bearer {data}"


def stranger():
    return people.get("stranger") or people.setdefault("stranger", Person())


def sign_in(case):
    person = stranger()
    case.body = {"identifier": person.email, "password": person.password}


def refresh(case):
    case.body = {"refreshToken": stranger().sign_in()["refreshToken"]}


def sign_out(case):
    case.body = {"refreshToken": people["/v1/auth/sign-out"].session["refreshToken"]}


def verify(case):
    case.body = {"password": people["/v1/auth/password-verifications"].password}


def change(case):
    person = people["/v1/auth/password"]
    new = f"Correct-Horse-{next(NUMBERS)}"
    case.body = {"currentPassword": person.password, "newPassword": new}
    person.calls = CALLS_OF_ONE["/v1/auth/password"]


def sign_up(case):
    case.body = {"email": f"person{next(NUMBERS)}@example.com", "password": PASSWORD, "name": "Ann"}


def code_of(email):
    """The newest that was sent there."""
    messages = PLAIN.get(f"{DEV['endpoint']}/dev/messages", params={"to": email}, timeout=30).json()
    return messages[0]["code"]


def confirm(case):
    email = f"person{next(NUMBERS)}@example.com"
    PLAIN.post(f"{API}/auth/sign-up", json={"email": email, "password": PASSWORD}, timeout=30)
    case.body = {"identifier": email, "code": code_of(email)}


def finish_reset(case):
    email = Person().email
    PLAIN.post(f"{API}/auth/password-resets", json={"identifier": email}, timeout=30)
    case.body = {"identifier": email, "code": code_of(email), "newPassword": f"Correct-Horse-{next(NUMBERS)}"}


def new_password(case):
    email = f"person{next(NUMBERS)}@example.com"
    pool = {"UserPoolId": DEV["userPoolId"], "Username": email, "TemporaryPassword": PASSWORD}
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    aws("AdminCreateUser", {**pool, "MessageAction": "SUPPRESS", "UserAttributes": attributes})
    asked = PLAIN.post(f"{API}/auth/sign-in", json={"identifier": email, "password": PASSWORD}, timeout=30).json()
    session = asked["challenge"]["session"]
    case.body = {"session": session, "newPassword": f"Correct-Horse-{next(NUMBERS)}"}


KNOWING = {
    ("POST", "/v1/auth/sign-in"): sign_in,
    ("POST", "/v1/auth/challenges/new-password"): new_password,
    ("POST", "/v1/auth/token/refresh"): refresh,
    ("POST", "/v1/auth/sign-up"): sign_up,
    ("POST", "/v1/auth/sign-up/confirm"): confirm,
    ("POST", "/v1/auth/password-resets/confirm"): finish_reset,
    ("POST", "/v1/auth/sign-out"): sign_out,
    ("POST", "/v1/auth/password-verifications"): verify,
    ("PATCH", "/v1/auth/password"): change,
}


class Signed(requests.auth.AuthBase):
    """An event as its provider signs it."""

    def __call__(self, request):
        event, at = f"event-{next(NUMBERS)}", str(int(time.time()))
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        key = base64.b64decode(os.environ["COGNATE_WEBHOOK_SECRET"].removeprefix("whsec_"))
        digest = hmac.new(key, f"{event}.{at}.".encode() + body, hashlib.sha256).digest()
        signature = "v1," + base64.b64encode(digest).decode()
        request.headers.update({"webhook-id": event, "webhook-timestamp": at, "webhook-signature": signature})
        return request


def fits(case):
    meta = case.meta
    return meta is not None and meta.generation.mode.is_positive and case.method == case.operation.method.upper()


calls = Counter()


@schemathesis.hook
def before_call(context, case, kwargs):
    key = (case.operation.method.upper(), case.operation.path)
    if not fits(case):
        return
    version = case.headers.get("If-Match")
    if version and not version.endswith('"'):
        # The coverage phase reads the quotes of an entity tag as JSON's, and drops them.
        case.headers["If-Match"] = f'"{version}"'
    calls[key] += 1
    if calls[key] % 2:
        return
    if key in KNOWING:
        KNOWING[key](case)
    elif key[1] == "/v1/auth/webhook" and isinstance(case.body, dict):
        case.body = {**case.body, "userPoolId": DEV["userPoolId"]}
        kwargs["auth"] = Signed()


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """A 400 without `errors` is what a provider refused of what has the form of the contract: attributes that its accounts do
    not have, or that have to be given. Which they are is the provider's to say, and no document can."""
    if type(failure).__name__ == "RejectedPositiveData" and case.operation.path in BY_PROVIDER:
        return "errors" in response.json()
    return True


BY_PROVIDER = {"/v1/auth/sign-up", "/v1/auth/challenges/new-password"}

asked, well, statuses = Counter(), Counter(), defaultdict(Counter)


@schemathesis.hook
def after_call(context, case, response):
    name = f"{case.operation.method.upper()} {case.operation.path}"
    asked[name] += 1
    statuses[name][response.status_code] += 1
    well[name] += 200 <= response.status_code < 400


@atexit.register
def tell():
    told = {"cases": sum(asked.values()), "asked": asked, "well": well, "statuses": statuses}
    with open(os.environ["COGNATE_TOLD"], "w") as file:
        json.dump(told, file)
