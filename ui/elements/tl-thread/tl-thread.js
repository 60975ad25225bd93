// The open throughline: seeds and liked songs as beads on a thread, and what can be done to it.

import { button, el, find, icon, isOff, patch, send, setAttribute, svgEl, turnOff } from "../../dom.js";
import { counted } from "../../format.js";
import { isStill } from "../../motion.js";
import { Roving } from "../roving.js";
import { TlBead } from "../tl-bead/tl-bead.js";
import { createName } from "./name.js";
import { threadPath } from "./path.js";

/** @import { ThreadState } from "../../state/types" */
/** @import { Thread, Track } from "../../wire" */

/** @import { Kind } from "../tl-bead/tl-bead.js" */

/** @typedef {{ kind: Kind, track: Track } | { kind: "end" }} Item what hangs on the thread */

/** Songs to grow by. */
const GROWTHS = [200, 1000, 5000];

export class TlThread extends HTMLElement {
  #name = createName();
  #sum = el("p", { class: "sum dim" });
  #undo = button(
    "undo",
    "Undo",
    { class: "quiet worded", "data-testid": "undo", "aria-keyshortcuts": "Control+Z" },
    true,
  );
  #fresh = button("fresh", "New thread", { class: "quiet worded", "data-testid": "new-thread" }, true);
  #all = button(
    "shelf",
    "Threads",
    {
      class: "quiet worded all",
      "data-opens": "threads",
      "data-testid": "threads-open",
      "aria-label": "Threads",
      title: "All threads: open, export, import",
    },
    true,
  );
  #grow = button(
    "grow",
    "Grow around these",
    {
      class: "quiet worded grow",
      "data-testid": "thread-grow",
      "aria-haspopup": "menu",
      "aria-label": "Grow around these",
    },
    true,
  );
  #downs = el("button", { type: "button", class: "link", "data-testid": "downs", "aria-expanded": "false" });
  #path = svgEl("path", { pathLength: 1 });
  #beads = el("div", {
    class: "beads",
    role: "list",
    "aria-label": "Seeds, liked songs, and songs to turn away from",
  });
  #add = button(
    "plus",
    "Add a song",
    { class: "add", "data-stop": "add", "data-testid": "thread-add" },
    true,
  );
  #end = el("div", { class: "end", role: "listitem" }, this.#add);
  #waiting = el("p", { class: "waiting dim", role: "status" });
  #check = el("p", { class: "check", "data-testid": "thread-check" });
  #note = el("p", { class: "note dim", "data-testid": "thread-note" });
  #line = el("div", { class: "line" });
  /** @type {Map<unknown, HTMLElement>} */
  #nodes = new Map();
  #open = false;
  /** @type {Thread | null} */
  #thread = null;
  #gone = new AbortController();
  /** @type {Roving | null} */
  #roving = null;
  #resized = new ResizeObserver(() => this.#draw());

  connectedCallback() {
    if (!this.firstChild) {
      const svg = svgEl("svg", { class: "strand", "aria-hidden": "true" });
      svg.append(this.#path);
      this.#line.append(svg, this.#beads);
      this.append(
        el(
          "header",
          {},
          el("div", { class: "words" }, this.#name.node, this.#sum),
          this.#grow,
          this.#undo,
          this.#fresh,
          this.#all,
        ),
        this.#line,
        this.#check,
        this.#waiting,
        this.#note,
      );
    }
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#roving = new Roving(this.#beads, signal, () => this.#name.heading);
    this.#name.listen(signal);
    this.#undo.addEventListener("click", () => send(this, "tl-undo", null), { signal });
    this.#fresh.addEventListener("click", () => send(this, "tl-new-thread", null), { signal });
    this.#grow.addEventListener("click", () => this.#growMenu(), { signal });
    this.#add.addEventListener("click", () => send(this, "tl-open", { what: "search" }), { signal });
    this.#downs.addEventListener("click", () => this.#toggleDowns(), { signal });
    this.#resized.observe(this.#beads);
  }

  disconnectedCallback() {
    this.#gone.abort();
    this.#resized.disconnect();
  }

  /** Takes the focus: this place is always there. */
  enter() {
    this.#name.heading.focus();
  }

  /**
   * @param {ThreadState} state
   * @param {boolean} building
   */
  show({ shown, pending, listening }, building) {
    this.#thread = shown;
    const seeds = shown?.seeds ?? [];
    this.#name.show(shown?.name ?? null);
    this.#showSum(shown);
    const undoable = shown?.undo ?? null;
    turnOff(this.#undo, undoable === null && pending.length === 0);
    this.#undo.title = undoable ? `Undo ${undoable} (Ctrl Z)` : "Undo (Ctrl Z)";
    this.#fresh.hidden = seeds.length === 0 && (shown?.liked.length ?? 0) === 0;
    this.#grow.hidden = seeds.length === 0;
    turnOff(this.#grow, building);
    this.#grow.title = building
      ? "A build is under way"
      : "Get more songs from the catalogue, around the seeds and liked songs";
    this.#waiting.textContent = listening > 0 ? `Listening to ${counted(listening, "dropped song")}…` : "";
    this.#showCheck(shown);
    this.#note.textContent = shown?.note ?? "";
    this.#showBeads();
  }

  /** @param {Thread | null} thread */
  #showSum(thread) {
    const { seeds = [], liked = [], disliked = [] } = thread ?? {};
    const words = [
      seeds.length > 0 && counted(seeds.length, "seed"),
      liked.length > 0 && `${liked.length} liked`,
    ].filter(Boolean);
    this.#downs.textContent = `${disliked.length} thumbed down`;
    if (disliked.length === 0) this.#open = false;
    this.#downs.setAttribute("aria-expanded", String(this.#open));
    const separator = words.length > 0 && disliked.length > 0 ? " · " : "";
    const text =
      seeds.length + liked.length + disliked.length === 0
        ? "Seeds go here, and songs you like along the way"
        : words.join(" · ") + separator;
    if (disliked.length === 0) this.#sum.replaceChildren(text);
    else if (this.#downs.isConnected) find(this.#sum, "span").textContent = text;
    else this.#sum.replaceChildren(el("span", {}, text), this.#downs);
  }

  /**
   * Quiet where the seeds share a thread; of one seed there is nothing to say.
   * @param {Thread | null} thread
   */
  #showCheck(thread) {
    const { kind = "single", sentence = "" } = thread?.check ?? {};
    setAttribute(this.#check, "data-kind", kind);
    const words = kind === "single" ? "" : sentence;
    const isLoud = kind === "pockets" || kind === "loose";
    this.#check.replaceChildren(...(isLoud ? [icon(kind === "loose" ? "warn" : "info")] : []), words);
  }

  #showBeads() {
    const { seeds = [], liked = [], disliked = [], opposed = [], weights = [], check = null } =
      this.#thread ?? {};
    const pockets = check?.kind === "pockets" ? check.pockets : [];
    /** @type {(kind: Kind, tracks: readonly Track[]) => Item[]} */
    const beads = (kind, tracks) => tracks.map((track) => ({ kind, track }));
    /** @type {Item[]} */
    const items = [
      ...beads("seed", seeds),
      ...beads("liked", liked),
      { kind: "end" },
      ...beads("opposed", opposed),
      ...(this.#open ? beads("disliked", disliked) : []),
    ];
    const grown = items.length > this.#nodes.size;
    this.#roving?.keep(() =>
      patch(this.#beads, items, {
        nodes: this.#nodes,
        key: (item) => (item.kind === "end" ? "end" : `${item.kind} ${item.track.id}`),
        make: (item) => (item.kind === "end" ? this.#end : new TlBead()),
        update: (node, item) => {
          if (item.kind === "end" || !(node instanceof TlBead)) return;
          const pocket = pockets.findIndex((ids) => item.kind === "seed" && ids.includes(item.track.id));
          const weight = weights.find(({ id }) => id === item.track.id)?.weight ?? 1;
          node.show(item.kind, item.track, pocket < 0 ? null : pocket + 1, weight);
        },
      }),
    );
    this.#draw();
    if (!grown) return;
    this.#line.scrollTo({ top: this.#line.scrollHeight });
    if (!isStill()) {
      this.#path.animate([{ strokeDasharray: "0 1" }, { strokeDasharray: "1 0" }], {
        duration: 700,
        easing: "ease-out",
      });
    }
  }

  #growMenu() {
    if (isOff(this.#grow)) return;
    send(this, "tl-menu", {
      anchor: this.#grow,
      items: GROWTHS.map((more) => ({
        label: counted(more, "more song", "more songs"),
        icon: "plus",
        testid: "grow-by",
        choose: () => send(this, "tl-grow", { more }),
      })),
    });
  }

  #toggleDowns() {
    this.#open = !this.#open;
    this.#downs.setAttribute("aria-expanded", String(this.#open));
    this.#showBeads();
  }

  /** Lays the thread through the beads as they now stand. */
  #draw() {
    const joined = [...this.#beads.children]
      .filter((child) => child instanceof HTMLElement)
      .filter(({ dataset }) => dataset["kind"] !== "disliked" && dataset["kind"] !== "opposed");
    const boxes = joined.map(({ offsetLeft, offsetTop, offsetWidth, offsetHeight }) => ({
      left: offsetLeft,
      right: offsetLeft + offsetWidth,
      middle: offsetTop + offsetHeight / 2,
    }));
    this.#path.setAttribute("d", threadPath(boxes, this.#line.clientWidth));
  }
}

customElements.define("tl-thread", TlThread);
