"""Profiles never name a stage that is gone, whoever deletes it while a run writes.

Two real connections, as a run and a user have them.
"""

import threading
import time

import pytest
from psycopg2 import errors

import odoo
import odoo.tools
from odoo.modules.registry import Registry
from odoo.tools import SQL

pytestmark = pytest.mark.usefixtures("load_registry")


def open_env():
    [name] = odoo.tools.config["db_name"]
    cr = Registry(name).cursor()
    return odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})


@pytest.fixture
def user():
    env = open_env()
    yield env
    env.cr.rollback()
    env.cr.close()


@pytest.fixture
def run():
    env = open_env()
    yield env
    env.cr.rollback()
    env.cr.close()


@pytest.fixture
def profile(user):
    """Ids of a committed profile and of a stage of its own; both go afterwards."""
    company = user["res.company"].search([], order="id", limit=1)
    stage = (
        user["lifecycle.stage"]
        .with_context(install_mode=True)
        .create({"name": "Just here", "company_id": company.id, "sequence": 999})
    )
    partner = user["res.partner"].create({"name": "Customer of a test"})
    user.flush_all()
    [[profile_id]] = user.execute_query(
        SQL(
            """INSERT INTO lifecycle_profile (partner_id, company_id)
            VALUES (%s, %s) RETURNING id""",
            partner.id,
            company.id,
        )
    )
    user.cr.commit()
    yield profile_id, stage.id
    user.cr.rollback()
    user.invalidate_all()
    (user["lifecycle.stage"].browse(stage.id).exists()).unlink()
    partner.unlink()
    user.cr.commit()


def put(env, profile_id, stage_id):
    env.cr.execute(
        SQL(
            "UPDATE lifecycle_profile SET stage_id = %s WHERE id = %s",
            stage_id,
            profile_id,
        )
    )


def read_stage(env, profile_id):
    env.cr.rollback()
    env.cr.execute(
        SQL("SELECT stage_id FROM lifecycle_profile WHERE id = %s", profile_id)
    )
    return env.cr.fetchone()[0]


def hold(env):
    company = env["res.company"].search([], order="id", limit=1)
    env["lifecycle.profile"]._hold_targets(company)


def test_deleted_while_a_batch_is_written(user, run, profile):
    """The user waits for the batch, and what it wrote is cleared after all."""
    profile_id, stage_id = profile
    hold(run)
    put(run, profile_id, stage_id)
    user.cr.execute("SELECT 1")  # from here on the user sees nothing that comes
    done = []

    def delete():
        user["lifecycle.stage"].browse(stage_id).unlink()
        user.cr.commit()
        done.append(time.monotonic())

    thread = threading.Thread(target=delete)
    thread.start()
    time.sleep(0.5)
    assert not done, "the batch does not keep the stage"
    committed = time.monotonic()
    run.cr.commit()
    thread.join(30)
    assert done and done[0] > committed
    assert read_stage(run, profile_id) is None


def test_deleted_before_the_batch(user, run, profile):
    """What a batch knows from before is found to be gone."""
    profile_id, stage_id = profile
    hold(run)  # it knows the stages now
    known = run["lifecycle.stage"].browse(stage_id)
    run.cr.commit()
    put(user, profile_id, stage_id)
    user.cr.commit()
    user["lifecycle.stage"].browse(stage_id).unlink()
    user.cr.commit()
    assert read_stage(run, profile_id) is None
    segments = run["lifecycle.segment"].search([])
    with pytest.raises(errors.SerializationFailure):
        run["lifecycle.profile"]._hold_targets(
            run["res.company"].search([], limit=1), [segments[-1].id + 1000]
        )
    assert not known.exists()
