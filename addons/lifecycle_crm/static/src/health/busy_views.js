import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { isBusy, useReloadWhileBusy } from "./reload_hook";

/** A view that follows the progress of runs by itself. */
function followProgress(view, BaseController) {
    class Controller extends BaseController {
        setup() {
            super.setup();
            useReloadWhileBusy(() => this.model, isBusy);
        }
    }
    return { ...view, Controller };
}

const views = registry.category("views");
views.add("lifecycle_busy_kanban", followProgress(kanbanView, KanbanController));
views.add("lifecycle_busy_list", followProgress(listView, ListController));
views.add("lifecycle_busy_form", followProgress(formView, FormController));
