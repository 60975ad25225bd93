// What the listener should know about the machine: said quietly, and for as long as it is so.

import { el, icon, send } from "../../dom.js";

/** @import { Status } from "../../wire" */

export class TlNotices extends HTMLElement {
  /** What is said now. */
  #words = "";

  connectedCallback() {
    this.setAttribute("role", "status");
  }

  /** @param {Status | null} status */
  show(status) {
    const said = notices(status);
    const model = status?.model_note ?? "";
    // A voice would say the same again, and a link that has the focus would lose it.
    const words = [...said, model].join("\n");
    if (words === this.#words) return;
    this.#words = words;
    this.replaceChildren(
      ...said.map((one) => notice(one)),
      ...(model ? [notice(model, this.#models())] : []),
    );
  }

  #models() {
    const open = el("button", { type: "button", class: "link", "data-testid": "notice-models" }, "Models");
    open.addEventListener("click", () => send(this, "tl-open", { what: "models" }));
    return open;
  }
}

/**
 * @param {string} words
 * @param {HTMLElement} [action]
 */
const notice = (words, action) =>
  el("p", { "data-testid": "notice" }, icon("info"), el("span", { class: "select" }, words), action ?? null);

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
      `Not connected: ${away.map(({ path }) => path).join(", ")}. ${away.length === 1 ? "Its" : "Their"} songs are kept, but cannot be played until ${away.length === 1 ? "it is" : "they are"} back.`,
  ]
    .filter((words) => typeof words === "string" && words !== "")
    .map(String);
}

customElements.define("tl-notices", TlNotices);
