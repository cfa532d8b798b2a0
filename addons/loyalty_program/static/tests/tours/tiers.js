import { registry } from "@web/core/registry";

/** A new quotation for the member, whose tier is read on the way. */
function quote(tier, pricelist, price) {
    return [
        { trigger: ".o_form_view .o_field_widget[name=partner_id] input", run: "edit Tour Member" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Member)", run: "click" },
        { trigger: `.o_form_view [name=loyalty_tier_id] .badge:contains(${tier})` },
        { trigger: `.o_field_widget[name=pricelist_id] input:value(${pricelist})` },
        { trigger: ".o_field_x2many_list_row_add a:contains(Add a product)", run: "click" },
        {
            trigger: ".o_selected_row div[name=product_template_id] input",
            run: "edit Lifecycle Test Product",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Lifecycle Test Product)",
            run: "click",
        },
        { trigger: `.o_selected_row [name=price_unit] input:value(${price})` },
        { trigger: "a[name=order_lines]", run: "click" },
        { trigger: `.o_data_row:not(.o_selected_row) [name=price_unit]:contains(${price})` },
    ];
}

/** A quotation for a member of Bronze is confirmed: points times its multiplier. */
registry.category("web_tour.tours").add("loyalty_confirm", {
    steps: () => [
        ...quote("Bronze", "Ordinary Prices", "100.00"),
        { trigger: "button[name=action_confirm]:visible", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Sales Order)" },
        { trigger: ".o_field_widget[name=loyalty_data]:contains(150)" },
    ],
});

/** Seconds later: the next quotation has the prices of Silver. */
registry.category("web_tour.tours").add("loyalty_next_quotation", {
    steps: () => [
        ...quote("Silver", "Silver Prices", "90.00"),
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_dirty))" },
    ],
});

/** After the return: what was earned, what was taken back, and the tier of before. */
registry.category("web_tour.tours").add("loyalty_returned", {
    steps: () => [
        { trigger: ".o_data_row:contains(Tour Member):contains(Earned):contains(150.00)" },
        { trigger: ".o_data_row:contains(Tour Member):contains(Taken back):contains(-75.00)" },
        {
            trigger: ".o_data_row:contains(Taken back) td[name=order_id]",
        },
    ],
});

registry.category("web_tour.tours").add("loyalty_member", {
    steps: () => [
        { trigger: ".o_notebook .nav-link[name=lifecycle]", run: "click" },
        { trigger: ".tab-pane .o_field_widget[name=loyalty_tier_id]:contains(Bronze)" },
        { trigger: ".tab-pane .o_field_widget[name=loyalty_next_summary]:contains(40.00 to Silver)" },
    ],
});
