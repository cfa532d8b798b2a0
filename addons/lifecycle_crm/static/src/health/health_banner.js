import { Component, onMounted, status, useState } from "@odoo/owl";
import { deserializeDate, toLocaleDateString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

/** A slim warning for managers that the scores on the screen are not right. */
export class LifecycleHealthBanner extends Component {
    static template = "lifecycle_crm.HealthBanner";
    static props = {};

    setup() {
        this.action = useService("action");
        this.state = useState({ warning: false });
        // the list does not wait for it
        onMounted(() => this.loadWarning());
    }

    async loadWarning() {
        if (!(await user.hasGroup("lifecycle_crm.group_lifecycle_manager"))) {
            return;
        }
        // not through useService: whoever left the list meanwhile needs no error
        const { orm } = this.env.services;
        const warning = await orm.silent.call("lifecycle.health", "get_warning", []);
        if (status(this) !== "destroyed") {
            this.state.warning = warning;
        }
    }

    get asOf() {
        const day = toLocaleDateString(deserializeDate(this.state.warning.as_of));
        return _t("Scores are as of %s.", day);
    }

    openHealth() {
        return this.action.doAction("lifecycle_crm.action_lifecycle_health");
    }
}

class ListControllerWithBanner extends ListController {
    static template = "lifecycle_crm.ListViewWithBanner";
    static components = { ...ListController.components, LifecycleHealthBanner };
}

class KanbanControllerWithBanner extends KanbanController {
    static template = "lifecycle_crm.KanbanViewWithBanner";
    static components = { ...KanbanController.components, LifecycleHealthBanner };
}

const views = registry.category("views");
views.add("lifecycle_customer_list", { ...listView, Controller: ListControllerWithBanner });
views.add("lifecycle_customer_kanban", {
    ...kanbanView,
    Controller: KanbanControllerWithBanner,
});
