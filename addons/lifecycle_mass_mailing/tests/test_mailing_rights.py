from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .mailing_common import MailingCase

_DOMAINS = (
    "[('lifecycle_stage_id', '=', %s)]",
    "[('lifecycle_profile_ids.stage_id', '=', %s)]",
    "[('lifecycle_profile_ids', 'any', [('stage_id', '=', %s)])]",
    "[('parent_id.lifecycle_profile_id.stage_id', '=', %s)]",
    "['|', ('name', '=', 'x'), '!', ('lifecycle_stage_id', 'in', [%s])]",
    "[('child_ids', 'any', [('lifecycle_stage_id', '=', %s)])]",
)
# Placeholders that tell scores, or could.
_BODIES = (
    '<p><t t-out="object.lifecycle_stage_id.name"/></p>',
    '<p><t t-out="object.parent_id.lifecycle_profile_id.stage_id.name"/></p>',
    """<p t-if="object['lifecycle_stage_id']">Hello</p>""",
    """<p><t t-out="env['lifecycle.profile'].search([])[0].stage_id.name"/></p>""",
    """<p><t t-out="object.sudo()['lifecycle' + '_stage_id'].name"/></p>""",
    """<p><t t-out="object['lifecycle' + '_stage_id'].name"/></p>""",
    """<p><t t-out="object.mapped('lifecycle' + '_stage_id.name')"/></p>""",
    """<p><t t-out="('{0.lifecycle' + '_stage_id}').format(object)"/></p>""",
    '<a t-attf-href="https://shop.test/{{ object.lifecycle_stage_id.id }}">Shop</a>',
)
_HARMLESS = (
    '<p><t t-out="object.name">you</t></p>',
    "<p><t t-out=\"(object.name or '').split(' ')[0]\"/></p>",
    '<p><t t-out="object.country_id.name"/></p>',
    '<a t-attf-href="https://shop.test/search?who={{ object.id }}">Shop</a>',
    '<p><t t-set="day" t-value="datetime.datetime.now()"/></p>',
    "<p>My stage is lifecycle_stage_id, and env is a word.</p>",
)


@tagged("post_install", "-at_install")
class TestMailingRights(MailingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # as all users are, unless an administrator restricts it
        editors = cls.env.ref("mail.group_mail_template_editor")
        for user in cls.mailer | cls.marketer:
            user.group_ids += editors

    def _contacts(self, user, domain, **values):
        return self._mailing(
            user=user,
            mailing_model_id=self.env["ir.model"]._get_id("res.partner"),
            mailing_domain=domain,
            **values,
        )

    def test_who_may_not_see_scores_cannot_choose_by_them(self):
        for domain in _DOMAINS:
            domain %= self.lapsed.id
            with self.subTest(domain):
                with self.assertRaisesRegex(AccessError, "Recipients: you may not see"):
                    self._contacts(self.mailer, domain)
                self.assertTrue(self._contacts(self.marketer, domain).lifecycle_scored)

    def test_nor_by_writing_nor_by_a_saved_filter(self):
        mailing = self._contacts(self.mailer, "[('name', '=', 'x')]")
        self.assertFalse(mailing.lifecycle_scored)
        domain = _DOMAINS[0] % self.lapsed.id
        with self.assertRaisesRegex(AccessError, "you may not see"):
            mailing.mailing_domain = domain
        values = {
            "name": "Lapsed",
            "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
            "mailing_domain": domain,
        }
        filters = self.env["mailing.filter"]
        with self.assertRaisesRegex(AccessError, "you may not see"):
            filters.with_user(self.mailer).create(values)
        saved = filters.with_user(self.marketer).create(values)
        with self.assertRaisesRegex(AccessError, "you may not see"):
            mailing.mailing_filter_id = saved.id

    def test_nor_by_the_choice(self):
        with self.assertRaises(AccessError):
            self._to_stage(user=self.mailer)

    def test_nor_write_them_into_a_text(self):
        domain = repr([("id", "in", self.gone.ids)])
        mailing = self._contacts(self.mailer, domain)
        for body in _BODIES:
            with self.subTest(body):
                with self.assertRaisesRegex(AccessError, "Text: .* may not see"):
                    mailing.body_html = body
                with self.assertRaisesRegex(AccessError, "Text: .* may not see"):
                    self._contacts(self.mailer, domain, body_html=body)
        stage = "{{ object.lifecycle_stage_id.name }}"
        for name in ("subject", "preview", "email_from", "reply_to"):
            with self.subTest(name), self.assertRaisesRegex(AccessError, "Text: "):
                mailing[name] = stage
        for body in _HARMLESS:
            with self.subTest(body):
                mailing.body_html = body
                self.assertFalse(mailing.lifecycle_scored)

    def test_a_text_with_scores_is_for_who_sees_them(self):
        """Sent by who may; nobody else reads it, or sends it to themselves."""
        mailing = self._contacts(
            self.mailer, repr([("id", "in", self.gone.ids)]), user_id=self.mailer.id
        )
        mailing.with_user(self.marketer).write(
            {"subject": "You are {{ object.lifecycle_stage_id.name }}"}
        )
        self.assertTrue(mailing.lifecycle_scored)
        with self.assertRaises(AccessError):
            mailing.with_user(self.mailer).read(["subject"])
        mailing = mailing.sudo()
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone)
        subjects = self._traces(mailing).mail_mail_id.mapped("subject")
        self.assertEqual(subjects, [f"You are {self.lapsed.name}"] * 3)

    def test_scores_in_a_text_are_those_of_the_company(self):
        other = self._create_company("Other Company")
        self.env["lifecycle.profile"].create(
            {
                "partner_id": self.gone[0].id,
                "company_id": other.id,
                "stage_id": self.active.id,
            }
        )
        root = self.env.ref("base.user_root")
        root.company_ids += other
        root.company_id = other
        mailing = self._contacts(
            self.marketer,
            repr([("id", "in", self.gone[0].ids)]),
            subject="You are {{ object.lifecycle_stage_id.name }}",
        )
        self._send(mailing)
        mails = self._traces(mailing).mail_mail_id
        self.assertEqual(mails.mapped("subject"), [f"You are {self.lapsed.name}"])

    def test_such_a_mailing_is_not_seen(self):
        """Whom it reached, tells who has lapsed."""
        mailing = self._to_stage(user=self.marketer)
        self._send(mailing)
        plain = self._contacts(self.marketer, "[('name', '=', 'x')]")
        for model, own in (
            ("mailing.mailing", mailing),
            ("mailing.trace", self._traces(mailing)),
        ):
            seen = self.env[model].with_user(self.mailer)
            self.assertFalse(seen.search([("id", "in", own.ids)]))
            with self.assertRaises(AccessError):
                own.with_user(self.mailer).read(["id", "display_name"])
            self.assertEqual(
                self.env[model]
                .with_user(self.marketer)
                .search_count([("id", "in", own.ids)]),
                len(own),
            )
        self.assertTrue(plain.with_user(self.mailer).read(["subject"]))

    def test_nor_of_another_company(self):
        other = self._create_company("Other Company")
        stranger = new_test_user(
            self.env,
            "stranger",
            "mass_mailing.group_mass_mailing_user,sales_team.group_sale_salesman",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        mailing = self._to_stage(user=self.marketer)
        with self.assertRaises(AccessError):
            mailing.with_user(stranger).read(["subject"])

    def test_figures_are_for_who_sees_scores(self):
        plain = self._contacts(self.marketer, "[('name', '=', 'x')]")
        with self.assertRaises(AccessError):
            plain.with_user(self.mailer).read(["lifecycle_verdict_text"])
        with self.assertRaises(AccessError):
            plain.with_user(self.mailer).action_refresh_lifecycle_result()
        with self.assertRaises(AccessError):
            self.env["lifecycle.engagement"].with_user(self.mailer).search([])

    def test_rights_when_it_is_sent(self):
        """Who lost the right since, does not get it done by the scheduled action."""
        mailing = self._to_stage(user=self.marketer)
        mailing.with_user(self.marketer).action_launch()
        other = self._contacts(
            self.marketer, repr([("id", "in", self.here.ids)]), subject="Other"
        )
        other.with_user(self.marketer).action_launch()
        mailing, other = mailing.sudo(), other.sudo()  # who looks is not who wrote
        self.marketer.group_ids -= self.env.ref("sales_team.group_sale_salesman")
        self.marketer.group_ids -= self.env.ref("lifecycle_crm.group_lifecycle_user")
        self._process()
        self.assertEqual(mailing.state, "draft")
        self.assertFalse(self._traces(mailing))
        self.assertIn("Not sent", mailing.message_ids[0].body)
        # the others go
        self.assertEqual(self._reached(other), self.here)

    def test_signed_by_who_chose(self):
        mailing = self._to_stage(user=self.marketer)
        self.assertEqual(mailing.lifecycle_user_id, self.marketer)
        mailing.subject = "Other News"
        self.assertEqual(mailing.lifecycle_user_id, self.marketer)
        other = new_test_user(
            self.env,
            "other_marketer",
            "mass_mailing.group_mass_mailing_user,sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        mailing.with_user(other).lifecycle_stage_id = self.active
        self.assertEqual(mailing.lifecycle_user_id, other)

    def test_without_access_to_mailings(self):
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_salesman")
        with self.assertRaisesRegex(AccessError, "Email Marketing"):
            self.lapsed.with_user(seller).action_lifecycle_mailing()
