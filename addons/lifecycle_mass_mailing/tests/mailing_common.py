from odoo.tests import new_test_user

from odoo.addons.lifecycle_play.tests.gate_common import GateCase


class MailingCase(GateCase):
    """Customers in two stages, and short ways to send them a mailing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.lifecycle_quiet = False
        # what waits in the queue is not what a test sends
        cls.env["mailing.mailing"].search([("state", "!=", "done")]).active = False
        cls.lapsed = cls.env.ref("lifecycle_crm.stage_lapsed")
        cls.active = cls.env.ref("lifecycle_crm.stage_active")
        cls.gone = cls._customers(cls.lapsed, 3)
        cls.here = cls._customers(cls.active, 2)
        groups = "mass_mailing.group_mass_mailing_user"
        own = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        cls.mailer = new_test_user(cls.env, "only_mailer", groups, **own)
        cls.marketer = new_test_user(
            cls.env, "marketer", f"{groups},sales_team.group_sale_salesman", **own
        )

    @classmethod
    def _customers(cls, stage, number):
        partners = cls.env["res.partner"].union(
            *(cls._customer() for _number in range(number))
        )
        cls._put(partners, stage)
        return partners

    @classmethod
    def _put(cls, partners, stage):
        """Let customers stand in a stage, as a run would."""
        profiles = cls.env["lifecycle.profile"].search(
            [("partner_id", "in", partners.ids), ("company_id", "=", cls.company.id)]
        )
        cls.env.cr.execute(
            "UPDATE lifecycle_profile SET stage_id = %s WHERE id = ANY(%s)",
            [stage.id, profiles.ids],
        )
        profiles.invalidate_recordset(flush=False)

    @classmethod
    def _mailing(cls, user=None, **values):
        return (
            cls.env["mailing.mailing"]
            .with_user(user or cls.env.user)
            .create(
                {
                    "subject": "News",
                    "body_arch": "<p>Hello</p>",
                    "body_html": "<p>Hello</p>",
                    "email_from": "shop@shop.test",
                    "keep_archives": True,
                    "lifecycle_company_id": cls.company.id,
                    **values,
                }
            )
        )

    @classmethod
    def _to_stage(cls, stage=None, **values):
        values = {"lifecycle_stage_id": (stage or cls.lapsed).id, **values}
        return cls._mailing(lifecycle_target="stage", **values)

    def _send(self, *mailings):
        """Put mailings in the queue and let the scheduled action send them."""
        for mailing in mailings:
            mailing.action_launch()
        self._process()

    def _process(self):
        self.env.flush_all()
        root = self.env(user=self.env.ref("base.user_root"), context={})
        with self._no_commit():
            root["mailing.mailing"]._process_mass_mailing_queue()
        self.env.invalidate_all()

    def _traces(self, mailing, partner=None):
        traces = mailing.mailing_trace_ids.sudo()
        return traces.filtered(lambda t: not partner or t.res_id in partner.ids)

    def _reached(self, mailing):
        """Contacts to whom a mailing went."""
        going = self._traces(mailing).filtered(lambda t: t.trace_status != "cancel")
        return self.env["res.partner"].browse(sorted(going.mapped("res_id")))
