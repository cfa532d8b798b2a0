from odoo.tests import tagged

from odoo.addons.churn_scoring.tests.evidence_common import EvidenceCase

from ..hooks import uninstall_hook
from ..models.churn_evidence import KINDS


@tagged("post_install", "-at_install")
class TestUninstall(EvidenceCase):
    def test_what_nothing_can_say_any_more_goes(self):
        for number, kind in enumerate((*KINDS, "opt_out")):
            self.env.cr.execute(
                """INSERT INTO churn_evidence (partner_id, company_id, kind, source_key,
                    date, as_of, figures, weight, res_model, res_id)
                VALUES (%s, %s, %s, %s, '2026-05-01', '2026-06-15', '{}', 0.5,
                    'res.partner', %s)""",
                [
                    self.customer.id,
                    self.company.id,
                    kind,
                    f"test{number}",
                    self.customer.id,
                ],
            )
        uninstall_hook(self.env)
        left = self.evidence.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(left.mapped("kind"), ["opt_out"])
