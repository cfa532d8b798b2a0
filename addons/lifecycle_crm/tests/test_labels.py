"""What people read in filters, exports and lists tells the fields apart."""

from collections import defaultdict
from pathlib import Path

from odoo.tests import TransactionCase, tagged

OURS = {
    manifest.parent.name
    for manifest in Path(__file__).parents[2].glob("*/__manifest__.py")
}


@tagged("post_install", "-at_install")
class TestLabels(TransactionCase):
    """Of all our addons that are installed beside this one."""

    def test_no_two_fields_share_a_label(self):
        clashes = []
        for name, model in self.env.items():
            by_label = defaultdict(set)
            for field in model._fields.values():
                by_label[field.string].add(field)
            clashes += [
                f"{name}: {label}: {', '.join(sorted(field.name for field in fields))}"
                for label, fields in by_label.items()
                if len(fields) > 1
                and any(OURS.intersection(field._modules) for field in fields)
            ]
        self.assertFalse(clashes)

    def test_no_label_is_the_name_of_a_field(self):
        """Where none is given, Odoo makes one of the name: Kpi Lifecycle New Value."""
        broken = [
            f"{name}.{field.name}: {field.string}"
            for name, model in self.env.items()
            for field in model._fields.values()
            if OURS.intersection(field._modules[:1])
            and any(
                word in field.string.split()
                for word in ("Kpi", "Html", "Json", "Params", "Pos", "Clv", "Rfm")
            )
        ]
        self.assertFalse(broken)
