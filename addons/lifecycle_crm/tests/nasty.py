"""Names that somebody could give to make a screen, a mail or a file do something.

What runs is seen by its result: 7*191 is 1337, a number that stands in none of them.
"""

from lxml import html

NASTY = {
    "html": "<img src=x onerror=alert(1)><b>Bold</b>",
    "script": "</p></td><script>alert(1)</script>",
    "qweb": '<t t-out="7*191"/><t t-esc="7*191"/>',
    "inline": "{{ 7*191 }} ${7*191} {7*191} #{7*191}",
    "format": "%s %(name)s {0} {name} %%",
    "sql": "'; DROP TABLE res_partner; --",
    "formula": "=cmd|' /C calc'!A0",
    "override": "invoice\u202egpj.exe",
    "lines": "Jane\n2026-01-01 00:00:00,000 1 CRITICAL db odoo: forged",
    "long": "Long " + "x" * 10_000,
}


class NastyMixin:
    """Looks at what came out of such names."""

    def _check_html(self, text, name, label=""):
        """In a piece of HTML the name is text: nothing of it became an element."""
        text = str(text)
        self.assertNotIn("1337", text, label)
        page = html.fromstring(f"<div>{text}</div>")
        self.assertFalse(page.xpath("//img[@onerror]"), label)
        self.assertFalse(
            [
                node
                for node in page.xpath("//script")
                if "alert(1)" in node.text_content()
            ],
            label,
        )
        shown = " ".join(page.text_content().split())
        self.assertIn(" ".join(name.split()), shown, label)

    def _check_plain(self, value, label=""):
        """Values for the client are plain text, which it escapes; nothing was run."""
        if isinstance(value, dict):
            for key, item in value.items():
                self._check_plain(item, f"{label}.{key}")
        elif isinstance(value, (list, tuple)):
            for item in value:
                self._check_plain(item, label)
        elif isinstance(value, str):
            self.assertFalse(hasattr(value, "__html__"), f"{label}: {value[:100]}")
            self.assertNotIn("1337", value, label)
