"""Bring the translations of our addons up to their terms.

``merge_translations.py ADDON ...`` writes ``i18n/fa.po`` and ``i18n/zh_CN.po`` of each:
every term of its ``.pot``, in that order, with the translation it had or the one that
another of our addons gives the same term. What is left empty is counted.
"""

import sys
from pathlib import Path

import polib

LANGUAGES = {
    "fa": "nplurals=2; plural=(n > 1);",
    "zh_CN": "nplurals=1; plural=0;",
}
ADDONS = Path(__file__).resolve().parents[1] / "addons"
# what changes with each export and says nothing
NOT_KEPT = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team")


def main(addons: list[str]) -> int:
    for addon in addons:
        _without_dates(ADDONS / addon / "i18n" / f"{addon}.pot")
    for language, plural in LANGUAGES.items():
        known = _all_translations(language)
        for addon in addons:
            missing = _merge(addon, language, plural, known)
            print(f"  {addon:32} {language:6} {missing:5} to translate")
    return 0


def _without_dates(path: Path) -> None:
    file = polib.pofile(str(path), wrapwidth=78)
    for name in NOT_KEPT:
        file.metadata.pop(name, None)
    file.save()


def _all_translations(language: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for path in sorted(ADDONS.glob(f"*/i18n/{language}.po")):
        for entry in polib.pofile(str(path)).translated_entries():
            known.setdefault(entry.msgid, entry.msgstr)
    return known


def _merge(addon: str, language: str, plural: str, known: dict[str, str]) -> int:
    """:return: how many terms have no translation"""
    folder = ADDONS / addon / "i18n"
    template = polib.pofile(str(folder / f"{addon}.pot"), wrapwidth=78)
    path = folder / f"{language}.po"
    own: dict[str, str] = {}
    if path.exists():
        entries = polib.pofile(str(path)).translated_entries()
        own = {entry.msgid: entry.msgstr for entry in entries}
    template.metadata["Language"] = language
    template.metadata["Plural-Forms"] = plural
    for entry in template:
        entry.msgstr = own.get(entry.msgid) or known.get(entry.msgid, "")
    template.save(str(path))
    return len(template.untranslated_entries())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
