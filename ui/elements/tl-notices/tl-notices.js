// What the listener should know about the machine: said quietly, and for as long as it is so.

import { el, icon } from "../../dom.js";

/** @import { Status } from "../../wire" */

export class TlNotices extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "status");
  }

  /** @param {Status | null} status */
  show(status) {
    this.replaceChildren(
      ...notices(status).map((words) =>
        el("p", { "data-testid": "notice" }, icon("info"), el("span", { class: "select" }, words)),
      ),
    );
  }
}

/**
 * @param {Status | null} status
 * @returns {string[]}
 */
function notices(status) {
  if (!status) return [];
  const away = status.sources.filter(({ online }) => !online);
  return [
    status.device_note,
    status.sound && `No sound: ${status.sound}`,
    away.length > 0 &&
      `Not connected: ${away.map(({ path }) => path).join(", ")}. Its songs stay listed, but cannot be played.`,
  ]
    .filter((words) => typeof words === "string" && words !== "")
    .map(String);
}

customElements.define("tl-notices", TlNotices);
