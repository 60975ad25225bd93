// Models: fetched once, checked, taken from a file, and put to use in this library.

import { ApiError } from "../api.js";
import { tell } from "../errors.js";
import { bytes } from "../format.js";
import { isBusy } from "../state/build.js";
import { modelOf } from "../state/models.js";
import { relisten } from "./build.js";
import { attempt, problem, say, sayError } from "./context.js";

/** @import { ModelJob } from "../state/types" */
/** @import { FetchProgress, Model } from "../wire" */
/** @import { Context } from "./context.js" */

/**
 * Brings the list up to date; answers whether it could be had.
 * @param {Context} context
 */
export async function list(context) {
  const { api, store } = context;
  const [models, comparable] = await Promise.all([
    attempt(context, () => api.models()),
    // Without it the models can still be seen and fetched.
    api.comparable().catch(() => []),
  ]);
  if (models) store.dispatch({ type: "models/listed", models, comparable });
  return models !== undefined;
}

/**
 * Fetches a model, or goes on where a fetch stopped. Nothing is fetched under a licence that was
 * not accepted.
 * @param {Context} context
 * @param {{ id: string, acceptLicence: boolean }} what
 */
export async function fetch(context, { id, acceptLicence }) {
  if (!acceptLicence) return sayError(context, new ApiError("licence_not_accepted", ""));
  const model = await work(context, id, "fetch", (onProgress) =>
    context.api.fetchModel(id, acceptLicence, onProgress),
  );
  if (model?.state === "present") welcome(context, model);
  else if (model) {
    tellInPassing(context, {
      key: "model",
      title: `Stopped getting ${model.name}`,
      detail: `${bytes(model.got_bytes)} of ${bytes(model.bytes)} are kept.`,
      action: { label: "Resume", intent: "resume", model: id },
    });
  }
}

/**
 * Stops the fetch; what is here is kept.
 * @param {Context} context
 */
export async function cancel(context) {
  const { api, store } = context;
  store.dispatch({ type: "models/stopping", stopping: true });
  if ((await attempt(context, () => api.cancelFetch())) === undefined)
    store.dispatch({ type: "models/stopping", stopping: false });
}

/**
 * Takes a model from a file.
 * @param {Context} context
 * @param {{ id: string, path: string, stats: string | null }} what
 */
export async function take(context, { id, path, stats }) {
  const model = await work(context, id, "import", (onProgress) =>
    context.api.importModel(id, path, stats, onProgress),
  );
  if (model) welcome(context, model);
}

/**
 * Checks a model's files against their digests.
 * @param {Context} context
 * @param {{ id: string }} what
 */
export async function verify(context, { id }) {
  await work(context, id, "verify", (onProgress) => context.api.verifyModel(id, onProgress));
}

/**
 * Takes a model off this computer.
 * @param {Context} context
 * @param {{ id: string }} what
 */
export async function remove(context, { id }) {
  const { api, store } = context;
  try {
    const models = await api.removeModel(id);
    store.dispatch({ type: "models/listed", models, comparable: null });
    store.dispatch({ type: "models/put-aside" });
    store.dispatch({ type: "models/troubled", trouble: null });
    await learnStatus(context);
  } catch (thrown) {
    fail(context, id, thrown);
  }
}

/**
 * Lets this library use a model: songs that lack its vectors are heard again, and what serves now
 * serves until then.
 * @param {Context} context
 * @param {{ id: string }} what
 */
export async function use(context, { id }) {
  const { api, store } = context;
  if (isBusy(store.state.build)) return sayError(context, new ApiError("building", ""));
  const before = store.state.library.status;
  try {
    const status = await api.useModel(id);
    store.dispatch({ type: "models/put-aside" });
    store.dispatch({ type: "models/troubled", trouble: null });
    store.dispatch({ type: "library/status", status });
    if (!status.next_model && status.model === before?.model)
      say(context, { key: "model", title: `${status.model_name} stays` });
    else if (status.sources.length > 0 || status.songs > 0) await relisten(context, before);
    else say(context, { key: "model", title: `${status.model_name} will listen to what you add` });
  } catch (thrown) {
    fail(context, id, thrown);
  }
}

/**
 * Does something to a model's files, and shows how far it is.
 * @param {Context} context
 * @param {string} id
 * @param {ModelJob["kind"]} kind
 * @param {(onProgress: (progress: FetchProgress) => void) => Promise<Model>} command
 * @returns {Promise<Model | undefined>} undefined when it failed, or had to wait
 */
async function work(context, id, kind, command) {
  const { api, store } = context;
  if (store.state.models.job) {
    sayError(context, new ApiError("model_in_use", ""));
    return undefined;
  }
  const ticket = context.ticket();
  store.dispatch({ type: "models/started", ticket, id, kind });
  try {
    const model = await command((progress) => store.dispatch({ type: "models/progress", ticket, progress }));
    store.dispatch({ type: "models/ended", id, kind, model });
    await learnStatus(context);
    return model;
  } catch (thrown) {
    store.dispatch({ type: "models/ended", id, kind, model: null });
    fail(context, id, thrown);
    // What is here of it is shown on its card.
    const models = await api.models().catch(() => null);
    if (models) store.dispatch({ type: "models/listed", models, comparable: null });
    return undefined;
  }
}

/**
 * @param {Context} context
 * @param {Model} model
 */
const welcome = (context, { id, name }) =>
  tellInPassing(context, {
    key: "model",
    title: `${name} is here`,
    action:
      context.store.state.library.status?.model === id
        ? { label: "Models", intent: "models" }
        : { label: "Use it in this library", intent: "use", model: id },
  });

/**
 * Says something of a model unless its card, which is on screen, says it.
 * @param {Context} context
 * @param {Parameters<typeof say>[1]} message
 */
function tellInPassing(context, message) {
  if (!context.store.state.models.watched) say(context, message);
}

/**
 * Shows a failure on the model's card, and in passing for those who look elsewhere.
 * @param {Context} context
 * @param {string} id
 * @param {unknown} thrown
 */
function fail(context, id, thrown) {
  const { store } = context;
  const { code, message } = problem(context, thrown);
  store.dispatch({ type: "models/troubled", trouble: { id, code, message } });
  if (store.state.models.watched) return;
  const { severity, title, detail } = tell({ code, message });
  const name = modelOf(store.state.models, id)?.name ?? id;
  const action =
    code === "network" || code === "disk_full"
      ? /** @type {const} */ ({ label: "Resume", intent: "resume", model: id })
      : /** @type {const} */ ({ label: "Models", intent: "models" });
  const toast = { key: "model", severity, title: `${name}: ${title}`, detail, action };
  store.dispatch({ type: "toast/shown", toast });
}

/**
 * What was noted about the model may no longer be so.
 * @param {Context} context
 */
async function learnStatus({ api, store }) {
  const status = await api.status().catch(() => null);
  if (status) store.dispatch({ type: "library/status", status });
}
