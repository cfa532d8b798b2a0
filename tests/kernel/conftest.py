"""Makes each addon's scoring package importable by itself.

``addons/lifecycle_crm/scoring`` becomes the package ``lifecycle_crm_scoring``. Imported
as a part of its addon it would bring Odoo with it; here it must work without.
"""

import importlib.util
import os
import sys
from pathlib import Path

# thousands of tiny fits: threads would only wait for each other
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

ADDONS = Path(__file__).resolve().parents[2] / "addons"


def load_scoring(folder: Path) -> str:
    name = f"{folder.parent.name}_scoring"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return name


SCORING = [load_scoring(init.parent) for init in ADDONS.glob("*/scoring/__init__.py")]
