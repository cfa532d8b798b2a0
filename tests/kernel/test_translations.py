"""What translations of our addons must keep of their terms."""

import re
from collections import Counter
from pathlib import Path

import polib
import pytest

ADDONS = Path(__file__).resolve().parents[2] / "addons"
FILES = sorted(ADDONS.glob("*/i18n/*.po"))
NAMED = re.compile(r"%\([a-z_0-9]+\)[a-z]|%[sdf]|%%|\$?\{[^}\s]*\}|\{\{.*?\}\}")
# what makes a page: an element lost or added breaks the view or mail it stands in
ELEMENT = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
EXPRESSION = re.compile(r"""t-(?:out|if|elif|foreach|att[a-z-]*)=(["'])(.*?)\1""")


def translated():
    return [
        pytest.param(path, id=f"{path.parents[1].name}-{path.stem}") for path in FILES
    ]


@pytest.mark.parametrize("path", translated())
def test_placeholders_are_kept(path):
    """Else a sentence fails the moment it is shown, in that language only."""
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(path)).translated_entries()
        if Counter(NAMED.findall(entry.msgid)) != Counter(NAMED.findall(entry.msgstr))
    ]
    assert not wrong


@pytest.mark.parametrize("path", translated())
def test_elements_and_expressions_are_kept(path):
    wrong = []
    for entry in polib.pofile(str(path)).translated_entries():
        for kind in (ELEMENT, EXPRESSION):
            before = Counter(map(str, kind.findall(entry.msgid)))
            after = Counter(map(str, kind.findall(entry.msgstr)))
            # a span may be added, for the direction of a link among Persian words
            if before - after or (after - before).keys() - {"span"}:
                wrong.append(entry.msgid)
    assert not wrong


@pytest.mark.parametrize("path", translated())
def test_every_term_is_there_once(path):
    template = polib.pofile(str(path.parent / f"{path.parents[1].name}.pot"))
    terms = [entry.msgid for entry in polib.pofile(str(path))]
    assert len(terms) == len(set(terms))
    assert set(terms) == {entry.msgid for entry in template}


@pytest.mark.parametrize("path", translated())
def test_everything_is_translated(path):
    assert not [e.msgid for e in polib.pofile(str(path)).untranslated_entries()]
