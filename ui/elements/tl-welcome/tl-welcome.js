// What an empty library shows: what this is, and three ways to begin.

import { button, el, send, svgEl } from "../../dom.js";

export class TlWelcome extends HTMLElement {
  #add = button(
    "folder",
    "Add a music folder",
    { class: "primary", "data-testid": "welcome-add-folder" },
    true,
  );
  #catalog = button(
    "grow",
    "Grow one from the catalogue",
    { class: "plain", "data-testid": "welcome-catalog" },
    true,
  );
  #demo = el(
    "button",
    { type: "button", class: "plain", "data-testid": "try-demo" },
    "Try the demo collection",
  );
  #gone = new AbortController();

  connectedCallback() {
    if (!this.firstChild) {
      this.append(
        strand(),
        el(
          "div",
          { class: "words" },
          el("h1", {}, "Find the thread between songs"),
          el(
            "p",
            { class: "dim" },
            "Throughline listens to your music and finds what sounds alike. Pick two or three songs, and see what lies between them.",
          ),
          el("div", { class: "ways" }, this.#add, this.#catalog, this.#demo),
          el(
            "p",
            { class: "dim small" },
            "Or drop a folder anywhere in this window. Your music never leaves this computer; from the catalogue come previews, which are listened to and not kept.",
          ),
        ),
      );
    }
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#add.addEventListener("click", () => send(this, "tl-add-folder", null), { signal });
    this.#catalog.addEventListener("click", () => send(this, "tl-open", { what: "catalog" }), { signal });
    this.#demo.addEventListener("click", () => send(this, "tl-demo", null), { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
  }
}

/** The thread across the window, with three beads. */
function strand() {
  const svg = svgEl("svg", {
    class: "strand",
    viewBox: "0 0 1200 240",
    preserveAspectRatio: "xMidYMid slice",
    "aria-hidden": "true",
  });
  svg.append(
    svgEl("path", {
      pathLength: 1,
      d: "M-20 150C120 150 170 70 300 70S500 190 640 176 830 60 940 84s140 100 280 76",
    }),
  );
  for (const [cx, cy] of [
    [300, 70],
    [640, 176],
    [940, 84],
  ])
    svg.append(svgEl("circle", { cx: cx ?? 0, cy: cy ?? 0, r: 11 }));
  return svg;
}

customElements.define("tl-welcome", TlWelcome);
