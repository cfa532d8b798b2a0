import { registry } from "@web/core/registry";

/** The shipped play, paused: a marketer looks at it, tries it and starts it. */
registry.category("web_tour.tours").add("win_back_start", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Win back):contains(Paused)", run: "click" },
        { trigger: ".o_form_view .o_arrow_button_current:contains(Paused)" },
        { trigger: ".o_field_widget[name=step_ids] .o_data_row:contains(Offer for a limited time)" },
        { trigger: "button[name=action_dry_run]", run: "click" },
        // nobody lapses today: shown as the customer who is there would get it
        { trigger: ".modal .o_field_widget[name=entering_count]:contains(0)" },
        { trigger: ".modal button:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: "button[name=action_start]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Running)" },
    ],
});

/** The customer quoted the code; the salesperson redeems it and confirms the order. */
registry.category("web_tour.tours").add("win_back_redeem", {
    steps: () => [
        { trigger: ".o_form_view .o_field_widget[name=order_line] .o_data_row" },
        { trigger: "a[name=other_information]", run: "click" },
        {
            trigger: ".o_field_widget[name=client_order_ref] input",
            run: ({ anchor }) => {
                document.body.dataset.winBackCode = anchor.value;
            },
        },
        { trigger: "a[name=order_lines]", run: "click" },
        { trigger: "button:enabled:contains(Coupon Code)", run: "click" },
        {
            trigger: ".modal .o_field_widget[name=coupon_code] input",
            run: (helpers) => helpers.edit(document.body.dataset.winBackCode),
        },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: ".modal [name=selected_reward_id] .o_radio_input", run: "click" },
        {
            trigger:
                ".modal:has(.o_field_widget[name=selected_reward_id]) button[name=action_apply]",
            run: "click",
        },
        { trigger: "body:not(:has(.modal)) .o_data_row:contains(10% on your order)" },
        { trigger: ".o_field_widget[name=tax_totals]:contains(270.00)" },
        { trigger: ".o_statusbar_buttons button[name=action_confirm]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Sales Order)" },
    ],
});

/** In the end: what the play earned, and the coupon that was used. */
registry.category("web_tour.tours").add("win_back_result", {
    steps: () => [
        { trigger: ".o_form_view .o_arrow_button_current:contains(Running)" },
        { trigger: ".o_field_widget[name=verdict_text]:contains(Cannot tell yet)" },
        { trigger: "button[name=action_view_results]", run: "click" },
        {
            trigger:
                ".o_list_view .o_data_row:contains(Win back) td[name=coupon_used_count]:contains(1)",
        },
    ],
});
