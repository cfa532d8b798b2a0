"""The documentation leads where it says, and shows what is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
EXAMPLE = DOCS / "example" / "lifecycle_example_contract"
LINK = re.compile(r"\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.M)
BLOCK = re.compile(r"^```(python|xml|js)\n(.*?)^```$", re.M | re.S)


def get_anchors(page):
    """Anchors of the headings of a page, as GitHub makes them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in HEADING.findall(text)
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    broken = []
    for link in LINK.findall(page.read_text()):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _hash, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in get_anchors(target)):
            broken.append(link)
    assert not broken


def test_every_page_is_in_the_readme():
    linked = set(LINK.findall((ROOT / "README.md").read_text()))
    pages = {f"docs/{page.name}" for page in DOCS.glob("*.md")}
    assert not pages - linked


def test_excerpts_are_in_the_example():
    sources = [
        path.read_text()
        for path in EXAMPLE.rglob("*")
        if path.suffix in (".py", ".xml", ".js")
    ]
    blocks = [
        text for _kind, text in BLOCK.findall((DOCS / "extending.md").read_text())
    ]
    assert len(blocks) > 8
    assert not [text for text in blocks if not any(text in s for s in sources)]
