import { registry } from "@web/core/registry";

/** Open a report by the menu. */
function open(menu) {
    return [
        { trigger: "[data-menu-xmlid='lifecycle_crm.menu_lifecycle_reports']", run: "click" },
        { trigger: `.o-dropdown--menu [data-menu-xmlid='lifecycle_crm.${menu}']`, run: "click" },
    ];
}

/** A manager asks who leaves, goes on to the customers, and what was bought next. */
registry.category("web_tour.tours").add("lifecycle_reports", {
    steps: () => [
        { trigger: ".o_lifecycle_dashboard" },
        ...open("menu_lifecycle_loss_report"),
        { trigger: ".o_pivot th:contains(Share Lost)" },
        { trigger: ".o_pivot th:contains(At Least)" },
        { trigger: ".o_pivot td.o_pivot_cell_value:contains(%)" },
        { trigger: ".o_pivot_download" },
        { trigger: ".o_switch_view.o_graph", run: "click" },
        { trigger: ".o_graph_renderer canvas" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_data_row" },
        ...open("menu_lifecycle_cross_sell"),
        { trigger: ".o_last_breadcrumb_item:contains(Bought Next)" },
        { trigger: ".o_list_view, .o_view_nocontent" },
    ],
});
