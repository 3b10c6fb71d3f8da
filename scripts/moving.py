"""A pool on its way from SQLite to PostgreSQL, and what must be true of it on either side."""

import contextlib
import hashlib
import itertools
import json
import os
import random
import sqlite3
import subprocess
from urllib.parse import urlsplit

from measured import must, peak_mb
from pycognito.aws_srp import AWSSRP
from support import aws, tokens
from support.serve import Serve, Site

# What both stores must say alike, in bytewise order. What is sealed is sealed for its store.
STORED = {
    "users": "SELECT user_id, username, status, attributes FROM users ORDER BY user_id",
    "user_aliases": "SELECT user_id, kind, value FROM user_aliases ORDER BY kind, value",
    "user_search": "SELECT user_id, attribute, folded_value FROM user_search ORDER BY attribute, folded_value, user_id",
}


class Postgres:
    """Questions to the private server, by psql."""

    def __init__(self, programs, url):
        self.url, where = url, urlsplit(url)
        self.psql = str(programs / "psql")
        access = {"PGHOST": where.hostname, "PGPORT": str(where.port), "PGUSER": where.username}
        self.environment = {**os.environ, **access, "PGPASSWORD": where.password}

    def lines(self, database, query):
        command = [self.psql, "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", query]
        environment = {**self.environment, "PGDATABASE": database}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
            yield from (line.rstrip("\n") for line in child.stdout)
        must(child.returncode == 0, f"psql failed: {query}")

    def create(self, database):
        list(self.lines("postgres", f"CREATE DATABASE {database}"))
        return self.url.rpartition("/")[0] + "/" + database


class Pool:
    """One pool on its way. Its files and SQLite's store lie in its folder."""

    def __init__(self, steps, postgres, folder, programs, users):
        self.steps, self.postgres, self.programs, self.users = steps, postgres, programs, users
        self.folder, self.database = folder / str(users), f"people_{users}"
        for name in ("old", "new"):
            (self.folder / name).mkdir(parents=True)
        self.url = postgres.create(self.database)
        self.old, self.new = Site(self.folder / "old"), Site(self.folder / "new", self.url)
        made = [programs / "people-file", users, self.folder / "made.jsonl", self.folder / "export.key"]
        self.people = steps.run(users, "make the users", made)

    def cognate(self, step, site, *words, **options):
        place = ["--key-file", self.folder / "export.key", "--config", site.file]
        return self.steps.run(self.users, step, [self.programs / "cognate", *words, "--json", *place], **options)

    def export(self, step, site, file):
        exported = self.cognate(step, site, "export", self.people["userPoolId"], self.folder / file)["exported"]
        must(exported["users"] == self.users, f"{step}: {exported['users']:,} users of {self.users:,}")

    def out_of_sqlite(self):
        self.cognate("import into SQLite", self.old, "import", self.folder / "made.jsonl")
        (self.folder / "made.jsonl").unlink()
        self.export("export from SQLite", self.old, "old.jsonl")

    def into_postgres(self, **options):
        return self.cognate("import into PostgreSQL", self.new, "import", self.folder / "old.jsonl", **options)

    def out_of_postgres(self):
        self.export("export from PostgreSQL", self.new, "new.jsonl")

    def into_postgres_killed(self):
        half = self.users // 2
        answer = self.into_postgres(enough=lambda: self.lines_done() >= half)
        must(answer is None, "the import was done before it could be killed: take more --users")
        there = self.count("users")
        self.steps.note(f"killed with {there:,} users there")
        must(half - 10 < there < self.users, f"killed half-way, the import had brought {there:,} users")
        must(self.count("user_pools") == 0, "killed half-way, the import had shown the pool already")

        resumed = self.into_postgres()["resumedAfter"]
        self.steps.note(f"went on after line {resumed:,}")
        must(half <= resumed < self.users, f"killed after line {half:,}, the import went on after line {resumed:,}")

    def lines_done(self):
        if self.count("pg_tables WHERE tablename = 'imports'") == 0:
            return 0  # the import makes the tables
        return self.number("SELECT COALESCE(MAX(lines_done), 0) FROM imports")

    def count(self, what):
        return self.number(f"SELECT COUNT(*) FROM {what}")

    def number(self, query):
        (line,) = self.postgres.lines(self.database, query)
        return int(line)

    def compare_stores(self, sample):
        """A sample of what SQLite has: [id, username] of each."""
        with self.steps.step(self.users, "compare the stores"):
            for key in ("user_id", "username"):
                different = self.count(f"(SELECT DISTINCT {key} FROM users) AS found")
                must(different == self.users, f"PostgreSQL has {different:,} different {key}s, not {self.users:,}")
            must(self.count("imports WHERE finished_at IS NULL") == 0, "the import left a row that is unfinished")

            picked, places = [], set(random.sample(range(self.users), sample))
            with contextlib.closing(sqlite3.connect(f"file:{self.folder}/old/store.db?mode=ro", uri=True)) as store:
                for table, query in STORED.items():
                    wanted = places if table == "users" else ()
                    old, kept = digest(("\t".join(row) for row in store.execute(query)), wanted)
                    new, _ = digest(self.postgres.lines(self.database, f"COPY ({query}) TO STDOUT"))
                    must(old == new, f"{table} differ: {old[0]:,} rows in SQLite, {new[0]:,} in PostgreSQL")
                    must(table != "users" or new[0] == self.users, f"PostgreSQL has {new[0]:,} users")
                    picked += kept
        return [line.split("\t")[:2] for line in picked]

    def compare_exports(self):
        with self.steps.step(self.users, "compare the exports"):
            number, files = 0, [users_of(self.folder / file) for file in ("old.jsonl", "new.jsonl")]
            for number, (old, new) in enumerate(itertools.zip_longest(*files), 1):
                must(old == new, f"the exports differ in user {(old or new)['id']}")
            must(number == self.users, f"the exports have {number:,} users, not {self.users:,}")

    def sign_in(self, sample):
        """On PostgreSQL. The site is made anew, because its ports were free a long time ago."""
        with self.steps.step(self.users, "sign in by SRP") as row:
            server = Serve(Site(self.folder / "new", self.url)).ready()
            try:
                idp = aws.idp(server.endpoint)
                for sub, username in sample:
                    said = self.token(server, idp, username, self.people["password"])
                    must(said, f"{username} cannot sign in with the old password")
                    who = said["sub"], said["cognito:username"]
                    must(who == (sub, username), f"{username} ({sub}) signed in as {who[1]} ({who[0]})")
                wrong = self.token(server, idp, sample[0][1], "Another-Horse-9")
                must(wrong is None, f"{sample[0][1]} signs in with a wrong password")
                row["note"], row["peak"] = f"{len(sample)} of {len(sample)}", peak_mb(server.child.pid)
                server.stop()
            finally:
                server.kill()

    def token(self, server, idp, username, password):
        """The claims of a verified ID token; nothing if the password is refused."""
        pool, client = self.people["userPoolId"], self.people["clientId"]
        try:
            answer = AWSSRP(username, password, pool, client, client=idp).authenticate_user()
        except idp.exceptions.NotAuthorizedException:
            return None
        return tokens.verified(answer["AuthenticationResult"]["IdToken"], f"{server.endpoint}/{pool}", client)


def digest(lines, wanted=()):
    """(their number, their digest), and those at the wanted places."""
    number, hashed, kept = 0, hashlib.sha256(), []
    for number, line in enumerate(lines, 1):
        hashed.update(line.encode() + b"\n")
        if number - 1 in wanted:
            kept.append(line)
    return (number, hashed.hexdigest()), kept


def users_of(file):
    """All that an export says of each, but for the verifier, which is sealed anew every time."""
    with file.open("rb") as lines:
        for line in lines:
            if line.startswith(b'{"user":'):
                user = json.loads(line)["user"]
                del user["password"]["verifier"]
                yield user
