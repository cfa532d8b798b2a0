"""docs/rights.md says what the matrix says, which the tests of rights check."""

from scripts import rights_table


def test_the_page_is_up_to_date():
    page = rights_table.PAGE.read_text()
    assert rights_table.fill(page) == page


def test_the_page_has_every_kind():
    rows, roles = rights_table.read()
    assert set(rows) <= set(rights_table.HEADS)
    page = rights_table.PAGE.read_text()
    for kind in rows:
        assert page.count(rights_table.BEGIN.format(kind)) == 1
    for role in roles:
        assert f"**{role}**" in page, "say who that is"


def test_cells_are_of_a_known_kind():
    rows, roles = rights_table.read()
    allowed = {
        "model": {"", "r", "rw", "rc", "rwc", "rwd", "rwcd"},
        "field": {"", "r"},
        "method": {"", "x", "m"},
        "action": {"", "x"},
        "report": {"", "x"},
    }
    for kind, known in allowed.items():
        for row in rows[kind]:
            assert {row[role] for role in roles} <= known, row
