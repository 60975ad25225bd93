// What happens when an element asks for something of the catalogue.

import { find } from "./dom.js";
import * as catalog from "./journeys/catalog.js";
import { attempt } from "./journeys/context.js";
import { Pictures } from "./pictures.js";
import * as questions from "./questions.js";
import { isBusy } from "./state/build.js";

/** @import { Answers } from "./answers.js" */
/** @import { Context } from "./journeys/context.js" */
/** @import { CatalogReport } from "./wire" */

/**
 * @param {Document} document
 * @param {Context} context
 */
export function catalogAnswers(document, context) {
  const { api, store } = context;
  const pictures = new Pictures((id) => api.artwork(id));
  /** @param {CatalogReport | undefined} report brings the sheet up to date, if it is still open */
  const reported = (report) => {
    const sheet = find(document, "tl-catalog-report");
    if (report && sheet.isOpen) sheet.show(report, isBusy(store.state.build));
  };
  const answers = /** @satisfies {Partial<Answers>} */ ({
    "tl-open-store": ({ id }) => attempt(context, () => api.openStore(id)),
    "tl-catalog-search": (question) => catalog.find(context, question),
    "tl-seed-song": (what) => catalog.seedSong(context, what),
    "tl-plan": (request) => catalog.plan(context, request),
    "tl-unplan": () => store.dispatch({ type: "plan/dropped" }),
    "tl-build-catalog": () => catalog.build(context),
    "tl-resume-catalog": () => catalog.resume(context),
    "tl-retry-catalog": () => catalog.retry(context),
    "tl-refresh-catalog": () => catalog.refreshLinks(context),
    "tl-grow": (how) => catalog.grow(context, how),
    "tl-picture": (wish) => pictures.ask(wish),
    "tl-clear-artwork": async () => reported(await catalog.clearArtwork(context)),
    "tl-limit-previews": async (limits) => reported(await catalog.limitPreviews(context, limits)),
    "tl-remove-genre": (genre) =>
      find(document, "tl-confirm").ask(questions.removeSongs(genre.words, genre.count), async () =>
        reported(await catalog.removeGenre(context, genre)),
      ),
    "tl-remove-artist": (artist) =>
      find(document, "tl-confirm").ask(questions.removeSongs(artist.name, artist.count), async () =>
        reported(await catalog.removeArtist(context, artist)),
      ),
  });
  return answers;
}
