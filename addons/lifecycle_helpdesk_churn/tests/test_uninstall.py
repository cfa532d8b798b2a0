from odoo.tests import tagged

from odoo.addons.churn_scoring.tests.evidence_common import EvidenceCase

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestUninstall(EvidenceCase):
    def test_what_tickets_told_goes(self):
        """Also those of SLAs and ratings, and what was measured of them."""
        known = set(self.evidence._get_evidence_sources())
        for kind in known:
            self.env.cr.execute(
                """INSERT INTO churn_evidence (partner_id, company_id, kind, source_key,
                    date, as_of, figures, weight, res_model, res_id)
                VALUES (%s, %s, %s, 'test', '2026-05-01', '2026-06-15', '{}', 0.5,
                    'res.partner', %s)""",
                [self.customer.id, self.company.id, kind, self.customer.id],
            )
        reports = self.env["churn.evidence.report"]
        reports.search([("company_id", "=", self.company.id)]).unlink()
        reports.create(
            [{"company_id": self.company.id, "kind": kind} for kind in known]
        )
        uninstall_hook(self.env)
        of_tickets = {kind for kind in known if "ticket" in kind or "rating" in kind}
        self.assertLessEqual({"ticket", "ticket_promise"}, of_tickets)
        left = self.evidence.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(set(left.mapped("kind")), known - of_tickets)
        left = reports.search([("company_id", "=", self.company.id)])
        self.assertEqual(set(left.mapped("kind")), known - of_tickets)
