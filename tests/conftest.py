"""What several files of tests stand on."""

import pytest


@pytest.fixture(scope="session")
def killed_company(load_registry, tmp_path_factory):
    """Databases whose runs are killed: see ``tests.killed``."""
    from tests.killed.databases import Databases

    with Databases(tmp_path_factory.mktemp("killed")) as databases:
        yield databases
