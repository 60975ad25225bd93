// The shelf of models: those that are here, and those that can be had.

import { button, el, icon, patch, send } from "../../dom.js";
import { isBusy } from "../../state/build.js";
import { TlModel } from "../tl-model/tl-model.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";

/** @import { State } from "../../state/types" */

export class TlModels extends TlSheet {
  #note = el("p", { class: "caution", "data-testid": "models-caution" });
  #list = el("div", { class: "models", role: "list", "aria-label": "Models" });
  /** @type {Map<unknown, TlModel>} */
  #nodes = new Map();
  #words = el("p", { class: "dim" });
  #compare = button("sides", "Compare by ear", { class: "plain", "data-testid": "compare-open" }, true);

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.body.firstChild) return;
    this.body.append(
      el(
        "p",
        { class: "dim" },
        "A model is the ear that your library is heard with. Each is kept once, for all libraries.",
      ),
      this.#note,
      this.#list,
    );
    this.foot.append(this.#words, this.#compare);
    this.#compare.addEventListener("click", () => send(this, "tl-open", { what: "compare" }));
  }

  /** @param {State} state */
  open(state) {
    this.show(state);
    this.openAs("Models");
    send(this, "tl-watch-models", { watched: true });
  }

  /** @override */
  closed() {
    send(this, "tl-watch-models", { watched: false });
  }

  /**
   * Brings an open dialog up to date.
   * @param {Pick<State, "models" | "library" | "build">} state
   */
  show({ models, library: { status }, build }) {
    const caution = status?.model_note ?? "";
    if (caution !== this.#note.textContent)
      this.#note.replaceChildren(
        ...(caution ? [icon("warn"), el("span", { class: "select" }, caution)] : []),
      );
    patch(this.#list, models.list, {
      nodes: this.#nodes,
      key: ({ id }) => id,
      make: () => new TlModel(),
      update: (node, model) => node.show(model, models, status, isBusy(build)),
    });
    const enough = models.comparable.length > 1;
    this.#compare.hidden = !enough;
    this.#words.textContent = enough
      ? `${models.comparable.length === 2 ? "Two" : models.comparable.length} models have heard this library. Which one hears as you do?`
      : "Once two models have heard this library, you can compare them by ear.";
  }
}

customElements.define("tl-models", TlModels);
