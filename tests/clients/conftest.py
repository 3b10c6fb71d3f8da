"""Fixtures: one server per engine and worker, one pool per test, and the proof of what each test claims to cover."""

import pytest
from support import aws, observed, server as servers
from support.inbox import Inbox
from support.pools import Pool
from support.postgres import Postgres
from support.serve import Serve, Site

ENGINES = ["sqlite", "postgres"]
RUNNING = []


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server in a temporary folder; without PostgreSQL this fails and says what to install."""
    running = Postgres()
    yield running
    running.stop()


@pytest.fixture(params=ENGINES, scope="session")
def engine(request):
    return request.param


@pytest.fixture(scope="session")
def store(engine, request, tmp_path_factory):
    """Called, it gives the flags of a server with a fresh, empty store of this engine."""
    if engine == "sqlite":
        # As a file, so that a second start finds it; `--ephemeral` is for the shared server.
        return lambda: ["--data", str(tmp_path_factory.mktemp("data"))]
    running = request.getfixturevalue("postgres")
    return lambda: ["--data", str(tmp_path_factory.mktemp("data")), "--database", running.fresh_database()]


def furnish(process):
    """The checked boto3 client and the inbox of a running server."""
    process.idp = aws.idp(process.endpoint)
    process.loose = aws.idp(process.endpoint, validate=False)
    process.inbox = Inbox(process.endpoint)
    RUNNING.append(process)
    return process


@pytest.fixture(scope="session")
def server(engine, store):
    running = furnish(servers.start_dev(*(["--ephemeral"] if engine == "sqlite" else store())))
    yield running
    RUNNING.remove(running)
    running.stop()


@pytest.fixture
def start_server():
    """Starts further servers of `cognate dev`; what still runs at the end is killed."""
    started = []

    def start(*flags, **options):
        started.append(furnish(servers.start_dev(*flags, **options)))
        return started[-1]

    yield start
    for running in started:
        RUNNING.remove(running)
        running.kill()


@pytest.fixture
def make_pool(server):
    return lambda **settings: Pool(server, settings)


@pytest.fixture
def pool(make_pool):
    return make_pool()


@pytest.fixture
def app(pool):
    """A client of the pool for SRP, password and refresh, without a secret."""
    return pool.app()


@pytest.fixture
def mail_pool(make_pool):
    """A pool that verifies e-mail addresses."""
    return make_pool(AutoVerifiedAttributes=["email"])


@pytest.fixture
def idp(server):
    return server.idp


@pytest.fixture
def site(tmp_path, engine, request):
    """A place for `cognate serve`."""
    database = request.getfixturevalue("postgres").fresh_database() if engine == "postgres" else None
    return Site(tmp_path, database)


@pytest.fixture
def serve(site):
    running = Serve(site).ready()
    RUNNING.append(running)
    yield running
    RUNNING.remove(running)
    running.stop()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    """A test that passed must also have seen what its `proves` marks claim."""
    observed.SEEN.clear()
    result = yield
    missing = observed.unproven(pyfuncitem)
    assert not missing, f"claimed by @proves, but not seen: {missing}"
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        for process in RUNNING:
            report.sections.append((f"log of {' '.join(process.command[:2])}", process.log()[-3000:]))
    return report
