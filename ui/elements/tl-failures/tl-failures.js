// The files that did not get into the library: where they are, why, and another try.

import { el, send } from "../../dom.js";
import { counted, shortPath } from "../../format.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";

/** @import { Failure } from "../../wire" */

/** More than anyone reads at a time. */
const MOST = 300;

export class TlFailures extends TlSheet {
  /**
   * @param {readonly Failure[]} failures
   * @param {boolean} building a build is under way: trying again has to wait
   */
  open(failures, building) {
    const rest = failures.length - MOST;
    this.body.replaceChildren(
      failures.length === 0
        ? el("p", { class: "dim" }, "Every file could be read.")
        : el("ul", { class: "failures" }, ...failures.slice(0, MOST).map(item)),
      rest > 0 ? el("p", { class: "dim" }, `and ${counted(rest, "file")} more`) : "",
    );
    const again = el(
      "button",
      { type: "button", class: "primary", "data-testid": "failures-retry", disabled: building },
      "Try these again",
    );
    again.addEventListener("click", () => {
      this.close();
      send(this, "tl-rescan", { retryFailed: true });
    });
    this.foot.replaceChildren(
      el(
        "p",
        { class: "dim" },
        building
          ? "You can try them again once the build is done."
          : "A file that changes is tried again by itself.",
      ),
      ...(failures.length > 0 ? [again] : []),
    );
    this.openAs(
      failures.length === 0 ? "Nothing failed" : `${counted(failures.length, "file")} could not be read`,
    );
  }
}

/** @param {Failure} failure */
const item = ({ path, reason, code }) =>
  el(
    "li",
    { "data-testid": "failure", "data-code": code },
    el("p", { class: "file select" }, shortPath(path)),
    el("p", { class: "select" }, reason),
    shortPath(path) === path ? null : el("p", { class: "path dim select" }, path),
  );

customElements.define("tl-failures", TlFailures);
