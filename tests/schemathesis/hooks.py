"""Who asks: for most calls an administrator of the platform; for calls that end sessions or lock accounts somebody made for them.

In every second case that fits the document, what cannot be guessed is put in: the password, a refresh token, an event's
signature. The choice goes by the number of the call, so the same seed asks the same.
"""

import atexit
import base64
import contextlib
import hashlib
import hmac
import itertools
import json
import os
import subprocess
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
        """As an operator makes one: by the command, on the store of the running server."""
        sub = json.loads(base64.urlsafe_b64decode(self.sign_in()["accessToken"].split(".")[1] + "=="))["sub"]
        command = [os.environ["COGNATE_BIN"], "auth-api", "admins", "add", "--sub", sub, "--data", os.environ["COGNATE_DATA"]]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


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
            workspace()
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


def one_of(case, ways):
    """Parameters of which exactly one is asked for, which no document can say either."""
    given = [name for name in ways if name in (case.query or {})]
    for name in given[1:]:
        del case.query[name]
    return bool(given)


def users(case):
    if not one_of(case, ["sub", "email", "name", "role"]):
        case.query = {**(case.query or {}), "name": "a"}
    case.query.pop("next", None)  # it names somebody, and begins elsewhere for each of the ways


def audit(case):
    query = case.query or {}
    if "kind" in query or "target" in query:
        case.query = {"kind": "subject", "target": "1", **query}
        for name in ("actor", "workspace"):
            case.query.pop(name, None)
    else:
        one_of(case, ["actor", "workspace"])


class Refused(Exception):
    """What was to be known before a call could not be had: too many invitations in an hour, a workspace that was archived. The
    call is then made as it was generated."""


def call(method, path, body=None, person=None):
    bearer = {"Authorization": f"Bearer {(person or people['']).session['accessToken']}"}
    answer = PLAIN.request(method, API + path, json=body, headers=bearer, timeout=30)
    if answer.status_code in (409, 429):
        raise Refused
    assert answer.status_code < 300, f"{method} {path}: {answer.text}"
    return answer.json() if answer.content else None


def workspace():
    """One of the administrator's own, for whoever belongs to it or leaves it; made before they have as many as they may."""
    if "workspace" not in people:
        people["workspace"] = call("POST", "/workspaces", {"name": "Works"})["id"]
    return people["workspace"]


def subject(person):
    person.sign_in()
    return call("GET", "/auth/subject", person=person)["id"]


def invited():
    """Somebody, and what their mail brought."""
    person = Person()
    call("POST", f"/workspaces/{workspace()}/invitations", {"email": person.email, "role": "member"})
    person.sign_in()
    return person, code_of(person.email)


def remove_member(case):
    person, token = invited()
    call("POST", "/invitations/accept", {"token": token}, person)
    case.path_parameters.update(id=workspace(), subjectId=subject(person))


def remove_invitation(case):
    kept = call("POST", f"/workspaces/{workspace()}/invitations", {"email": Person().email, "role": "member"})
    case.path_parameters.update(id=workspace(), invitationId=kept["id"])


def accept(case):
    person, token = invited()
    case.headers["Authorization"] = f"Bearer {person.session['accessToken']}"
    case.body = {"token": token}


def reset_user(case):
    case.path_parameters["id"] = subject(Person())


def policy():
    """A policy that holds for nothing, so that the others are asked of what they would be asked of without it."""
    return {"id": f"policy-{next(NUMBERS)}", "source": "permit (principal, action, resource) when { false };"}


def add_policy(case):
    case.headers.pop("If-Match", None)
    case.body = policy()


def known_policy(case):
    kept = call("POST", "/admin/policies", policy())
    case.headers.pop("If-Match", None)
    case.path_parameters["id"] = kept["id"]
    if case.method == "PUT":
        case.body = {"source": kept["source"] + " "}
    if case.method != "DELETE":
        call_later.append(kept["id"])


call_later = []  # policies that are taken away again: there are at most a hundred


def tidy():
    while call_later:
        call("DELETE", f"/admin/policies/{call_later.pop()}")


ONE_OF = {("GET", "/v1/admin/users"): users, ("GET", "/v1/admin/audit"): audit}

# What makes somebody or something first costs several calls.
CALLS_OF_EIGHT = {
    ("DELETE", "/v1/workspaces/{id}/members/{subjectId}"),
    ("POST", "/v1/invitations/accept"),
    ("DELETE", "/v1/workspaces/{id}/invitations/{invitationId}"),
    ("POST", "/v1/admin/users/{id}/password-resets"),
    ("GET", "/v1/admin/policies/{id}"),
    ("PUT", "/v1/admin/policies/{id}"),
    ("DELETE", "/v1/admin/policies/{id}"),
}

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
    ("DELETE", "/v1/workspaces/{id}/members/{subjectId}"): remove_member,
    ("POST", "/v1/invitations/accept"): accept,
    ("DELETE", "/v1/workspaces/{id}/invitations/{invitationId}"): remove_invitation,
    ("POST", "/v1/admin/users/{id}/password-resets"): reset_user,
    ("POST", "/v1/admin/policies"): add_policy,
    ("GET", "/v1/admin/policies/{id}"): known_policy,
    ("PUT", "/v1/admin/policies/{id}"): known_policy,
    ("DELETE", "/v1/admin/policies/{id}"): known_policy,
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
    if key in ONE_OF:
        ONE_OF[key](case)
    calls[key] += 1
    if calls[key] % 2 or (key in CALLS_OF_EIGHT and calls[key] % 8):
        return
    if key in KNOWING:
        with contextlib.suppress(Refused):
            KNOWING[key](case)
    elif key[1] == "/v1/auth/webhook" and isinstance(case.body, dict):
        case.body = {**case.body, "userPoolId": DEV["userPoolId"]}
        kwargs["auth"] = Signed()


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """What no document can say. A 400 without `errors` is what a provider refused of what has the form of the contract:
    attributes that its accounts do not have, or that have to be given. And some sentences tell of what is kept."""
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    errors = response.json().get("errors")
    if errors is None:
        return case.operation.path not in BY_PROVIDER
    # A network is not a matter of form alone: `10.0.0.0/33` is none.
    return not all(error["message"] in OF_WHAT_IS_KEPT or error["message"].endswith("is no network.") for error in errors)


BY_PROVIDER = {"/v1/auth/sign-up", "/v1/auth/challenges/new-password", "/v1/admin/users"}
OF_WHAT_IS_KEPT = {
    "There is no such role.",
    "There is no such role for members of a workspace.",
    "There is no such subject.",
    "A person stays one.",
}

asked, well, statuses = Counter(), Counter(), defaultdict(Counter)


@schemathesis.hook
def after_call(context, case, response):
    name = f"{case.operation.method.upper()} {case.operation.path}"
    asked[name] += 1
    statuses[name][response.status_code] += 1
    well[name] += 200 <= response.status_code < 400
    if name == "POST /v1/admin/policies" and response.status_code == 201:
        call_later.append(response.json()["id"])
    if "/admin/policies" not in name:
        tidy()


@atexit.register
def tell():
    told = {"cases": sum(asked.values()), "asked": asked, "well": well, "statuses": statuses}
    with open(os.environ["COGNATE_TOLD"], "w") as file:
        json.dump(told, file)
