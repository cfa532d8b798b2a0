"""Reading on a real streaming replica, and what happens when it is not there.

A primary and a replica of their own are started, with a copy of the test database.
"""

import logging
import threading
import time
from datetime import timedelta

import psycopg2
import pytest

import odoo
from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tools import config, mute_logger

from odoo.addons.lifecycle_crm.importing import ImportOptions

from scripts.dev import postgres, replica

NAME = "lifecycle_replica"
LOGGER = "odoo.addons.lifecycle_crm.models.lifecycle_engine_reader"

pytestmark = pytest.mark.skipif(
    not postgres.is_own(),
    reason="PGHOST names a server of yours; only the own PostgreSQL brings the "
    "programs for a replica.",
)


@pytest.fixture(scope="module")
def servers():
    [source] = config["db_name"]
    with replica.pair() as (primary, standby):
        primary.copy_from_own(source, NAME)
        yield primary, standby


@pytest.fixture(scope="module")
def registry(servers):
    """Odoo on the two servers: a registry beside that of the other tests."""
    primary, standby = servers
    before = dict(config._runtime_options)
    config._runtime_options.update(
        db_host="127.0.0.1",
        db_port=primary.port,
        db_user=postgres.ROLE,
        db_password=primary.password,
        db_replica_host="127.0.0.1",
        db_replica_port=standby.port,
        test_enable=False,  # else loading a registry runs tests
    )
    try:
        registry = Registry(NAME)
        _trade(registry)
        yield registry
    finally:
        Registry.delete(NAME)
        odoo.sql_db.close_db(NAME)
        config._runtime_options.clear()
        config._runtime_options.update(before)


def _trade(registry):
    """Some purchases to read."""
    today = fields.Date.today()
    lines = [
        f"Buyer {number},{today - timedelta(days=40 * number)},{10 * number + 1}"
        for number in range(9)
    ]
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        imports = env["lifecycle.import.engine"]
        data = "\n".join(["customer,date,amount", *lines]).encode()
        plan = imports._analyse(
            env.company, data, "purchases.csv", ImportOptions(matching=("name",))
        )
        imports._execute(plan)


@pytest.fixture
def engine(registry):
    registry._db_readonly_failed_time = None  # each test finds the replica anew
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})["lifecycle.engine"]
        cr.rollback()


@pytest.fixture
def paused(servers):
    """The replica stands still."""
    _primary, standby = servers
    standby.psql("SELECT pg_wal_replay_pause()")
    yield
    standby.psql("SELECT pg_wal_replay_resume()")


def where(cr):
    """Where a cursor is: on the replica or on the primary."""
    cr.execute("SELECT pg_is_in_recovery()")
    return "replica" if cr.fetchone()[0] else "primary"


def facts(engine, cr):
    """The purchases, as the engine would read them."""
    query = engine.env["lifecycle.transaction"]._get_query(engine.env.company)
    cr.execute(query)
    return sorted(cr.fetchall())


def count(cr):
    cr.execute("SELECT COUNT(*) FROM res_partner_category")
    return cr.fetchone()[0]


def commit_one(registry):
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        return env["res.partner.category"].create({"name": f"{time.time_ns()}"})


def test_reads_on_the_replica(engine):
    def read(cr):
        cr.execute("SHOW transaction_isolation")
        [isolation] = cr.fetchone()
        cr.execute("SHOW transaction_read_only")
        [read_only] = cr.fetchone()
        return where(cr), isolation, read_only, facts(engine, cr)

    *there, rows = engine._read_from(engine.env.company, read)
    assert there == ["replica", "repeatable read", "on"]
    assert len(rows) == 9
    assert rows == facts(engine, engine.env.cr)
    with engine._open_reader(engine.env.company) as cr:
        assert where(cr) == "replica"
    assert cr.closed


def test_waits_for_what_was_committed_before(registry, engine, servers, paused):
    _primary, standby = servers
    before = count(engine.env.cr)
    engine.env.cr.rollback()
    commit_one(registry)
    resume = threading.Timer(0.7, standby.psql, ["SELECT pg_wal_replay_resume()"])
    resume.start()
    try:
        found = engine._read_from(engine.env.company, lambda cr: (where(cr), count(cr)))
    finally:
        resume.join()
    assert found == ("replica", before + 1)


def test_does_not_wait_for_what_is_on_no_disk(engine, monkeypatch):
    """The log may end in a piece that nobody waits for, and that is never sent."""
    monkeypatch.setattr(f"{LOGGER}.REPLICA_PATIENCE", 2.0)
    monkeypatch.setattr(f"{LOGGER}._FLUSHED", 0.0)
    ahead = engine._get_flushed() + 10**9
    engine.env.cr.rollback()
    with engine.env.registry.cursor(readonly=True) as cr:
        assert where(cr) == "replica"
        assert engine._wait_for_replica(cr, ahead) is None
        # before that time it might be a commit that is about to be written
        monkeypatch.setattr(f"{LOGGER}._FLUSHED", 60.0)
        monkeypatch.setattr(f"{LOGGER}.REPLICA_PATIENCE", 0.2)
        assert "still behind" in engine._wait_for_replica(cr, ahead)


def test_is_one_snapshot(registry, engine):
    with engine._open_reader(engine.env.company) as cr:
        before = count(cr)
        commit_one(registry)
        # by now the replica has it
        assert engine._read_from(engine.env.company, count) == before + 1
        assert count(cr) == before


def test_one_that_lags_is_not_waited_for_longer(
    registry, engine, paused, monkeypatch, caplog
):
    monkeypatch.setattr(f"{LOGGER}.REPLICA_PATIENCE", 0.3)
    commit_one(registry)
    expected = facts(engine, engine.env.cr)
    engine.env.cr.rollback()
    with caplog.at_level(logging.WARNING, LOGGER):
        found = engine._read_from(
            engine.env.company, lambda cr: (where(cr), facts(engine, cr))
        )
    assert found == ("primary", expected)
    assert "read on the primary database" in caplog.text
    assert "after 0.3 seconds it is still behind" in caplog.text


def test_what_only_this_transaction_knows(engine):
    company = engine.env.company
    before = count(engine.env.cr)
    engine.env["res.partner.category"].create({"name": "Not committed"})
    found = engine._read_from(company, lambda cr: (where(cr), count(cr)))
    assert found == ("primary", before + 1)


def test_few_customers(engine):
    assert engine._read_from(engine.env.company, where, partner_ids=[1]) == "primary"


def test_without_a_replica(engine, monkeypatch):
    monkeypatch.setitem(config._runtime_options, "db_replica_host", None)
    with engine._open_reader(engine.env.company) as cr:
        assert cr is engine.env.cr


def test_what_fails_on_the_primary_fails(engine):
    """Not everything that goes wrong meanwhile is the replica's fault."""
    calls = []

    def read(cr):
        calls.append(where(cr))
        with mute_logger("odoo.sql_db"):
            engine.env.cr.execute("SET LOCAL statement_timeout = 10")
            engine.env.cr.execute("SELECT pg_sleep(1)")

    with pytest.raises(psycopg2.errors.QueryCanceled):
        engine._read_from(engine.env.company, read)
    assert calls == ["replica"]
    with pytest.raises(ZeroDivisionError):
        engine.env.cr.rollback()
        engine._read_from(engine.env.company, lambda cr: 1 / 0)


def test_cancelled_by_a_conflict(engine, servers, caplog):
    """The primary does what the replica cannot replay while somebody reads."""
    primary, _standby = servers
    calls = []

    def read(cr):
        calls.append(where(cr))
        found = count(cr)
        if len(calls) == 1:
            primary.psql(
                "BEGIN; LOCK TABLE res_partner_category; COMMIT", database=NAME
            )
            with mute_logger("odoo.sql_db"):
                cr.execute("SELECT pg_sleep(60)")
        return found

    expected = count(engine.env.cr)
    engine.env.cr.rollback()
    with caplog.at_level(logging.WARNING, LOGGER):
        assert engine._read_from(engine.env.company, read) == expected
    assert calls == ["replica", "primary"]
    assert "conflict with recovery" in caplog.text


def test_killed_in_the_middle(registry, engine, servers, caplog):
    _primary, standby = servers
    expected = facts(engine, engine.env.cr)
    engine.env.cr.rollback()
    calls = []

    def read(cr):
        calls.append(where(cr))
        if len(calls) == 1:
            standby.stop("immediate")
        with mute_logger("odoo.sql_db"):
            return facts(engine, cr)

    try:
        with caplog.at_level(logging.WARNING, LOGGER):
            assert engine._read_from(engine.env.company, read) == expected
            assert calls == ["replica", "primary"]
            assert "it failed" in caplog.text
            # still away, from the beginning on
            assert engine._read_from(engine.env.company, where) == "primary"
        assert "it cannot be reached" in caplog.text
    finally:
        standby.start()
    registry._db_readonly_failed_time = None
    assert engine._read_from(engine.env.company, where) == "replica"


def test_runs_and_history(registry, monkeypatch):
    """What the scheduled actions read of all customers, with all they do before."""
    engine, seen = registry["lifecycle.engine"], []
    read = engine._read_customers

    def spy(records, company, as_of, partner_ids=None, cr=None, **options):
        seen.append(where(cr))
        return read(records, company, as_of, partner_ids, cr, **options)

    monkeypatch.setattr(engine, "_read_customers", spy)
    registry._db_readonly_failed_time = None
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        runs, rebuilds = env["lifecycle.run"], env["lifecycle.rebuild"]
        companies = env.company
        runs.search([]).unlink()
        runs._request(companies, "manual")
        rebuilds.search([]).unlink()
        rebuilds._request(companies, "manual", 3)
        cr.commit()
        runs._process_pending()
        rebuilds._process_open()
        assert runs.search([]).mapped("state") == ["done"]
        assert rebuilds.search([]).mapped("state") == ["done"]
    assert seen == ["replica", "replica"]
