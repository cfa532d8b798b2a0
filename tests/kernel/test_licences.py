"""Every package that we ask for has a licence that may stand beside LGPL-3."""

import re

from scripts import licences

# in the words of the packages
FREE = re.compile(
    r"MIT|BSD|Apache|LGPL|Lesser|GPL|General Public|MPL|Mozilla|ISC|PSF|Python Software"
    r"|Zope|ZPL|Public Domain|Unlicense|HPND|PostgreSQL|0BSD|CNRI|Historical"
)


def test_every_pinned_package_is_listed():
    listed = licences.rows(licences.PAGE.read_text())
    for file in licences.FILES:
        assert set(licences.pinned(file)) <= set(listed), file


def test_versions_are_those_that_are_pinned():
    page = licences.PAGE.read_text()
    for file in licences.FILES:
        for name, version in licences.pinned(file).items():
            assert f"| {name} | {version} |" in page


def test_licences_are_free():
    listed = licences.rows(licences.PAGE.read_text())
    assert len(listed) > 30
    assert {name: text for name, text in listed.items() if not FREE.search(text)} == {}
