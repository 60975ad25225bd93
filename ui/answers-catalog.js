// What happens when an element asks for something of the catalogue.

import { find } from "./dom.js";
import * as catalog from "./journeys/catalog.js";
import { attempt } from "./journeys/context.js";
import * as questions from "./questions.js";

/** @import { Answers } from "./answers.js" */
/** @import { Context } from "./journeys/context.js" */

/**
 * @param {Document} document
 * @param {Context} context
 */
export function catalogAnswers(document, context) {
  const { api, store } = context;
  const answers = /** @satisfies {Partial<Answers>} */ ({
    "tl-open-store": ({ id }) => attempt(context, () => api.openStore(id)),
    "tl-catalog-search": (question) => catalog.find(context, question),
    "tl-seed-song": (what) => catalog.seedSong(context, what),
    "tl-plan": (request) => catalog.plan(context, request),
    "tl-unplan": () => store.dispatch({ type: "plan/dropped" }),
    "tl-build-catalog": () => catalog.build(context),
    "tl-resume-catalog": () => catalog.resume(context),
    "tl-grow": (how) => catalog.grow(context, how),
    "tl-remove-genre": (genre) =>
      find(document, "tl-confirm").ask(questions.removeGenre(genre), async () => {
        const report = await catalog.removeGenre(context, genre);
        const sheet = find(document, "tl-catalog-report");
        if (report && sheet.isOpen) sheet.show(report, store.state.build.phase !== "idle");
      }),
  });
  return answers;
}
