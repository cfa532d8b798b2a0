import { registry } from "@web/core/registry";

/** From the part of the dashboard to the customer, and what the engine found there. */
registry.category("web_tour.tours").add("lifecycle_example_contract", {
    steps: () => [
        {
            trigger: ".o_example_contracts button:contains(July 2026):contains(240)",
            run: "click",
        },
        { trigger: ".o_last_breadcrumb_item:contains(July 2026)" },
        {
            trigger:
                ".o_kanban_record:contains(Tenant), .o_data_row:contains(Tenant) td.o_data_cell",
            run: "click",
        },
        { trigger: ".o_form_view div[name=contract_end_date]:contains(20)" },
        { trigger: ".o_form_view div[name=contract_revenue]:contains(240)" },
    ],
});
