"""The spreadsheet that is shipped is the one that its script makes."""

import json

from scripts import spreadsheet_dashboard


def test_file_is_what_the_script_makes():
    assert spreadsheet_dashboard.FILE.read_text() == spreadsheet_dashboard.to_text()


def test_formulas_ask_for_pivots_and_lists_that_are_there():
    sheet = json.loads(spreadsheet_dashboard.to_text())
    cells = {
        f"{one['name']}!{name}": text
        for one in sheet["sheets"]
        for name, text in one["cells"].items()
    }
    for name, text in cells.items():
        for kind, known in (("PIVOT", "pivots"), ("LIST", "lists")):
            for part in text.split(f"{kind}")[1:]:
                number = part.partition("(")[2].partition(",")[0].rstrip(")")
                assert number in sheet[known], (name, text)
    for figure in sheet["sheets"][0]["figures"]:
        for key in ("keyValue", "baseline"):
            if key in figure["data"]:
                assert figure["data"][key] in cells
