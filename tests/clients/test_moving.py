"""`cognate export` and `cognate import`: a pool moves between stores, and its people sign in as before, by SRP."""

import base64
import hashlib
import hmac
import json
import subprocess

import pytest
from support.aws import refused
from support.pools import App, Pool, attributes
from support.server import binary
from support.tokens import claims, header, keys

PEOPLE = {f"person-{number}": f"Long-Password-{number}" for number in range(12)}
CSV_USERS = 6000


def cognate(*words, code=0):
    done = subprocess.run([binary(), *map(str, words)], capture_output=True, text=True, timeout=300)
    assert done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def move(pool_id, folder, number, source, target):
    """From the store of the one flags into that of the others, each under its own master key."""
    file, key = folder / f"{number}.jsonl", folder / "export.key"
    cognate("export", pool_id, file, "--key-file", key, *source)
    return json.loads(cognate("import", file, "--key-file", key, "--json", *target).stdout)


def furnished(server):
    """A pool with people, groups, and clients with and without a secret."""
    pool = Pool(server, {"AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"]})
    for name, password in PEOPLE.items():
        pool.create_user(name, UserAttributes=attributes(email=f"{name}@example.com", email_verified="true"))
        pool.set_password(name, password)
    pool.idp.create_group(UserPoolId=pool.id, GroupName="staff", Precedence=1)
    for name in ["person-1", "person-2"]:
        pool.idp.admin_add_user_to_group(UserPoolId=pool.id, Username=name, GroupName="staff")
    return pool, pool.app(), pool.app(GenerateSecret=True)


def assert_everybody_signs_in(server, pool, app, secret_app):
    here = Pool.known(server, pool.id)
    public = App.known(here, app.id)
    confidential = App.known(here, secret_app.id, secret_app.secret)
    for name, password in PEOPLE.items():
        assert public.srp(name, password).sign_in()["AuthenticationResult"]["AccessToken"]
    assert confidential.srp("person-3", PEOPLE["person-3"]).sign_in()["AuthenticationResult"]
    assert public.tokens("person-4@example.com", PEOPLE["person-4"])
    with refused("NotAuthorizedException", "Incorrect username or password."):
        public.srp("person-1", PEOPLE["person-2"]).sign_in()
    return here, public


def subs(pool):
    return {name: pool.get(name)["UserAttributes"][0]["Value"] for name in PEOPLE}


def test_passwords_survive_the_way_to_postgresql_and_back(start_server, postgres, tmp_path):
    first = ["--data", tmp_path / "first"]
    second = ["--data", tmp_path / "second", "--database", postgres.fresh_database()]
    third = ["--data", tmp_path / "third"]
    servers = [start_server(*map(str, flags)) for flags in (first, second, third)]
    pool, app, secret_app = furnished(servers[0])
    old = app.tokens("person-1", PEOPLE["person-1"])
    before = subs(pool)

    moved = move(pool.id, tmp_path, 1, first, second)
    assert moved["imported"] == {
        "users": 12, "groups": 1, "clients": 2, "resourceServers": 0, "domains": 0, "signingKeys": 2
    }  # fmt: skip
    here, public = assert_everybody_signs_in(servers[1], pool, app, secret_app)
    assert subs(here) == before
    assert claims(public.tokens("person-2", PEOPLE["person-2"])["IdToken"])["cognito:groups"] == ["staff"]
    # The signing keys moved: whoever verifies tokens knows the key of those that are out.
    published = {key["kid"] for key in keys(f"{servers[1].endpoint}/{pool.id}")}
    assert {header(old["IdToken"])["kid"], header(old["AccessToken"])["kid"]} == published

    here.set_password("person-5", PEOPLE["person-5"] + "-new")
    move(pool.id, tmp_path, 2, second, third)
    last = Pool.known(servers[2], pool.id)
    assert subs(last) == before
    changed = App.known(last, app.id).srp("person-5", PEOPLE["person-5"] + "-new").sign_in()
    assert changed["AuthenticationResult"]
    assert last.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["EstimatedNumberOfUsers"] == 12


def csv_of(pool, path):
    columns = pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["SchemaAttributes"]
    names = [column["Name"] for column in columns if column["Name"] not in ("sub", "identities")]
    names += ["cognito:username", "cognito:mfa_enabled"]
    rows = []
    for number in range(CSV_USERS):
        values = {
            "cognito:username": f"row-{number}",
            "email": f"row-{number}@example.com",
            "email_verified": "true",
            "cognito:mfa_enabled": "false",
            "birthdate": "02/29/1992",
            "address": "1 Main Street\\, Town",
        }
        rows.append(",".join(values.get(name, "") for name in names))
    path.write_text("\n".join([",".join(names), *rows]) + "\n")


@pytest.fixture
def full_file(start_server, tmp_path):
    """An export of a pool with people, and many more who came by CSV."""
    flags = ["--data", tmp_path / "source"]
    server = start_server(*map(str, flags))
    pool, app, secret_app = furnished(server)
    csv_of(pool, tmp_path / "people.csv")
    done = json.loads(cognate("import", tmp_path / "people.csv", "--csv-into", pool.id, "--json", *flags).stdout)
    assert (done["imported"], done["skipped"]) == (CSV_USERS, [])
    with refused("PasswordResetRequiredException"):
        app.tokens("row-17", "Anything-At-All-1")
    cognate("export", pool.id, tmp_path / "pool.jsonl", "--key-file", tmp_path / "export.key", *flags)
    return pool, app, secret_app


def test_an_import_that_is_killed_goes_on_and_brings_everybody_once(full_file, start_server, store, tmp_path):
    pool, app, secret_app = full_file
    flags = store()
    server = start_server(*flags)
    words = [binary(), "import", tmp_path / "pool.jsonl", "--key-file", tmp_path / "export.key", "--json", *flags]

    resumed, seconds = [], 0.02
    while True:
        run = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        try:
            answer, _ = run.communicate(timeout=seconds)
            break
        except subprocess.TimeoutExpired:
            run.kill()  # SIGKILL
            run.communicate()
            resumed.append(seconds)
            seconds *= 1.15
    assert run.returncode == 0, answer
    assert resumed, "it was never killed"
    moved = json.loads(answer)
    assert moved["resumedAfter"] > 0, f"killed {len(resumed)} times, and never after a batch"

    here, _ = assert_everybody_signs_in(server, pool, app, secret_app)
    names, token = [], {}
    while True:
        page = here.idp.list_users(UserPoolId=pool.id, Limit=60, **token)
        names += [user["Username"] for user in page["Users"]]
        token = {"PaginationToken": page["PaginationToken"]} if page.get("PaginationToken") else None
        if token is None:
            break
    assert sorted(names) == sorted([*PEOPLE, *(f"row-{number}" for number in range(CSV_USERS))])
    assert here.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["EstimatedNumberOfUsers"] == len(names)


def test_bad_files_are_named_by_line_and_leave_nothing(full_file, start_server, store, tmp_path):
    pool, _, _ = full_file
    flags = store()
    server = start_server(*flags)
    whole = (tmp_path / "pool.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    altered = whole.replace(b'"username":"row-99"', b'"username":"row-98"')
    line = 1 + next(number for number, line in enumerate(lines) if b'"username":"row-99"' in line)
    bad = tmp_path / "bad.jsonl"
    for content, said in [
        (altered, f"line {line}: this line was altered"),
        (whole[: len(whole) // 2], "cut off"),
        (b"".join(lines[:-1]), f"line {len(lines)}: the file ends here"),
        (whole.upper(), "line 1: this is no export"),
    ]:
        bad.write_bytes(content)
        done = cognate("import", bad, "--key-file", tmp_path / "export.key", *flags, code=2)
        assert said in done.stderr and "nothing was changed" in done.stderr, done.stderr
    (tmp_path / "other.key").write_text("A" * 43 + "=\n")
    (tmp_path / "other.key").chmod(0o600)
    done = cognate("import", tmp_path / "pool.jsonl", "--key-file", tmp_path / "other.key", *flags, code=2)
    assert "line 1: the file was made with export key" in done.stderr
    with refused("ResourceNotFoundException"):
        Pool.known(server, pool.id).names()
    cognate("import", tmp_path / "pool.jsonl", "--key-file", tmp_path / "export.key", *flags)
    assert Pool.known(server, pool.id).get("row-99")["UserStatus"] == "RESET_REQUIRED"


def test_the_file_is_authenticated_as_the_guide_says(start_server, tmp_path):
    """Computed here from docs/guides/moving.md alone: other programs may verify a file too."""
    flags = ["--data", tmp_path / "data"]
    server = start_server(*map(str, flags))
    cognate("export", server.info["userPoolId"], tmp_path / "a.jsonl", "--key-file", tmp_path / "key", *flags)
    lines = (tmp_path / "a.jsonl").read_bytes().splitlines()
    header = json.loads(lines[0])["header"]

    export_key = base64.b64decode((tmp_path / "key").read_text())
    assert len(export_key) == 32
    extracted = hmac.digest(header["id"].encode(), export_key, "sha256")
    key = hmac.digest(extracted, b"cognate export 1: lines\x01", "sha256")
    assert header["key"] == hashlib.sha256(b"cognate seal 1: key id" + export_key).hexdigest()[:16]
    tag = bytes(32)
    for number, line in enumerate(lines, 1):
        text, _, mac = line.partition(b',"mac":')
        tag = hmac.digest(key, tag + number.to_bytes(8, "big") + text, "sha256")
        assert json.loads(mac[:-1]) == base64.urlsafe_b64encode(tag).decode().rstrip("="), f"line {number}"
    assert json.loads(lines[-1])["footer"]["users"] == 0
