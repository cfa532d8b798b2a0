import { registry } from "@web/core/registry";
import { configure } from "./steps";

/** A manager is warned beside the customers, reads what failed and tries again. */
registry.category("web_tour.tours").add("lifecycle_health", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row" },
        { trigger: ".o_lifecycle_health_banner:contains(failed):contains(Jun 14)" },
        { trigger: ".o_switch_view.o_kanban", run: "click" },
        { trigger: ".o_kanban_view .o_lifecycle_health_banner a", run: "click" },
        { trigger: ".o_kanban_record .badge:contains(Failed)" },
        { trigger: ".o_kanban_record:contains(Nightly recompute)" },
        { trigger: ".o_kanban_record .alert-danger:contains(DiskFull)" },
        { trigger: ".o_kanban_record [name=action_view_failed_run]", run: "click" },
        { trigger: ".o_form_view .alert-danger:contains(disk of the server is full)" },
        { trigger: ".o_form_view .alert-danger:contains(4 of 9)" },
        ...configure("menu_lifecycle_health"),
        { trigger: ".o_kanban_record .btn[name=action_recompute]", run: "click" },
        { trigger: ".o_notification:contains(recompute starts)" },
        { trigger: ".o_kanban_record .badge:contains(Waiting)" },
        // the failure is not forgotten before a run was done
        { trigger: ".o_kanban_record .alert-danger:contains(DiskFull)" },
        { trigger: ".o_kanban_record [name=action_view_runs]", run: "click" },
        { trigger: ".o_list_view .o_data_row:first td[name=state]:contains(Waiting)" },
        { trigger: ".o_data_row:eq(1) td[name=error_line]:contains(DiskFull)" },
    ],
});

/** A broken rule stands behind the failure: Health leads to it. */
registry.category("web_tour.tours").add("lifecycle_health_broken", {
    steps: () => [
        { trigger: ".o_kanban_record .alert-warning:contains(“Loyal” is broken)" },
        { trigger: ".o_kanban_record [name=action_view_failed_run]", run: "click" },
        { trigger: ".o_form_view .alert-danger:contains(This run failed)" },
        { trigger: ".o_statusbar_buttons [name=action_open_broken_stage]" },
        ...configure("menu_lifecycle_health"),
        { trigger: ".o_kanban_record [name=action_open_broken_stage]", run: "click" },
        { trigger: ".o_form_view [name=name] input:value(Loyal)" },
    ],
});

/** Before the first run the list says what it waits for, and where to look. */
registry.category("web_tour.tours").add("lifecycle_health_empty", {
    steps: () => [
        { trigger: ".o_view_nocontent:contains(computed for the first time)" },
        { trigger: ".o_view_nocontent a[href='/odoo/lifecycle-health']", run: "click" },
        { trigger: ".o_kanban_record .badge:contains(Not Computed Yet)" },
    ],
});

/** A salesperson works with the same list and is not bothered. */
registry.category("web_tour.tours").add("lifecycle_health_seller", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row" },
        { trigger: ".o_switch_view.o_kanban", run: "click" },
        { trigger: ".o_kanban_view .o_kanban_record" },
        { trigger: "body:not(:has(.o_lifecycle_health_banner))" },
    ],
});
