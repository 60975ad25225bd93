// What lies between two songs: where from, where to, how many between, and the songs on the way.

import { el, patch, send } from "../../dom.js";
import { tell } from "../../errors.js";
import { counted } from "../../format.js";
import { isBusy } from "../../state/path.js";
import { Roving } from "../roving.js";
import { TlFound } from "../tl-found/tl-found.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";
import { FIRST, LENGTHS, groups, outcome, title } from "./words.js";

/** @import { PathState } from "../../state/types" */
/** @import { Player, Thread, Track } from "../../wire" */

export class TlPath extends TlSheet {
  #from = el("select", { "data-testid": "path-from" });
  #to = el("select", { "data-testid": "path-to" });
  #steps = el(
    "select",
    { "data-testid": "path-steps" },
    ...LENGTHS.map((length) => el("option", { value: length }, counted(length, "song"))),
  );
  #start = el("p", { class: "end cut" });
  #list = el("div", { class: "found", role: "list", "aria-label": "Songs on the way" });
  #finish = el("p", { class: "end cut" });
  #say = el("p", { class: "say dim", role: "status", "data-testid": "path-say" });
  #way = el("div", { class: "way", "data-testid": "path" }, this.#start, this.#list, this.#say, this.#finish);
  /** @type {Map<number, Track>} the songs that can be ends */
  #tracks = new Map();
  /** @type {Map<unknown, TlFound>} */
  #nodes = new Map();
  /** @type {Roving | null} */
  #roving = null;

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.body.firstChild) return;
    /** @type {(words: string, select: HTMLSelectElement) => HTMLElement} */
    const field = (words, select) => el("label", {}, el("span", { class: "dim" }, words), select);
    this.body.append(
      el(
        "div",
        { class: "asked" },
        field("From", this.#from),
        field("To", this.#to),
        field("Between them", this.#steps),
      ),
      this.#way,
    );
    this.#roving = new Roving(this.#list, new AbortController().signal, () => this.#steps);
    for (const select of [this.#from, this.#to, this.#steps])
      select.addEventListener("change", () => this.#ask());
  }

  /**
   * Opens it and asks for a path.
   * @param {Thread} thread whose songs can be its ends
   * @param {{ from: number, to: number }} ends
   */
  open(thread, { from, to }) {
    const all = groups(thread);
    this.#tracks = new Map(all.flatMap(({ tracks }) => tracks.map((track) => [track.id, track])));
    for (const [select, chosen] of /** @type {const} */ ([
      [this.#from, from],
      [this.#to, to],
    ])) {
      select.replaceChildren(
        ...all.map(({ words, tracks }) =>
          el(
            "optgroup",
            { label: words },
            ...tracks.map((track) => el("option", { value: track.id }, nameOf(track))),
          ),
        ),
      );
      select.value = String(chosen);
    }
    this.#steps.value = String(FIRST);
    this.#ask();
    this.#steps.focus();
  }

  /**
   * @param {PathState} path
   * @param {ReadonlySet<number>} seeds
   */
  show(path, seeds) {
    const { found, trouble } = path;
    const busy = isBusy(path);
    const tracks = found?.tracks ?? [];
    this.#way.dataset["phase"] = trouble ? "failed" : busy ? "asked" : "found";
    this.#way.setAttribute("aria-busy", String(busy));
    this.#list.toggleAttribute(
      "data-pictured",
      tracks.some(({ artwork }) => artwork),
    );
    this.#roving?.keep(() =>
      patch(this.#list, tracks, {
        nodes: this.#nodes,
        key: ({ id }) => id,
        make: () => new TlFound(),
        update: (node, track) => node.show(track, seeds.has(track.id)),
      }),
    );
    const telling = trouble && tell(trouble);
    if (telling) this.#say.textContent = [`${telling.title}.`, telling.detail].filter(Boolean).join(" ");
    else if (busy) this.#say.textContent = tracks.length > 0 ? "" : "Looking for the way…";
    else this.#say.textContent = found ? outcome(tracks.length, found.way.steps) : "";
  }

  /** @param {Player} player */
  hear(player) {
    for (const node of this.#nodes.values()) node.hear(player);
  }

  #ask() {
    const [from, to] = [Number(this.#from.value), Number(this.#to.value)];
    // A path needs two songs: what is one end cannot be the other.
    for (const option of this.#from.options) option.disabled = option.value === this.#to.value;
    for (const option of this.#to.options) option.disabled = option.value === this.#from.value;
    const [start, finish] = [this.#tracks.get(from), this.#tracks.get(to)];
    this.#start.textContent = start?.title ?? "";
    this.#finish.textContent = finish?.title ?? "";
    this.openAs(title(start, finish));
    send(this, "tl-walk", { from, to, steps: Number(this.#steps.value) });
  }
}

/** @param {Track} track */
const nameOf = ({ title: name, artist }) => (artist ? `${name} · ${artist}` : name);

customElements.define("tl-path", TlPath);
