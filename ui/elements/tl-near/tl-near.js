// A thumb down for all that sounds like a song, after saying how much that is.

import { el } from "../../dom.js";
import { quoted } from "../../format.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";
import { FIRST, reaches } from "./words.js";

export class TlNear extends TlSheet {
  /**
   * Asks how far to go, and runs `then` when the answer is not "not at all".
   * @param {string} title of the song
   * @param {readonly number[]} counts how many songs each reach would hide
   * @param {(radius: number, count: number) => void} then
   */
  ask(title, counts, then) {
    const choices = reaches(counts).map((reach, index) => {
      const input = el("input", {
        type: "radio",
        name: "near",
        checked: index === FIRST,
        "data-testid": "near-reach",
      });
      const node = el(
        "label",
        {},
        input,
        el("span", { class: "words" }, reach.words),
        el("span", { class: "dim figures" }, reach.hides),
      );
      return { node, input, reach };
    });
    const agree = el("button", { type: "button", class: "primary", "data-testid": "near-yes" }, "Hide them");
    const decline = el("button", { type: "button", class: "plain", "data-testid": "near-no" }, "Keep them");
    agree.addEventListener("click", () => {
      const chosen = choices.find(({ input }) => input.checked);
      this.close();
      if (chosen) then(chosen.reach.radius, chosen.reach.count);
    });
    decline.addEventListener("click", () => this.close());
    this.body.replaceChildren(
      el("p", { class: "dim" }, "In this thread alone, and an undo brings them back."),
      el("fieldset", {}, el("legend", { class: "unseen" }, "How far"), ...choices.map(({ node }) => node)),
    );
    this.foot.replaceChildren(decline, agree);
    this.openAs(`Nothing that sounds like ${quoted(title)}?`);
    choices[FIRST]?.input.focus();
  }
}

customElements.define("tl-near", TlNear);
