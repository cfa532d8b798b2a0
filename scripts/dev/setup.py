"""Everything the other commands stand on: Odoo, its Python, PostgreSQL."""

import contextlib
from collections.abc import Iterator

from . import odoo_source, postgres, python_env
from .files import lock, prepare_local
from .odoo import Odoo
from .settings import OCA, OCA_PINS


def parts() -> Odoo:
    """Odoo and its virtual environment, without a database server."""
    prepare_local()
    with lock("setup"):
        source = odoo_source.ensure()
        python_env.ensure(source)
        python_env.ensure_folder(OCA, OCA_PINS, "OCA's addons")
    return Odoo(source)


@contextlib.contextmanager
def everything() -> Iterator[Odoo]:
    odoo = parts()
    with postgres.used():
        yield odoo
