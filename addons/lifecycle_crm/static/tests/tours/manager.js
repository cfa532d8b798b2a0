import { registry } from "@web/core/registry";
import { configure } from "./steps";

/** A manager changes a rule in the rule editor and asks for a recompute. */
registry.category("web_tour.tours").add("lifecycle_manager", {
    steps: () => [
        ...configure("menu_lifecycle_stage"),
        { trigger: ".o_list_view .o_data_row td[name=name]:contains(Advocate)", run: "click" },
        { trigger: ".o_form_view .o_field_domain .o_tree_editor" },
        { trigger: ".o_tree_editor_row a:contains(New Rule)", run: "click" },
        { trigger: ".o_tree_editor_condition .o_model_field_selector", run: "click" },
        {
            trigger: ".o_model_field_selector_popover_search input",
            run: "edit Days Since Last",
        },
        {
            trigger:
                ".o_model_field_selector_popover_item[data-name=days_since_order] .o_model_field_selector_popover_item_name",
            run: "click",
        },
        {
            trigger: ".o_tree_editor_condition .o_model_field_selector:contains(Days Since)",
        },
        {
            trigger: ".o_tree_editor_condition .o_tree_editor_editor:eq(1) select",
            run: "selectByLabel lower than",
        },
        {
            trigger: ".o_tree_editor_condition .o_tree_editor_editor:eq(2) input",
            run: "edit 7 && press Tab",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))" },
        ...configure("menu_lifecycle_recompute"),
        { trigger: ".o_notification:contains(recompute starts)" },
        ...configure("menu_lifecycle_run"),
        { trigger: ".o_list_view .o_data_row:first td[name=state]:contains(Waiting)" },
        { trigger: ".o_data_row td[name=state]:contains(Done)" },
    ],
});

/** A manager pins a customer, for a reason. */
registry.category("web_tour.tours").add("lifecycle_pin", {
    steps: () => [
        { trigger: "button[name=action_pin_stage]", run: "click" },
        { trigger: ".modal .o_field_widget[name=stage_id] input", run: "edit Advocate" },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Advocate) > a",
            run: "click",
        },
        // without a reason nothing is pinned
        { trigger: ".modal button[name=action_pin]", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason].o_field_invalid" },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Recommended us twice",
        },
        { trigger: ".modal button[name=action_pin]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".alert:contains(Advocate):contains(Recommended us twice)" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Advocate)" },
        // another addon may have put a page before it
        { trigger: ".o_notebook .nav-link[name=transitions]", run: "click" },
        { trigger: ".o_notebook_content .o_data_row:contains(Loyal → Advocate)" },
        { trigger: "button[name=action_unpin_stage]", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name=action_unpin_stage]))" },
    ],
});

/** Bands out of order are refused in words, and the field stays as typed. */
registry.category("web_tour.tours").add("lifecycle_settings", {
    steps: () => [
        {
            trigger: "#lifecycle_rfm_frequency input[type=radio][data-value=bands]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=lifecycle_rfm_frequency_bands] input",
            run: "edit 10, 5, 3, 2",
        },
        { trigger: ".o_form_button_save", run: "click" },
        {
            trigger:
                ".modal:contains(Frequency Bands):contains(Each number must be larger)",
        },
        { trigger: ".modal .modal-footer button", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        {
            trigger: ".o_field_widget[name=lifecycle_rfm_frequency_bands] input",
            run: "edit 2, 4, 6, 8",
        },
        { trigger: ".o_form_button_save", run: "click", expectUnloadPage: true },
        { trigger: ".o_form_view" },
    ],
});
