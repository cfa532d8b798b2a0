import { registry } from "@web/core/registry";

/** A manager asks for the scores of a day, and is told that tomorrow is none. */
registry.category("web_tour.tours").add("lifecycle_scores", {
    steps: () => [
        {
            trigger: "[data-menu-xmlid='lifecycle_crm.menu_lifecycle_reports']",
            run: "click",
        },
        {
            trigger:
                ".o-dropdown--menu [data-menu-xmlid='lifecycle_crm.menu_lifecycle_score_wizard']",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=customer_count]:contains(3)" },
        // a date that has not the focus is a button
        { trigger: ".modal .o_field_widget[name=as_of] :is(button, input)", run: "click" },
        { trigger: ".modal .o_field_widget[name=as_of] input", run: "edit 01/01/2100" },
        { trigger: ".modal button[name=action_download]", run: "click" },
        { trigger: ".modal:contains(As Of):contains(is in the future)" },
        { trigger: ".modal:contains(is in the future) .modal-footer button", run: "click" },
        { trigger: "body:not(:has(.modal:contains(is in the future)))" },
        { trigger: ".modal .modal-footer button:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
