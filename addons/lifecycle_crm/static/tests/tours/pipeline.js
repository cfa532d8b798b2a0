import { registry } from "@web/core/registry";
import * as steps from "./steps";

/** Leads and quotations show whom they are about. */
registry.category("web_tour.tours").add("lifecycle_pipeline", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Big Deal) .badge:contains(Loyal)",
        },
        { trigger: ".o_kanban_record:contains(Small Deal) .badge:contains(At risk)" },
        { trigger: ".o_kanban_record:contains(Cold Call):not(:has(.badge:contains(Loyal)))" },
        ...steps.switchTo("list"),
        ...steps.showColumn("clv_historic"),
        ...steps.sortBy("clv_historic", "asc"),
        ...steps.rows("Small Deal", "Big Deal", "Cold Call"),
        ...steps.sortBy("clv_historic", "desc"),
        ...steps.rows("Big Deal", "Small Deal", "Cold Call"),
        { trigger: ".o_data_row:first td[name=lifecycle_stage_id] .badge:contains(Loyal)" },
        ...steps.pick("group_by", "Customer's Stage"),
        ...steps.group("Loyal", "5,000.00"),
        ...steps.group("At risk", "20.00"),
        { trigger: ".o_group_header:contains(Loyal)", run: "click" },
        { trigger: ".o_data_row td[name=name]:contains(Big Deal)", run: "click" },
        { trigger: ".o_form_view [name=lifecycle_stage_id] .badge:contains(Loyal)" },
        { trigger: ".o_form_view [name=lifecycle] .badge:contains(Champions)" },
        { trigger: ".o_form_view [name=lifecycle]:contains(5,000.00)" },
    ],
});

registry.category("web_tour.tours").add("lifecycle_quotation", {
    steps: () => [
        { trigger: ".o_form_view [name=lifecycle_stage_id] .badge:contains(Loyal)" },
        {
            trigger: ".o_form_view [name=lifecycle_segment_id] .badge:contains(Champions)",
        },
    ],
});
