import { registry } from "@web/core/registry";

const ROW = ".o_churn_why_reasons tr[data-code=recency]";

/** Why a customer has its score: on the profile, its document, and on the contact. */
registry.category("web_tour.tours").add("churn_why", {
    steps: () => [
        { trigger: ".o_notebook .nav-link[name=why]", run: "click" },
        { trigger: ".o_churn_why_headline:contains('no order comes within')" },
        { trigger: `${ROW} th:contains('since the')` },
        // not by colour alone, and to the side that raises
        { trigger: `${ROW} .o_churn_why_effect:contains('raises the risk')` },
        { trigger: `${ROW} .o_churn_why_axis .o_churn_why_raises` },
        { trigger: ".o_churn_why_total:contains('typical customer')" },
        {
            trigger: ".o_churn_why_evidence a:contains('Credit note')",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]" },
        { trigger: ".o_back_button, .breadcrumb-item.o_back_button a", run: "click" },
        { trigger: "button[name=action_open_partner]", run: "click" },
        { trigger: ".o_notebook .nav-link[name=lifecycle]", run: "click" },
        { trigger: `.o_lifecycle_card ${ROW}` },
        { trigger: ".o_lifecycle_card .o_churn_why_evidence a:contains('Credit note')" },
    ],
});
