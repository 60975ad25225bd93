// What else can be done with a row.

import { send } from "../../dom.js";
import { counted } from "../../format.js";

/** @import { Intents, MenuItem } from "../../intents" */
/** @import { Row } from "../../wire" */

/**
 * What is chosen is asked for by the page: the row may have gone while its menu was open.
 * @param {Row} track
 * @returns {MenuItem[]}
 */
export function menuOf({ id, title, store, versions }) {
  /** @type {<K extends keyof Intents>(label: string, icon: string, testid: string, name: K, detail: Intents[K]) => MenuItem} */
  const item = (label, icon, testid, name, detail) => ({
    label,
    icon,
    testid,
    choose: () => send(document, name, detail),
  });
  const family = [
    item(`Show ${counted(versions, "other version")}`, "copies", "row-versions", "tl-why", {
      id,
      keep: true,
    }),
    item("Not this song, in any version", "down", "row-family", "tl-rate-family", { id, title }),
  ];
  return [
    item("Make it a seed", "plus", "row-seed", "tl-seed", { id }),
    item("What lies between a seed and this…", "path", "row-path", "tl-between", { from: null, to: id }),
    item("Turn away from this", "turn", "row-oppose", "tl-oppose", { id, title }),
    ...(versions > 0 ? family : []),
    item("Nothing that sounds like this…", "near", "row-near", "tl-near", { id, title }),
    store
      ? item("Open in the store", "store", "row-open-store", "tl-open-store", { id })
      : item("Show in folder", "folder", "row-reveal", "tl-reveal", { id }),
    item("Never show again, anywhere", "ban", "row-banish", "tl-banish", { id, title }),
  ];
}
