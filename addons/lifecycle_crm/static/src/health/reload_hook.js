import { onMounted, onWillUnmount } from "@odoo/owl";

const INTERVAL = 5000;

/**
 * Loads a view again every few seconds as long as something on it is at work.
 *
 * @param {() => Object} getModel the model of the view
 * @param {(record: Object) => boolean} isBusy whether a record is at work
 */
export function useReloadWhileBusy(getModel, isBusy) {
    let timer;
    let loading = false;
    const tick = async () => {
        const { root } = getModel();
        const records = root?.records || (root?.resId ? [root] : []);
        // nobody looks, or somebody is about to do something with a choice of records
        const idle = document.hidden || root?.selection?.length;
        if (loading || idle || !records.some(isBusy)) {
            return;
        }
        loading = true;
        try {
            await root.load();
            getModel().notify();
        } finally {
            loading = false;
        }
    };
    onMounted(() => {
        timer = setInterval(tick, INTERVAL);
    });
    onWillUnmount(() => clearInterval(timer));
}

/** Whether a run, or the health of a company, will look different soon. */
export function isBusy(record) {
    return ["pending", "running"].includes(record.data.state);
}
