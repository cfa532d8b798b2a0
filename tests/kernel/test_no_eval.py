"""Nothing that somebody typed is ever run: what could do so is listed, and why not."""

import ast
import re
from pathlib import Path

import pytest
from lxml import etree

ADDONS = Path(__file__).parents[2] / "addons"
# Names that run text, or what was packed, when they are called.
RUNNING = {
    *("eval", "exec", "compile", "__import__", "safe_eval", "test_python_expr"),
    *("literal_eval", "import_module", "system", "popen", "Popen", "run_module"),
    *("loads", "load", "unpickle", "Unpickler", "_import_from_string"),
}
# Where they may stand.  literal_eval reads literals alone: no name, no call, no
# attribute; the domain that comes of it has fields and values, and Odoo makes SQL of
# it with parameters.  np.load is told not to unpickle.  json reads data.
ALLOWED = {
    ("lifecycle_crm/models/lifecycle_domain_mixin.py", "literal_eval"),
    ("lifecycle_mass_mailing/models/lifecycle_mailing_rule.py", "literal_eval"),
    ("churn_scoring/scoring/trees.py", "load"),
}
SOURCES = sorted(
    path
    for path in ADDONS.glob("*/**/*.py")
    if "/tests/" not in path.as_posix() and path.name != "__manifest__.py"
)
SCRIPTS = sorted(
    path
    for path in ADDONS.glob("*/static/src/**/*")
    if path.suffix in (".js", ".xml") and "/lib/" not in path.as_posix()
)


def calls(tree):
    """Names of what is called, with the object they are called on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield function.attr, ast.unparse(function.value)
            elif isinstance(function, ast.Name):
                yield function.id, ""


def running(source):
    """Names in a text of Python that run something, sorted."""
    found = set()
    for name, of in calls(ast.parse(source)):
        if name in RUNNING and of not in ("json", "re"):
            found.add(name)
    return sorted(found)


def test_what_runs_is_found():
    assert running("safe_eval(x)") == ["safe_eval"]
    assert running("import os; os.system(x)") == ["system"]
    assert running("pickle.loads(x); json.loads(x); re.compile(x)") == ["loads"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ADDONS)))
def test_no_text_is_run(path):
    name = path.relative_to(ADDONS).as_posix()
    found = {(name, what) for what in running(path.read_text())}
    assert found <= ALLOWED


def test_what_is_allowed_is_there():
    for name, what in ALLOWED:
        assert running((ADDONS / name).read_text()) == [what]
    trees = (ADDONS / "churn_scoring/scoring/trees.py").read_text()
    assert (
        len(re.findall(r"np\.load\([^()]*(\([^()]*\))?, allow_pickle=False\)", trees))
        == 1
    )


def test_no_sql_is_put_together_from_strings():
    """cr.execute takes SQL(...) or a fixed text, never a text with holes filled in."""
    bad = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = getattr(node.func, "id", name)
            first = node.args[0]
            filled = isinstance(first, (ast.JoinedStr, ast.BinOp)) or (
                isinstance(first, ast.Call)
                and isinstance(first.func, ast.Attribute)
                and first.func.attr == "format"
            )
            if name in ("SQL", "execute", "execute_query", "executemany") and filled:
                bad.append(f"{path.relative_to(ADDONS)}:{node.lineno}")
    assert not bad


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: str(p.relative_to(ADDONS)))
def test_the_client_shows_text_as_text(path):
    pattern = (
        r"\beval\(|new Function\(|innerHTML|outerHTML|insertAdjacentHTML|\bmarkup\b"
    )
    assert not re.search(pattern, path.read_text())
    assert "t-raw" not in path.read_text()


def test_code_that_we_ship_is_fixed():
    """The code of server actions calls one method of ours; no data stands in it."""
    codes = []
    for path in ADDONS.glob("*/*/*.xml"):
        for record in etree.parse(path).iterfind(".//record"):
            if record.get("model") in ("ir.actions.server", "ir.cron"):
                for field in record.iterfind("field[@name='code']"):
                    codes.append("".join(field.itertext()).strip())
    assert len(codes) > 30
    shape = r"(action = )?(model|records)(\.with_context\([\w=\", ]*\))?"
    shape += r"(\.mapped\('\w+'\))?\.\w+\((['\"]\w*['\"])?\)"
    for code in codes:
        assert re.fullmatch(shape, code), code
