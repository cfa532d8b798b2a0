import { registry } from "@web/core/registry";

const REPORTS = "[data-menu-xmlid='lifecycle_crm.menu_lifecycle_reports']";

function openCard() {
    return [
        { trigger: REPORTS, run: "click" },
        {
            trigger:
                ".o-dropdown--menu [data-menu-xmlid='churn_scoring.menu_churn_model_card']",
            run: "click",
        },
    ];
}

/** A manager reads how good the model is, and asks for a new one. */
registry.category("web_tour.tours").add("churn_model_card", {
    steps: () => [
        ...openCard(),
        { trigger: ".o_form_view .oe_title:contains(of 100 pairs)" },
        { trigger: ".o_field_widget[name=ranking_text]:contains(By chance it would be 50)" },
        { trigger: ".o_field_widget[name=curve] canvas[aria-label*='percent said']" },
        { trigger: ".o_field_widget[name=calibration_text]:contains(did)" },
        { trigger: ".nav-link:contains(Parameters)", run: "click" },
        { trigger: ".o_field_widget[name=params_text]:contains(alpha)" },
        { trigger: "button[name=action_train]", run: "click" },
        { trigger: ".o_notification:contains(starts within a minute)" },
    ],
});

/** A salesperson reads the verdict; neither parameters nor buttons are there. */
registry.category("web_tour.tours").add("churn_model_seller", {
    steps: () => [
        ...openCard(),
        { trigger: ".o_form_view .oe_title:contains(of 100 pairs)" },
        { trigger: ".o_form_view:not(:has(button[name=action_train]))" },
        { trigger: ".o_form_view:not(:has(.nav-link:contains(Parameters)))" },
    ],
});

/** Before the first training the list says what happens. */
registry.category("web_tour.tours").add("churn_model_empty", {
    steps: () => [
        ...openCard(),
        { trigger: ".o_view_nocontent:contains(No churn model yet)" },
    ],
});

/** What is expected of customers, in the list and on the form. */
registry.category("web_tour.tours").add("churn_customers", {
    steps: () => [
        { trigger: ".o_list_view th[data-name=churn_risk]" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_filter_menu .o_menu_item:text(High Churn Risk)", run: "click" },
        { trigger: ".o_searchview_facet:contains(High Churn Risk)" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: "body:not(:has(.o_filter_menu))" },
        { trigger: ".o_data_row td[name=churn_risk]:contains(High)" },
        { trigger: ".o_list_view:not(:has(td[name=churn_risk]:contains(Low)))" },
        { trigger: ".o_data_row td[name=churn_probability]:contains(%)" },
        { trigger: ".o_data_row:first td[name=partner_id]", run: "click" },
        { trigger: ".o_field_widget[name=churn_summary]:contains(that no order comes within)" },
        { trigger: ".o_field_widget[name=value_summary]:contains(eight of ten)" },
    ],
});
