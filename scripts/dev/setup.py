"""Everything the other commands stand on: Odoo, its Python, PostgreSQL."""

import contextlib
from collections.abc import Iterator

from . import odoo_source, postgres, python_env
from .files import lock, prepare_local
from .odoo import Odoo


def parts() -> Odoo:
    """Odoo and its virtual environment, without a database server."""
    prepare_local()
    with lock("setup"):
        source = odoo_source.ensure()
        python_env.ensure(source)
    return Odoo(source)


@contextlib.contextmanager
def everything() -> Iterator[Odoo]:
    odoo = parts()
    with postgres.used():
        yield odoo
