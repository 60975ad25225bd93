// All threads: open another, export one, import one.

import { button, el, send } from "../../dom.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";
import { called, facts } from "./words.js";

/** @import { ThreadSummary } from "../../wire" */

export class TlThreads extends TlSheet {
  /** @param {readonly ThreadSummary[]} threads */
  open(threads) {
    const bring = el(
      "button",
      { type: "button", class: "plain", "data-testid": "thread-import" },
      "Import from a file…",
    );
    bring.addEventListener("click", () => send(this, "tl-import-thread", null));
    this.body.replaceChildren(el("ul", { class: "threads" }, ...threads.map((thread) => this.#item(thread))));
    this.foot.replaceChildren(bring);
    this.openAs("Threads");
  }

  /** @param {ThreadSummary} thread */
  #item(thread) {
    const name = called(thread);
    const choose = el(
      "button",
      {
        type: "button",
        class: "thread",
        "aria-current": thread.open ? "true" : null,
        "data-testid": "thread-open",
        "data-thread-id": thread.id,
      },
      el("span", { class: "title cut" }, name),
      el("span", { class: "byline cut dim" }, facts(thread)),
    );
    choose.addEventListener("click", () => {
      this.close();
      if (!thread.open) send(this, "tl-open-thread", { id: thread.id });
    });
    const save = button("save", `Export “${name}” to a file`, {
      class: "quiet",
      "data-testid": "thread-export",
    });
    save.addEventListener("click", () => send(this, "tl-export-thread", { id: thread.id, name }));
    return el("li", {}, choose, save);
  }
}

customElements.define("tl-threads", TlThreads);
