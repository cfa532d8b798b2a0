import { registry } from "@web/core/registry";

const CARD = ".o_kanban_group:contains(To Contact) .o_kanban_record:contains(Tour Customer)";

function openSaveList() {
    return [
        {
            trigger: "[data-menu-xmlid='lifecycle_crm.menu_lifecycle_customers']",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu [data-menu-xmlid='churn_scoring.menu_churn_save']",
            run: "click",
        },
    ];
}

/** Who is worth saving this week, why, and the opportunity. */
registry.category("web_tour.tours").add("churn_save_list", {
    steps: () => [
        { trigger: ".o_lifecycle_churn .o_lifecycle_stage[data-risk=high]" },
        { trigger: ".o_lifecycle_churn button:contains(Save list)", run: "click" },
        { trigger: ".o_kanban_view .o_searchview_facet:contains(My List)" },
        { trigger: "button[name=action_refresh_my_list]", run: "click" },
        { trigger: ".o_notification:contains(2 customers added)" },
        { trigger: `${CARD}:contains(days since the last order)` },
        { trigger: `${CARD} .badge:contains(At risk)` },
        // a call is planned for the other one
        {
            trigger:
                ".o_kanban_group:contains(To Contact) .o_kanban_record:contains(Tour Other) button[name=action_schedule_call]",
            run: "click",
        },
        { trigger: ".o_kanban_record:contains(Tour Other):contains(Call:)" },
        { trigger: `${CARD} div.o_lifecycle_muted:contains(Last order)`, run: "click" },
        { trigger: ".o_form_view .alert:contains(usual gap)" },
        { trigger: "button[name=action_open_profile]", run: "click" },
        {
            trigger:
                ".o_form_view h1 .o_field_widget[name=partner_id]:contains(Tour Customer)",
        },
        { trigger: ".o_notebook .nav-link[name=why]", run: "click" },
        { trigger: ".o_churn_why_headline:contains(At risk by the rule)" },
        {
            trigger:
                ".o_churn_why_reasons tr[data-code=recency] th:contains(days since the last order)",
        },
        { trigger: ".o_form_view button[name=action_win_backs]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=partner_id]:contains(Tour Customer)" },
        { trigger: ".o_field_widget[name=tag_ids] .o_tag:contains(Win-back)" },
        { trigger: ".o_field_widget[name=description]:contains(days since the last order)" },
    ],
});

/** Weeks later: its quotation is confirmed, the opportunity is won. */
registry.category("web_tour.tours").add("churn_win", {
    steps: () => [
        { trigger: ".o_form_view button[name=action_view_sale_quotation]", run: "click" },
        { trigger: ".o_form_view button[name=action_confirm]:first", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Sales Order)" },
        { trigger: ".breadcrumb .o_back_button, .o_back_button", run: "click" },
        { trigger: ".o_form_view button[name=action_set_won_rainbowman]", run: "click" },
        { trigger: ".o_form_view .o_arrow_button_current:contains(Won)" },
    ],
});

/** The customer is back, and the change says by what. */
registry.category("web_tour.tours").add("churn_won_back", {
    steps: () => [
        {
            trigger:
                ".o_data_row:contains(Tour Customer):has(td[name=stage_id] .badge:contains(Won back)) td[name=partner_id]",
            run: "click",
        },
        { trigger: ".o_form_view .o_arrow_button_current:contains(Won back)" },
        { trigger: ".o_notebook .nav-link[name=transitions]", run: "click" },
        {
            trigger:
                ".o_notebook_content .o_data_row:contains(Lapsed → Won back):contains(Win back Tour Customer)",
        },
        ...openSaveList(),
        {
            trigger:
                ".o_kanban_group:contains(Saved) .o_kanban_record:contains(Tour Customer):contains(250.00)",
        },
        { trigger: "[data-menu-xmlid='lifecycle_crm.menu_lifecycle_reports']", run: "click" },
        {
            trigger:
                ".o-dropdown--menu [data-menu-xmlid='churn_scoring.menu_churn_win_back']",
            run: "click",
        },
        {
            trigger:
                ".o_data_row:contains(Tour Customer):has(td[name=won_status]:contains(Won)) td[name=revenue]:contains(250.00)",
        },
    ],
});

registry.category("web_tour.tours").add("churn_loss", {
    steps: () => [
        { trigger: ".o_form_view button[name=action_record_loss]", run: "click" },
        { trigger: ".modal .o_field_widget[name=profile_ids] .o_tag:contains(Tour Other)" },
        { trigger: ".modal .o_field_widget[name=reason_id] input", run: "edit Qual" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Quality)", run: "click" },
        { trigger: ".modal .o_field_widget[name=note] textarea", run: "edit It broke" },
        { trigger: ".modal button[name=action_record]", run: "click" },
        { trigger: ".o_notification:contains(recorded as lost)" },
        { trigger: "[data-menu-xmlid='lifecycle_crm.menu_lifecycle_reports']", run: "click" },
        {
            trigger: ".o-dropdown--menu [data-menu-xmlid='churn_scoring.menu_churn_loss']",
            run: "click",
        },
        { trigger: ".o_graph_renderer canvas" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_data_row:contains(Tour Other):contains(Quality):contains(140.00)" },
    ],
});
