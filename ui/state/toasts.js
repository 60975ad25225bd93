// Short messages over the window.

/** @import { Action, Toasts } from "./types" */

/** More at once would hide the list. */
const MOST = 3;

/** @type {Toasts} */
export const initial = { list: [], next: 1 };

/**
 * @param {Toasts} toasts
 * @param {Action} action
 * @returns {Toasts}
 */
export function reduce(toasts, action) {
  switch (action.type) {
    case "toast/shown": {
      const { toast } = action;
      const others = toasts.list.filter(({ key }) => key !== toast.key);
      const list = [...others, { ...toast, id: toasts.next }].slice(-MOST);
      return { list, next: toasts.next + 1 };
    }
    case "toast/dismissed": {
      const list = toasts.list.filter(({ key }) => key !== action.key);
      return list.length === toasts.list.length ? toasts : { ...toasts, list };
    }
    default:
      return toasts;
  }
}
