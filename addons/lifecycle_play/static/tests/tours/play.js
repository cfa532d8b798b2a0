import { registry } from "@web/core/registry";

/** Choose a record in a many2one. */
function choose(field, text) {
    return [
        { trigger: `.o_field_widget[name=${field}] input`, run: `edit ${text}` },
        { trigger: `.o-autocomplete--dropdown-item:contains(${text}) > a`, run: "click" },
    ];
}

/** A marketer makes a play from nothing, looks at a dry run and starts it. */
registry.category("web_tour.tours").add("play_make", {
    steps: () => [
        { trigger: "[data-menu-xmlid='lifecycle_play.menu_lifecycle_play']", run: "click" },
        {
            trigger: ".o-dropdown--menu [data-menu-xmlid='lifecycle_play.menu_lifecycle_play_all']",
            run: "click",
        },
        { trigger: ".o_kanban_view" },
        { trigger: ".o-kanban-button-new", run: "click" },
        {
            trigger: ".o_form_view .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Win lapsed customers back",
        },
        ...choose("to_stage_id", "Lapsed"),
        // the first step
        { trigger: ".o_field_x2many_list_row_add a", run: "click" },
        {
            trigger: ".modal .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Reminder",
        },
        { trigger: ".modal .o_field_widget[name=template_id] input", run: "edit We miss you" },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(We miss you) > a",
            run: "click",
        },
        { trigger: ".modal .o_form_button_save_new, .modal button:contains(Save & New)", run: "click" },
        { trigger: ".o_field_widget[name=step_ids] .o_data_row:contains(Reminder)" },
        {
            trigger: ".modal .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Call",
        },
        {
            trigger: ".modal .o_field_widget[name=kind] label:contains(Plan an activity)",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=activity_type_id] input", run: "edit Call" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Call) > a", run: "click" },
        { trigger: ".modal .o_field_widget[name=delay_value] input", run: "edit 7" },
        { trigger: ".modal .o_form_button_save:contains(Close), .modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_field_widget[name=step_ids] .o_data_row:contains(Call)" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        // nobody has lapsed yet
        { trigger: "button[name=action_dry_run]", run: "click" },
        { trigger: ".modal .o_field_widget[name=entering_count]:contains(0)" },
        { trigger: ".modal button:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: "button[name=action_start]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Running)" },
    ],
});

/** Later: a customer has entered, got a mail and bought; the play shows it. */
registry.category("web_tour.tours").add("play_look", {
    steps: () => [
        { trigger: ".o_form_view .o_arrow_button_current:contains(Running)" },
        {
            trigger: "button[name=action_view_enrollments]:contains(Stopped):contains(1)",
            run: "click",
        },
        {
            trigger:
                ".o_list_view .o_data_row:contains(Tour Lapsed):contains(Bought) td[name=partner_id]",
            run: "click",
        },
        { trigger: ".o_form_view .o_arrow_button_current:contains(Stopped)" },
        { trigger: ".o_data_row:contains(Reminder):contains(Done)" },
        { trigger: ".o_form_view:not(:has(.o_data_row:contains(Call)))" },
    ],
});
