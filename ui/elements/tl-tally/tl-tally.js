// Names and how many songs each has, most first; each can be taken out of the library.

import { el, find, patch, turnOff } from "../../dom.js";
import { Roving, stop } from "../roving.js";
import { narrowed, restWords } from "./words.js";
import { thousands } from "../../format.js";

/** @import { Tallied } from "./words.js" */

/** A list that is longer can be narrowed. */
const SHORT = 8;

/** Names that are drawn, at most: a large library has thousands of artists. */
const DRAWN = 100;

export class TlTally extends HTMLElement {
  #narrow = el("input", { type: "search", class: "narrow", autocomplete: "off", spellcheck: "false" });
  #list = el("ul", {});
  #rest = el("p", { class: "rest dim", role: "status" });
  /** @type {Map<unknown, HTMLLIElement>} */
  #nodes = new Map();
  /** @type {readonly Tallied[]} */
  #items = [];
  #building = false;
  /** @type {(item: Tallied) => void} asked to take a name out */
  onremove = () => undefined;
  /** @type {Roving | null} */
  #roving = null;
  #gone = new AbortController();

  /** What one of the names is, as in “artist”: it names the parts for tests. */
  get kind() {
    return this.dataset["kind"] ?? "";
  }

  connectedCallback() {
    if (!this.firstChild) this.append(this.#narrow, this.#list, this.#rest);
    this.#narrow.placeholder = this.dataset["find"] ?? "";
    this.#narrow.setAttribute("aria-label", this.#narrow.placeholder);
    this.#narrow.dataset["testid"] = `${this.kind}-find`;
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#roving = new Roving(this.#list, signal, () => this.#narrow);
    this.#narrow.addEventListener("input", () => this.#fill(), { signal });
    this.#narrow.addEventListener("keydown", (event) => this.#onKey(event), { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /** Shows all names again. */
  reset() {
    this.#narrow.value = "";
  }

  /**
   * @param {readonly Tallied[]} items
   * @param {boolean} building nothing can be taken out meanwhile
   */
  show(items, building) {
    this.#items = items;
    this.#building = building;
    this.#narrow.hidden = items.length <= SHORT;
    if (this.#narrow.hidden) this.#narrow.value = "";
    this.#fill();
  }

  #fill() {
    const found = narrowed(this.#items, this.#narrow.value);
    const shown = found.slice(0, DRAWN);
    const most = this.#items.reduce((most, { count: songs }) => Math.max(most, songs), 1);
    this.#roving?.keep(() =>
      patch(this.#list, shown, {
        nodes: this.#nodes,
        key: ({ key }) => key,
        make: () => el("li", { "data-testid": `report-${this.kind}` }),
        update: (node, item) => this.#item(node, item, most),
      }),
    );
    this.#rest.textContent = restWords(found.length, shown.length);
  }

  /**
   * @param {HTMLLIElement} node
   * @param {Tallied} item
   * @param {number} most
   */
  #item(node, item, most) {
    if (!node.firstChild) {
      const remove = el(
        "button",
        {
          type: "button",
          class: "quiet worded",
          ...stop("remove"),
          "aria-label": `Remove ${item.words}`,
          "data-testid": `${this.kind}-remove`,
        },
        "Remove",
      );
      node.append(
        el("span", { class: "name cut", title: item.words }, item.words),
        el("span", { class: "bar", "aria-hidden": "true" }, el("span")),
        el("span", { class: "count dim" }),
        remove,
      );
    }
    find(node, ".bar").style.setProperty("--part", String(item.count / most));
    find(node, ".count").textContent = thousands(item.count);
    const remove = find(node, "button");
    turnOff(remove, this.#building);
    remove.onclick = () => {
      if (!this.#building) this.onremove(item);
    };
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "ArrowDown" && this.#nodes.size > 0) this.#roving?.enter();
    else if (event.key === "Escape" && this.#narrow.value !== "") {
      this.#narrow.value = "";
      this.#fill();
    } else return;
    event.preventDefault();
  }
}

customElements.define("tl-tally", TlTally);
