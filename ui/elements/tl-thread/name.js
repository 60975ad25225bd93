// The thread's name, which can be changed where it stands.

import { button, el, send } from "../../dom.js";

/** What a thread without a name is called. */
const UNNAMED = "Your thread";

/** @returns {{ node: HTMLElement, heading: HTMLElement, show: (name: string | null) => void, listen: (signal: AbortSignal) => void }} */
export function createName() {
  const heading = el("h2", { class: "heading cut", tabindex: -1 });
  const edit = button("pen", "Name this thread", { class: "quiet edit", "data-testid": "thread-rename" });
  const field = el("input", {
    type: "text",
    class: "heading",
    maxlength: 80,
    placeholder: UNNAMED,
    "aria-label": "Name of the thread",
    "data-testid": "thread-name",
    hidden: true,
  });
  const node = el("div", { class: "name" }, heading, field, edit);
  let name = "";

  /** @param {boolean} editing */
  const toggle = (editing) => {
    field.hidden = !editing;
    heading.hidden = editing;
    edit.hidden = editing;
  };
  /** @param {boolean} keep */
  const done = (keep) => {
    if (field.hidden) return;
    const held = document.activeElement === field;
    toggle(false);
    if (held) edit.focus();
    if (keep && field.value.trim() !== name) send(node, "tl-name-thread", { name: field.value });
  };

  return {
    node,
    heading,
    show(now) {
      name = now ?? "";
      heading.textContent = now ?? UNNAMED;
      heading.title = now ?? "";
    },
    listen(signal) {
      edit.addEventListener(
        "click",
        () => {
          field.value = name;
          toggle(true);
          field.select();
        },
        { signal },
      );
      field.addEventListener("blur", () => done(true), { signal });
      field.addEventListener(
        "keydown",
        (event) => {
          if (event.key !== "Enter" && event.key !== "Escape") return;
          event.preventDefault();
          event.stopPropagation();
          done(event.key === "Enter");
        },
        { signal },
      );
    },
  };
}
