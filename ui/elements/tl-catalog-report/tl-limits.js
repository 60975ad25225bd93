// How much of the line previews may take: two fields, heeded by the next build.

import { el, send } from "../../dom.js";
import { kilobytes, limitNote, limitsOf, MOST_CONNECTIONS } from "./words.js";

/** @import { CatalogReport } from "../../wire" */

export class TlLimits extends HTMLElement {
  #connections = field({ max: MOST_CONNECTIONS, required: true, "data-testid": "limit-connections" });
  #kilobytes = field({ placeholder: "no limit", "data-testid": "limit-bytes" });
  #note = el("p", { class: "dim", "data-testid": "limit-note" });

  connectedCallback() {
    if (this.firstChild) return;
    this.append(
      el("label", {}, "Previews at once", this.#connections),
      el("label", {}, "kB a second, all together", this.#kilobytes),
      this.#note,
    );
    for (const input of [this.#connections, this.#kilobytes])
      input.addEventListener("change", () => this.#set());
  }

  /** @param {Pick<CatalogReport, "previews" | "connections_named" | "bytes_named">} report */
  show(report) {
    const { previews, connections_named, bytes_named } = report;
    this.#connections.value = String(previews.connections);
    this.#kilobytes.value = kilobytes(previews);
    this.#connections.disabled = connections_named;
    this.#kilobytes.disabled = bytes_named;
    this.#note.textContent = limitNote(report);
  }

  #set() {
    const wrong = [this.#connections, this.#kilobytes].find((input) => !input.checkValidity());
    const limits = limitsOf(this.#connections.value, this.#kilobytes.value);
    if (wrong) wrong.reportValidity();
    else if (limits) send(this, "tl-limit-previews", limits);
  }
}

/** @param {Record<string, string | number | boolean>} more */
const field = (more) => el("input", { type: "number", min: 1, step: 1, inputmode: "numeric", ...more });

customElements.define("tl-limits", TlLimits);
