import { registry } from "@web/core/registry";
import * as steps from "./steps";

/** The app itself: every view of Customers, as a salesperson. */
registry.category("web_tour.tours").add("lifecycle_customers", {
    steps: () => [
        { trigger: "[data-menu-xmlid='lifecycle_crm.menu_lifecycle_customers']" },
        { trigger: ".o_list_view .o_data_row" },
        {
            trigger:
                "body:not(:has([data-menu-xmlid='lifecycle_crm.menu_lifecycle_configuration']))",
        },
        ...steps.rows("Tour Rich", "Tour Middle", "Tour Small"),
        { trigger: ".o_data_row:first td[name=revenue_total]:contains(5,000.00)" },
        { trigger: ".o_data_row:first td[name=stage_id] .badge:contains(Loyal)" },
        { trigger: ".o_list_footer td:contains(5,320.00)" },
        ...steps.pick("group_by", "Stage"),
        ...steps.group("Loyal", "5,300.00"),
        ...steps.group("At risk", "20.00"),
        ...steps.clearSearch(),
        ...steps.switchTo("kanban"),
        {
            trigger:
                ".o_kanban_group:contains(Loyal) .o_kanban_record:contains(Tour Rich):contains(5,000.00)",
        },
        { trigger: ".o_kanban_group:contains(At risk) .o_kanban_record:contains(Tour Small)" },
        // a stage without customers has its column, too
        { trigger: ".o_kanban_group:contains(Advocate):not(:has(.o_kanban_record))" },
        ...steps.switchTo("graph"),
        { trigger: ".o_graph_renderer canvas" },
        ...steps.switchTo("pivot"),
        { trigger: ".o_pivot thead th:contains(Loyal)" },
        { trigger: ".o_pivot tbody tr:contains(Champions) td:contains(5,000.00)" },
        ...steps.switchTo("list"),
        { trigger: ".o_data_row:first td[name=partner_id]", run: "click" },
        { trigger: ".o_form_view h1 .o_field_widget[name=partner_id]:contains(Tour Rich)" },
        { trigger: ".o_field_widget[name=revenue_total]:contains(5,000.00)" },
        // another addon may have put a page before it
        { trigger: ".o_field_widget[name=spend_curve] .o_lifecycle_spend rect" },
        { trigger: ".o_notebook .nav-link[name=card]", run: "click" },
        { trigger: ".o_lifecycle_timeline li:contains(Active → Loyal)" },
        { trigger: ".o_notebook .nav-link[name=transitions]", run: "click" },
        { trigger: ".o_notebook_content .o_data_row:contains(Active → Loyal)" },
        { trigger: "button[name=action_open_partner]", run: "click" },
        { trigger: ".o_form_view button[name=action_view_lifecycle_profile]" },
    ],
});
