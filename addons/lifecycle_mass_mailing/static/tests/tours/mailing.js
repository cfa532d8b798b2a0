import { registry } from "@web/core/registry";

const subject = ".o_form_view .o_field_widget[name=subject] :is(input, textarea)";
const openCustomers = { trigger: ".o_form_view .nav-link[name=lifecycle]", run: "click" };

/** From the list of customers who lapsed to a mailing in the queue. */
registry.category("web_tour.tours").add("mailing_write", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row" },
        { trigger: ".o_searchview_input", run: "edit Lapsed" },
        {
            trigger:
                ".o_searchview_autocomplete .o-dropdown-item:contains(Search Stage for: Lapsed)",
            run: "click",
        },
        { trigger: ".o_searchview_facet:contains(Lapsed)" },
        { trigger: "button[name=action_lifecycle_mailing]", run: "click" },
        { trigger: subject, run: "edit Come back, we have news" },
        // it counts at once
        {
            trigger:
                ".o_field_widget[name=mailing_domain]:contains(23 record)",
        },
        openCustomers,
        {
            trigger: ".o_field_widget[name=lifecycle_control_share] input",
            run: "edit 40",
        },
        // a body, as in any mailing
        { trigger: ".o_form_view .nav-link[name=mail_body]", run: "click" },
        {
            trigger: ".o_mailing_template_preview_wrapper [data-name='basic']",
            run: "click",
        },
        { trigger: "html:not(:has(.o_mailing_template_preview_wrapper))" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: "button[name=action_launch]", run: "click" },
        { trigger: ".modal button:contains(Send to all)", run: "click" },
        { trigger: ".o_arrow_button_current:contains(In Queue)" },
    ],
});

/** What became of it: who was left out, who was held out, what it earned. */
registry.category("web_tour.tours").add("mailing_look", {
    steps: () => [
        { trigger: ".o_arrow_button_current:contains(Sent)" },
        { trigger: "button[name=action_view_lifecycle_control]" },
        { trigger: "button[name=action_view_lifecycle_held]", run: "click" },
        { trigger: ".o_group_name:contains(Opted out (1))" },
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Sent)" },
        { trigger: ".o_button_more", run: "click" },
        { trigger: "button[name=action_view_lifecycle_result]", run: "click" },
        { trigger: ".o_data_row td[name=treated_rate]:contains(100)" },
    ],
});

/** The choice on the form of a mailing moves the recipients and the count. */
registry.category("web_tour.tours").add("mailing_choose", {
    steps: () => [
        { trigger: subject, run: "edit Chosen on the form" },
        { trigger: ".o_field_widget[name=lifecycle_target] input", run: "click" },
        { trigger: ".o_select_menu_item:contains(A stage)", run: "click" },
        {
            trigger: ".o_field_widget[name=lifecycle_stage_id] input",
            run: "edit Lapsed",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Lapsed) > a",
            run: "click",
        },
        { trigger: ".o_field_widget[name=mailing_domain]:contains(3 record)" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});
