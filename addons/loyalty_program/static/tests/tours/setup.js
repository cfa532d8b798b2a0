import { registry } from "@web/core/registry";

function openLoyalty(entry) {
    return [
        {
            trigger: ".o_menu_sections .dropdown-toggle:contains(Loyalty)",
            run: "click",
        },
        { trigger: `.o-dropdown--menu .dropdown-item:contains(${entry})`, run: "click" },
    ];
}

/** A manager makes a club from the menu, tries other rules, and looks at the members. */
registry.category("web_tour.tours").add("loyalty_setup", {
    steps: () => [
        { trigger: ".o_list_view, .o_kanban_view, .o_view_nocontent" },
        ...openLoyalty("Points Club"),
        { trigger: ".o_form_view .nav-link[name=tiers]", run: "click" },
        { trigger: ".o_data_row:contains(Bronze)" },
        { trigger: ".o_data_row:contains(Platinum)" },
        { trigger: ".alert-info:contains(Members are found from past orders)" },
        { trigger: "button[name=action_simulate_tiers]", run: "click" },
        { trigger: ".alert-info:contains(nothing happens to anybody)" },
        { trigger: ".o_data_row:contains(Gold) td[name=threshold]", run: "click" },
        { trigger: ".o_selected_row [name=threshold] input", run: "edit 50" },
        { trigger: "button[name=action_compute]:visible", run: "click" },
        { trigger: ".alert-info:contains(members would move up)" },
        { trigger: "button[name=action_view_moves]", run: "click" },
        { trigger: ".o_last_breadcrumb_item:contains(Who Moves), .active:contains(Who Moves)" },
        ...openLoyalty("Members"),
        { trigger: ".o_data_row:contains(Tour Member)" },
        { trigger: "button.o_switch_view.o_kanban", run: "click" },
        { trigger: ".o_kanban_group:contains(Bronze) .o_column_progress" },
        { trigger: ".o_kanban_record:contains(Tour Member)", run: "click" },
        { trigger: ".o_form_view [name=amount_summary]:contains(in the last 12 months)" },
        { trigger: "button[name=action_view_points]", run: "click" },
        { trigger: ".breadcrumb-item:contains(Tour Member)" },
    ],
});
