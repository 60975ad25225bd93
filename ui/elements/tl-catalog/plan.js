// A plan as it is shown: what comes of it, and what each of its stages takes.

import { el, icon } from "../../dom.js";
import { tell } from "../../errors.js";
import { planRows, planSentences } from "./words.js";

/** @import { Planning } from "../../state/types" */

/**
 * @param {Planning} planning
 * @returns {HTMLElement[]}
 */
export function planView({ request, plan, trouble }) {
  if (plan && request)
    return [
      ...planSentences(plan, request.size).map((text, index) =>
        el("p", { class: index === 0 ? "lead" : null }, text),
      ),
      table(planRows(plan)),
    ];
  if (trouble) {
    const { title, detail } = tell(trouble);
    return [
      el("p", { class: "lead" }, icon("warn"), el("span", {}, title)),
      el("p", { class: "dim" }, detail),
    ];
  }
  return request ? [el("p", { class: "dim" }, "Finding out how fast this computer listens…")] : [];
}

/** @param {ReturnType<typeof planRows>} rows */
const table = (rows) =>
  el(
    "table",
    { class: "figures" },
    el(
      "tbody",
      {},
      ...rows.map(({ stage, amount, time, limit }) =>
        el(
          "tr",
          { "data-limit": limit },
          el("th", { scope: "row" }, stage),
          el("td", {}, amount),
          el("td", {}, time, limit ? el("span", { class: "unseen" }, ", the limit") : null),
        ),
      ),
    ),
  );
