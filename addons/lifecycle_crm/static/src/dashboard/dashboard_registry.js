import { registry } from "@web/core/registry";

/**
 * The parts of the dashboard, in the order of their sequence.
 *
 * A part is `{ Component, isShown }`: the component gets the props `data` (what
 * `lifecycle.dashboard` answered), `open` (see `LifecycleDashboard.open`) and
 * `isShown(data)` says whether there is anything to show. An addon adds its own.
 */
export const dashboardParts = registry.category("lifecycle_dashboard_parts");

export const partProps = {
    data: Object,
    open: Function,
};
