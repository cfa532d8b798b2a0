"""The scoring packages of the addons, without Odoo."""

import importlib.util
import sys
from pathlib import Path

ADDONS = Path(__file__).resolve().parents[2] / "addons"


def load_kernel() -> None:
    """Make ``addons/churn_scoring/scoring`` importable as ``churn_scoring_scoring``."""
    for init in sorted(ADDONS.glob("*/scoring/__init__.py")):
        name = f"{init.parents[1].name}_scoring"
        if name in sys.modules:
            continue  # as in the tests
        spec = importlib.util.spec_from_file_location(
            name, init, submodule_search_locations=[str(init.parent)]
        )
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
