// All threads: open another, branch one off, export one, import one.

import { button, el, send } from "../../dom.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";
import { called, facts, wasAt } from "./words.js";

/** @import { ThreadSummary } from "../../wire" */

export class TlThreads extends TlSheet {
  /**
   * @param {readonly ThreadSummary[]} threads
   * @param {number} today when today began, Unix milliseconds
   */
  open(threads, today) {
    const bring = el(
      "button",
      { type: "button", class: "plain", "data-testid": "thread-import" },
      "Import from a file…",
    );
    bring.addEventListener("click", () => send(this, "tl-import-thread", null));
    this.body.replaceChildren(el("ul", { class: "threads" }, ...threads.map((thread) => this.#item(thread, today))));
    this.foot.replaceChildren(bring);
    this.openAs("Threads");
  }

  /**
   * @param {ThreadSummary} thread
   * @param {number} today
   */
  #item(thread, today) {
    const name = called(thread);
    /** @type {(words: string, title: string, testid: string, before: number | null) => HTMLElement} */
    const branch = (words, title, testid, before) => {
      const node = el("button", { type: "button", class: "quiet worded", title, "data-testid": testid }, words);
      node.setAttribute("aria-label", `${words}: “${name}”`);
      node.addEventListener("click", () => {
        this.close();
        send(this, "tl-branch-thread", { id: thread.id, before });
      });
      return node;
    };
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
    const past = branch(
      "As it was yesterday",
      "A new thread of what was said in this one up to midnight",
      "thread-yesterday",
      today,
    );
    const now = branch(
      "Branch",
      "A new thread that begins with what this one has, and goes its own way",
      "thread-branch",
      null,
    );
    return el("li", {}, choose, wasAt(thread, today) ? past : null, thread.seeds.length > 0 ? now : null, save);
  }
}

customElements.define("tl-threads", TlThreads);
