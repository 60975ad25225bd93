// The library in detail: its folders, what it runs on, where it lives.

import { button, el, icon, send, turnOff } from "../../dom.js";
import { renew } from "../../focus.js";
import { counted } from "../../format.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";

/** @import { Source, Status } from "../../wire" */

export class TlLibrary extends TlSheet {
  /**
   * @param {Status} status
   * @param {boolean} building
   */
  open(status, building) {
    this.show(status, building);
    this.openAs("Library");
  }

  /**
   * Brings an open dialog up to date.
   * @param {Status} status
   * @param {boolean} building
   */
  show(status, building) {
    renew(this, () => this.#fill(status, building));
  }

  /**
   * @param {Status} status
   * @param {boolean} building
   */
  #fill(status, building) {
    this.body.replaceChildren(
      status.sources.length > 0
        ? el("ul", { class: "sources" }, ...status.sources.map((source) => this.#source(source, building)))
        : el("p", { class: "dim" }, "No folder yet."),
      this.#watch(status),
      el(
        "dl",
        { class: "facts" },
        ...facts(status).map(([term, words]) =>
          el("div", {}, el("dt", { class: "dim" }, term), el("dd", { class: "select" }, words)),
        ),
      ),
    );
    const rescan = button("fresh", "Look for changes", { class: "plain", "data-testid": "rescan" }, true);
    turnOff(rescan, building || status.sources.length === 0);
    rescan.addEventListener("click", () => {
      this.close();
      send(this, "tl-rescan", { retryFailed: false });
    });
    const models = button("fork", "Models", { class: "plain", "data-testid": "library-models" }, true);
    models.addEventListener("click", () => {
      this.close();
      send(this, "tl-open", { what: "models" });
    });
    const failures = button(
      "warn",
      counted(status.failed + status.hidden, "failure"),
      { class: "plain", "data-testid": "library-failures" },
      true,
    );
    failures.addEventListener("click", () => {
      this.close();
      send(this, "tl-open", { what: "failures" });
    });
    this.foot.replaceChildren(...(status.failed + status.hidden > 0 ? [failures] : []), models, rescan);
  }

  /** @param {Status} status */
  #watch({ watching: { on, note } }) {
    const toggle = el("input", { type: "checkbox", "data-testid": "watch-toggle", checked: on });
    toggle.addEventListener("change", () => send(this, "tl-watch", { on: toggle.checked }));
    return el(
      "label",
      { class: "watch" },
      toggle,
      el(
        "span",
        {},
        el("span", {}, "Notice changes while Throughline is open"),
        el("span", { class: "dim", "data-testid": "watch-note" }, watchWords(on, note)),
      ),
    );
  }

  /**
   * @param {Source} source
   * @param {boolean} building
   */
  #source({ id, path, tracks, online }, building) {
    const remove = el(
      "button",
      {
        type: "button",
        class: "quiet worded",
        "data-testid": "source-remove",
        "aria-label": `Remove ${path}`,
      },
      "Remove",
    );
    turnOff(remove, building);
    remove.addEventListener("click", () => send(this, "tl-remove-source", { id, path }));
    return el(
      "li",
      { "data-testid": "source" },
      icon("folder"),
      el(
        "div",
        { class: "words" },
        el("p", { class: "path select" }, path),
        el(
          "p",
          { class: "dim figures" },
          [counted(tracks, "song"), !online && "not connected: its songs are kept"]
            .filter(Boolean)
            .join(" · "),
        ),
      ),
      remove,
    );
  }
}

/**
 * @param {boolean} on
 * @param {string | null} note
 */
const watchWords = (on, note) =>
  on
    ? note
      ? `${note}.`
      : "What comes, changes or goes is heard gently, in the background. Disks that are away are waited for."
    : "Changes are found when you look for them.";

/**
 * @param {Status} status
 * @returns {[string, string][]}
 */
function facts({
  tracks,
  songs,
  missing,
  failed,
  hidden,
  banished,
  model_name: model,
  device,
  library,
  version,
}) {
  /** @type {[string, string | false][]} */
  const all = [
    ["Songs", counted(tracks, "song")],
    ["From the catalogue", songs > 0 && counted(songs, "song")],
    ["Missing files", missing > 0 && counted(missing, "file")],
    ["Could not be read", failed > 0 && counted(failed, "file")],
    ["Hidden failures", hidden > 0 && counted(hidden, "file")],
    ["Never shown", banished > 0 && counted(banished, "song")],
    ["Model", model],
    ["Runs on", device],
    ["Data", library],
    ["Version", version],
  ];
  return all
    .filter((fact) => /** @type {boolean} */ (fact[1] !== false))
    .map(([term, words]) => [term, String(words)]);
}

customElements.define("tl-library", TlLibrary);
