import { registry } from "@web/core/registry";

/** An agent finds who is waiting, sees whom it is about, answers and closes. */
registry.category("web_tour.tours").add("helpdesk_agent", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Torn bags):contains(Loyal)" },
        { trigger: ".o_data_row:contains(New address):contains(Active)" },
        // who is at risk, valuable and waiting
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        {
            trigger: ".o_filter_menu .o_menu_item:contains(At Risk and Valuable, Waiting)",
            run: "click",
        },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(New address)))" },
        // an apostrophe would open a quotation
        { trigger: ".o_group_by_menu .o_menu_item:contains(/^Customer.s Stage$/)", run: "click" },
        { trigger: ".o_group_header:contains(Loyal)", run: "click" },
        { trigger: ".o_data_row:contains(Torn bags) td[name=name]", run: "click" },
        // the customer
        { trigger: ".o_form_view [name=lifecycle] .o_field_badge:contains(Loyal)" },
        { trigger: ".o_form_view [name=lifecycle]:contains(12,345):contains(at risk)" },
        { trigger: ".o_form_view [name=lifecycle_promise]:contains(Waiting since)" },
        { trigger: ".o_form_view [name=promise_state]:contains(Still open)" },
        { trigger: ".o-mail-Message:contains(Rule “Valuable”):contains(Very High)" },
        { trigger: ".o_form_view:not(:has(button[name=action_view_lifecycle_profile]))" },
        // answer
        { trigger: "button:not(.active):contains(Send message)", run: "click" },
        { trigger: ".o-mail-Composer-input", run: "edit We send you two new bags." },
        { trigger: ".o-mail-Composer button[aria-label=Send]:enabled, .o-mail-Composer button:contains(/^Send$/):enabled", run: "click" },
        { trigger: ".o-mail-Message:contains(two new bags)" },
        { trigger: ".o_statusbar_status button.dropdown-toggle:contains(...)", run: "click" },
        { trigger: ".o-dropdown--menu .o-dropdown-item:contains(Done)", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Done)" },
        { trigger: ".o_form_view [name=promise_state]:contains(Kept)" },
    ],
});

/** A manager makes a rule with a promise. */
registry.category("web_tour.tours").add("helpdesk_manager", {
    steps: () => [
        {
            trigger: "[data-menu-xmlid='helpdesk_mgmt.helpdesk_ticket_config_main_menu']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='lifecycle_helpdesk.menu_helpdesk_ticket_rule']",
            run: "click",
        },
        // the list of tickets has such a button, too
        { trigger: ".o_last_breadcrumb_item:contains(Rules for Tickets)" },
        { trigger: ".o_list_button_add", run: "click" },
        {
            trigger: ".o_form_view .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Loyal first",
        },
        // it must do something
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".modal:contains(changes nothing) .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_field_widget[name=stage_ids] input", run: "edit Loyal" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Loyal) > a", run: "click" },
        { trigger: ".o_field_widget[name=priority] .o_select_menu_toggler", run: "click" },
        { trigger: ".o_select_menu_item:contains(Very High)", run: "click" },
        { trigger: ".o_field_widget[name=answer_hours] input", run: "edit 24" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        {
            trigger: "[data-menu-xmlid='helpdesk_mgmt.helpdesk_ticket_reporting_menu']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='lifecycle_helpdesk.menu_helpdesk_ticket_promise']",
            run: "click",
        },
        { trigger: ".o_last_breadcrumb_item:contains(Promises Kept)" },
        { trigger: ".o_list_view .o_data_row:contains(Loyal first)" },
    ],
});
