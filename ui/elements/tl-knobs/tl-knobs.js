// The two knobs over the list, each with a caption that says what it does where it stands.

import { button, el, send } from "../../dom.js";
import { REST, caption } from "./words.js";

/** @import { Thread } from "../../wire" */
/** @import { Knob } from "./words.js" */

/** How long a knob must rest to be turned, in milliseconds: a drag turns it where it stays. */
const SETTLE = 80;

export class TlKnobs extends HTMLElement {
  #knobs = [
    createKnob(this, "breadth", "Breadth", ["One pocket", "All of them"]),
    createKnob(this, "explore", "Explore", ["Familiar", "New"]),
  ];

  connectedCallback() {
    if (!this.firstChild) this.append(...this.#knobs.map(({ node }) => node));
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", "Steer the list");
  }

  /** @param {Thread | null} thread */
  show(thread) {
    this.hidden = (thread?.seeds.length ?? 0) === 0;
    for (const knob of this.#knobs) knob.show(thread);
  }
}

/**
 * @param {EventTarget} host where its turns are sent from
 * @param {Knob} knob
 * @param {string} name
 * @param {[string, string]} ends what lies at its ends
 */
function createKnob(host, knob, name, ends) {
  const input = el("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.05,
    "aria-label": name,
    title: ends.join(" — "),
    "data-testid": `knob-${knob}`,
  });
  const words = el("p", { class: "caption dim cut", "data-testid": `caption-${knob}` });
  const reset = button("undo", `Reset ${name.toLowerCase()}`, {
    class: "quiet reset",
    "data-testid": `reset-${knob}`,
  });
  const node = el(
    "div",
    { class: "knob" },
    el("span", { class: "name", "aria-hidden": "true" }, name),
    input,
    reset,
    words,
  );
  /** @type {Thread | null} */
  let thread = null;
  let settling = 0;
  let sent = Number.NaN;

  const say = () => {
    const value = input.valueAsNumber;
    const said = caption(knob, value, thread);
    words.textContent = said;
    words.title = said;
    input.setAttribute("aria-valuetext", `${Math.round(value * 100)} percent. ${said}`);
    input.style.setProperty("--part", String(value));
    // Not `hidden`: it would take the focus along, and the slider would change its length.
    reset.setAttribute("aria-disabled", String(value === REST[knob]));
  };
  const turn = () => {
    clearTimeout(settling);
    settling = 0;
    const value = input.valueAsNumber;
    if (value === sent) return;
    sent = value;
    send(host, "tl-turn", { knob, value });
  };
  const rest = () => {
    input.valueAsNumber = REST[knob];
    say();
    turn();
  };
  input.addEventListener("input", () => {
    say();
    clearTimeout(settling);
    settling = setTimeout(turn, SETTLE);
  });
  input.addEventListener("change", turn);
  input.addEventListener("dblclick", rest);
  reset.addEventListener("click", () => {
    if (reset.getAttribute("aria-disabled") === "false") rest();
  });

  return {
    node,
    /** @param {Thread | null} now */
    show(now) {
      thread = now;
      // While it is being moved it stands where the hand is.
      if (settling === 0 && now) {
        sent = now.knobs[knob];
        input.valueAsNumber = sent;
        sent = input.valueAsNumber;
      }
      say();
    },
  };
}

customElements.define("tl-knobs", TlKnobs);
