import { registry } from "@web/core/registry";
import * as steps from "./steps";

/** Contacts as a salesperson: four of them, three with scores. */
registry.category("web_tour.tours").add("lifecycle_contacts", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row" },
        ...steps.switchTo("kanban"),
        { trigger: ".o_kanban_record:contains(Tour Rich) .badge:contains(Loyal)" },
        {
            trigger:
                ".o_kanban_record:contains(Tour Stranger):not(:has([name=lifecycle_stage_id]))",
        },
        ...steps.switchTo("list"),
        ...steps.search("Tour"),
        ...steps.rows("Tour Middle", "Tour Rich", "Tour Small", "Tour Stranger"),
        ...steps.sortBy("clv_historic", "asc"),
        ...steps.rows("Tour Small", "Tour Middle", "Tour Rich", "Tour Stranger"),
        ...steps.sortBy("clv_historic", "desc"),
        ...steps.rows("Tour Rich", "Tour Middle", "Tour Small", "Tour Stranger"),
        { trigger: ".o_data_row:first td[name=clv_historic]:contains(5,000.00)" },
        { trigger: ".o_data_row:first td[name=lifecycle_stage_id] .badge:contains(Loyal)" },
        ...steps.showColumn("lifecycle_segment_id"),
        {
            trigger:
                ".o_data_row:first td[name=lifecycle_segment_id] .badge:contains(Champions)",
        },
        ...steps.showColumn("rfm_code"),
        { trigger: ".o_data_row:first td[name=rfm_code]:contains(555)" },
        { trigger: ".o_data_row:eq(3) td[name=clv_historic]:text()" },
        { trigger: ".o_list_footer td:contains(5,320.00)" },
        ...steps.showColumn("lifecycle_order_count"),
        { trigger: ".o_data_row:first td[name=lifecycle_order_count]:contains(9)" },
        ...steps.showColumn("last_order_date"),
        { trigger: ".o_data_row:first td[name=last_order_date]:contains(Jun 10)" },
        ...steps.pick("group_by", "Lifecycle Stage"),
        ...steps.group("Loyal", "5,300.00"),
        ...steps.group("At risk", "20.00"),
        // sorted by value: who has none comes last here, too
        { trigger: ".o_group_header:eq(0):contains(Loyal (2))" },
        { trigger: ".o_group_header:eq(1):contains(At risk (1))" },
        { trigger: ".o_group_header:eq(2):contains(None (1))" },
        ...steps.clearSearch(2),
        ...steps.searchBy("Lifecycle Stage", "At risk"),
        ...steps.rows("Tour Small"),
        ...steps.clearSearch(),
        ...steps.search("Tour"),
        ...steps.rows("Tour Rich", "Tour Middle", "Tour Small", "Tour Stranger"),
        ...steps.pick("filter", "At Risk"),
        ...steps.rows("Tour Small"),
        ...steps.pick("filter", "At Risk").slice(0, 2),
        { trigger: ".o_searchview:not(:has(.o_searchview_facet:contains(At Risk)))" },
        { trigger: ".o_filter_menu .o_menu_item:text(Lapsed)", run: "click" },
        { trigger: ".o_searchview_facet:contains(Lapsed)" },
        { trigger: ".o_list_renderer:not(:has(.o_data_row))" },
    ],
});

registry.category("web_tour.tours").add("lifecycle_contact_form", {
    steps: () => [
        { trigger: ".o_form_view" },
        {
            trigger: "button[name=action_view_lifecycle_profile]:contains(Loyal)",
        },
        { trigger: ".o_notebook .nav-link[name=lifecycle]", run: "click" },
        { trigger: ".o_lifecycle_badges .o_field_widget[name=lifecycle_stage_id]:contains(Loyal)" },
        { trigger: ".o_lifecycle_badges .o_field_widget[name=lifecycle_segment_id]:contains(Champions)" },
        { trigger: ".o_lifecycle_card .o_lifecycle_rhythm_text:contains(5 days ago)" },
        { trigger: ".o_lifecycle_card dd[data-name=clv_historic]:contains(5,000)" },
        { trigger: ".o_lifecycle_card dd[data-name=order_count]:contains(9)" },
        { trigger: ".o_lifecycle_card .o_lifecycle_spend rect" },
        { trigger: ".o_lifecycle_timeline li[data-kind=transition]:contains(Active → Loyal)" },
        { trigger: ".tab-pane .o_field_widget[name=rfm_code]:contains(555)" },
        { trigger: ".o_lifecycle_next button[name=action_lifecycle_quotation]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=partner_id] input:value(Tour Rich)" },
        { trigger: ".o_breadcrumb a:contains(Tour Rich)", run: "click" },
        { trigger: "button[name=action_view_lifecycle_profile]", run: "click" },
        { trigger: ".o_form_view h1 .o_field_widget[name=partner_id]:contains(Tour Rich)" },
        { trigger: ".o_field_widget[name=revenue_total]:contains(5,000.00)" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Loyal)" },
        { trigger: ".o_form_view:not(:has(button[name=action_pin_stage]))" },
        { trigger: ".o_breadcrumb a:contains(Tour Rich)", run: "click" },
        { trigger: "button[name=action_view_lifecycle_profile]:contains(Loyal)" },
    ],
});
