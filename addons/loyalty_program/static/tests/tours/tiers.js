import { registry } from "@web/core/registry";

const ORDER = ".o_form_view";

function confirmOrder() {
    return [
        { trigger: "button[name=action_confirm]", run: "click" },
        { trigger: `${ORDER} .o_arrow_button_current:contains(Sales Order)` },
    ];
}

/** A salesperson sees the tier on the quotation, and confirms it. */
registry.category("web_tour.tours").add("loyalty_tier_confirm", {
    steps: () => [
        {
            trigger: `${ORDER} .o_field_widget[name=loyalty_tier_id]:contains(Silver)`,
        },
        {
            trigger: `${ORDER} .o_field_widget[name=loyalty_next_summary]:contains(to Gold)`,
        },
        ...confirmOrder(),
    ],
});

/** The next quotation has the prices of the new tier. */
registry.category("web_tour.tours").add("loyalty_tier_next_quotation", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        {
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Tour Member",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour Member)",
            run: "click",
        },
        {
            trigger: `${ORDER} .o_field_widget[name=loyalty_tier_id]:contains(Gold)`,
        },
        {
            trigger:
                ".o_field_widget[name=pricelist_id] input:value(Gold Prices), .o_field_widget[name=pricelist_id]:contains(Gold Prices)",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))" },
    ],
});

/** After the return the member has the tier that is left, and it says why. */
registry.category("web_tour.tours").add("loyalty_tier_after_return", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Tour Member) td[name=tier_id]:contains(Silver)",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=tier_id]:contains(Silver)" },
        { trigger: ".o_field_widget[name=next_summary]:contains(to Gold)" },
        { trigger: "button[name=action_view_moves]", run: "click" },
        {
            trigger:
                ".o_data_row:contains(Gold → Silver):contains(Return or cancellation)",
        },
        { trigger: ".o_data_row:contains(Silver → Gold):contains(Purchase)" },
    ],
});
