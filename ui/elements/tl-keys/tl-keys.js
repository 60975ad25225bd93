// The keyboard, explained.

import { el } from "../../dom.js";
import { HELP } from "../../keys.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";

export class TlKeys extends TlSheet {
  open() {
    this.body.replaceChildren(
      ...HELP.map(({ title, keys }) =>
        el(
          "section",
          { class: "keys" },
          el("h3", {}, title),
          el(
            "dl",
            {},
            ...keys.map(({ keys: caps, does }) =>
              el("div", {}, el("dt", {}, ...caps.map((cap) => el("kbd", {}, cap))), el("dd", {}, does)),
            ),
          ),
        ),
      ),
    );
    this.openAs("Keyboard");
  }
}

customElements.define("tl-keys", TlKeys);
