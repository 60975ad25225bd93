// Models: fetched under an accepted licence, resumed, checked, and put to use.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { cancel, fetch, list, remove, take, use, verify } from "../journeys/models.js";
import { initial, reduce } from "../state/models.js";
import { news } from "../state/news.js";
import { later, model, open, report, status, thread } from "./fake.js";

/** @import { FetchProgress, Model, Status } from "../wire" */
/** @import { Api } from "../journeys/context.js" */

/** @type {Extract<FetchProgress, { kind: "downloading" }>} */
const DOWNLOADING = {
  kind: "downloading",
  file: "weights.pt",
  done: 500,
  total: 1000,
  bytes_per_s: 100,
  eta_s: 5,
};

/**
 * A window that knows the models `a`, in use, and `b`.
 * @param {Partial<Api>} api
 * @param {Partial<Model>} [b]
 */
async function shelf(api, b = {}) {
  const models = [model("a", { state: "built_in" }), model("b", b)];
  const window = open({
    models: () => Promise.resolve(models),
    comparable: () => Promise.resolve([]),
    status: () => Promise.resolve(status({ model: "a" })),
    browse: () => Promise.resolve({ total: 0, tracks: [] }),
    thread: () => Promise.resolve(thread()),
    ...api,
  });
  window.store.dispatch({ type: "library/status", status: status({ model: "a", model_name: "Model a" }) });
  await list(window.context);
  return window;
}

test("nothing is fetched under a licence that was not accepted", async () => {
  let asked = 0;
  const { context, store } = await shelf({
    fetchModel: () => {
      asked += 1;
      return Promise.resolve(model("b"));
    },
  });
  await fetch(context, { id: "b", acceptLicence: false });
  assert.equal(asked, 0, "the shell was not asked");
  assert.equal(store.state.models.job, null);
  assert.match(store.state.toasts.list[0]?.title ?? "", /has not been accepted/);
});

test("a fetch shows how far it is, and when it is done offers the model to this library", async () => {
  /** @type {unknown[]} */
  const asked = [];
  const { context, store, states } = await shelf({
    fetchModel: (id, accepted, onProgress) => {
      asked.push([id, accepted]);
      onProgress({ kind: "connecting", attempt: 1 });
      onProgress(DOWNLOADING);
      return Promise.resolve(model("b", { state: "present", sha256: "00" }));
    },
  });
  await fetch(context, { id: "b", acceptLicence: true });
  assert.deepEqual(asked, [["b", true]]);
  assert.ok(
    states.some(({ models }) => models.job?.progress?.kind === "downloading"),
    "it was on screen",
  );
  const { job, list: models, arrived } = store.state.models;
  assert.equal(job, null);
  assert.equal(arrived, "b");
  assert.equal(models[1]?.state, "present", "its card says so at once");
  const [toast] = store.state.toasts.list;
  assert.equal(toast?.title, "Model b is here");
  assert.deepEqual(toast?.action, { label: "Use it in this library", intent: "use", model: "b" });
});

test("a cancelled fetch keeps what is here and offers to go on", async () => {
  const answer = /** @type {ReturnType<typeof later<Model>>} */ (later());
  const { context, store } = await shelf({
    fetchModel: () => answer.promise,
    cancelFetch: () => {
      answer.resolve(model("b", { state: "partial", got_bytes: 412e6 }));
      return Promise.resolve(null);
    },
  });
  const done = fetch(context, { id: "b", acceptLicence: true });
  const cancelled = cancel(context);
  assert.equal(store.state.models.job?.stopping, true, "it says that it stops");
  await Promise.all([done, cancelled]);
  const [toast] = store.state.toasts.list;
  assert.equal(toast?.severity, "notice", "it was asked for: no error");
  assert.equal(toast?.detail, "412 MB of 1.3 GB are kept.");
  assert.deepEqual(toast?.action, { label: "Resume", intent: "resume", model: "b" });
  assert.equal(store.state.models.arrived, null, "nothing has arrived");
});

test("a cancel that is refused is taken back", async () => {
  const { context, store } = await shelf({
    fetchModel: () => new Promise(() => undefined),
    cancelFetch: () => Promise.reject(new ApiError("internal", "stuck")),
  });
  void fetch(context, { id: "b", acceptLicence: true });
  await cancel(context);
  assert.equal(store.state.models.job?.stopping, false);
});

test("a network that fails is said on the card, with what is here and a way on", async () => {
  let asked = 0;
  const partial = model("b", { state: "partial", got_bytes: 100 });
  const { context, store } = await shelf({
    models: () => Promise.resolve(asked === 0 ? [model("a"), model("b")] : [model("a"), partial]),
    fetchModel: () => {
      asked += 1;
      return Promise.reject(new ApiError("network", "the server cannot be reached"));
    },
  });
  await fetch(context, { id: "b", acceptLicence: true });
  assert.equal(store.state.models.job, null, "another try is possible");
  assert.equal(store.state.models.trouble?.code, "network");
  assert.equal(store.state.models.list[1]?.state, "partial", "the card shows what is here");
  const [toast] = store.state.toasts.list;
  assert.match(toast?.detail ?? "", /^The server cannot be reached\. /);
  assert.deepEqual(toast?.action, { label: "Resume", intent: "resume", model: "b" });
  await fetch(context, { id: "b", acceptLicence: true });
  assert.equal(asked, 2);
});

test("a new try wipes what went wrong before", () => {
  const trouble = { id: "b", code: "network", message: "" };
  const troubled = reduce(initial, { type: "models/troubled", trouble });
  assert.equal(reduce(troubled, { type: "models/started", ticket: 1, id: "b", kind: "fetch" }).trouble, null);
});

test("while the cards are on screen they say it, and nothing is said in passing", async () => {
  const { context, store } = await shelf({ fetchModel: () => Promise.reject(new ApiError("disk_full", "")) });
  store.dispatch({ type: "models/watched", watched: true });
  await fetch(context, { id: "b", acceptLicence: true });
  assert.equal(store.state.models.trouble?.code, "disk_full");
  assert.equal(store.state.toasts.list.length, 0);
});

test("one thing at a time: a second fetch waits", async () => {
  const { context, store } = await shelf({ fetchModel: () => new Promise(() => undefined) });
  void fetch(context, { id: "b", acceptLicence: true });
  await fetch(context, { id: "a", acceptLicence: true });
  assert.equal(store.state.models.job?.id, "b");
  assert.match(store.state.toasts.list[0]?.title ?? "", /being fetched/);
});

test("what is here of a model is remembered while the next try is awaited", () => {
  const started = reduce(initial, { type: "models/started", ticket: 1, id: "b", kind: "fetch" });
  assert.equal(started.job?.here, null);
  const half = reduce(started, { type: "models/progress", ticket: 1, progress: DOWNLOADING });
  /** @type {FetchProgress} */
  const progress = { kind: "waiting", reason: "", seconds: 1, attempt: 2 };
  assert.equal(reduce(half, { type: "models/progress", ticket: 1, progress }).job?.here, 0.5);
});

test("a message of work that has ended is of the past", () => {
  const started = reduce(initial, { type: "models/started", ticket: 2, id: "b", kind: "fetch" });
  assert.equal(reduce(started, { type: "models/progress", ticket: 1, progress: DOWNLOADING }), started);
});

test("an imported file is taken with its statistics, and a check is remembered", async () => {
  /** @type {unknown[]} */
  const asked = [];
  const present = model("b", { state: "present", published: false, sha256: "3f" });
  const { context, store } = await shelf({
    importModel: (id, path, stats) => {
      asked.push([id, path, stats]);
      return Promise.resolve(present);
    },
    verifyModel: () => Promise.resolve(present),
  });
  await take(context, { id: "b", path: "/w.pt", stats: null });
  assert.deepEqual(asked, [["b", "/w.pt", null]]);
  assert.equal(store.state.models.arrived, "b");
  await verify(context, { id: "b" });
  assert.equal(store.state.models.checked, "b");
});

test("a check that finds damage says so and brings the card up to date", async () => {
  let checked = false;
  const { context, store } = await shelf({
    models: () => Promise.resolve([model("b", { state: checked ? "damaged" : "present" })]),
    verifyModel: () => {
      checked = true;
      return Promise.reject(new ApiError("model_damaged", "the digest differs"));
    },
  });
  await verify(context, { id: "b" });
  assert.equal(store.state.models.checked, null);
  assert.equal(store.state.models.list[0]?.state, "damaged");
  assert.equal(store.state.models.trouble?.code, "model_damaged");
});

test("a removed model leaves the list as the shell says", async () => {
  const { context, store } = await shelf(
    { removeModel: () => Promise.resolve([model("a"), model("b")]) },
    { state: "present" },
  );
  await remove(context, { id: "b" });
  assert.equal(store.state.models.list[1]?.state, "absent");
});

test("to use a model is to hear everything again with it, and says when it serves", async () => {
  /** @type {string[]} */
  const asked = [];
  const next = { id: "b", name: "Model b", done: 0, total: 4 };
  /** @type {Status} */
  let now = status({ model: "a", model_name: "Model a" });
  const { context, store, states } = await shelf({
    useModel: (id) => {
      asked.push(`use ${id}`);
      now = { ...now, next_model: next };
      return Promise.resolve(now);
    },
    build: (folder, retry) => {
      asked.push(`build ${folder} ${retry}`);
      now = { ...now, model: "b", model_name: "Model b", next_model: null };
      return Promise.resolve(report({ added: 4 }));
    },
    status: () => Promise.resolve(now),
  });
  await use(context, { id: "b" });
  assert.deepEqual(asked, ["use b", "build null false"]);
  assert.ok(
    states.some(({ library }) => library.status?.next_model?.id === "b" && library.status.model === "a"),
    "the old model served meanwhile",
  );
  assert.equal(store.state.library.status?.model, "b");
  const [toast] = store.state.toasts.list;
  assert.equal(toast?.title, "Model b serves this library now");
  assert.match(toast?.detail ?? "", /Model a heard is kept/);
});

test("a switch that is stopped says how far it came and who serves", async () => {
  const next = { id: "b", name: "Model b", done: 120, total: 833 };
  const half = status({ model: "a", model_name: "Model a", next_model: next });
  const { context, store } = await shelf({
    useModel: () => Promise.resolve(half),
    build: () => Promise.resolve(report({ cancelled: true })),
    status: () => Promise.resolve(half),
  });
  await use(context, { id: "b" });
  const [toast] = store.state.toasts.list;
  assert.equal(toast?.title, "Stopped. Model b has heard 120 of 833 songs");
  assert.equal(toast?.detail, "Model a serves until you go on.");
});

test("to stay with the model that serves needs no hearing again", async () => {
  const { context, store } = await shelf({
    useModel: () => Promise.resolve(status({ model: "a", model_name: "Model a" })),
    build: () => assert.fail("nothing to build"),
  });
  await use(context, { id: "a" });
  assert.equal(store.state.toasts.list[0]?.title, "Model a stays");
});

test("a model is not changed in the middle of a build", async () => {
  const { context, store } = await shelf({ useModel: () => assert.fail("the shell was asked") });
  store.dispatch({ type: "build/started" });
  await use(context, { id: "b" });
  assert.match(store.state.toasts.list[0]?.title ?? "", /already being built/);
});

test("an empty library has nothing to hear again", async () => {
  const { context, store } = await shelf({
    useModel: () => Promise.resolve(status({ model: "b", model_name: "Model b", tracks: 0, sources: [] })),
    build: () => assert.fail("nothing to build"),
  });
  await use(context, { id: "b" });
  assert.equal(store.state.toasts.list[0]?.title, "Model b will listen to what you add");
});

test("a model that cannot be used says why, and nothing is built", async () => {
  const { context, store } = await shelf({
    useModel: () => Promise.reject(new ApiError("no_model", "it is not here")),
    build: () => assert.fail("nothing to build"),
  });
  await use(context, { id: "b" });
  assert.match(store.state.toasts.list[0]?.title ?? "", /^Model b: That model is not on this computer/);
});

test("a voice hears of each stage once, and of each quarter", async () => {
  const { store } = await shelf({});
  store.dispatch({ type: "models/started", ticket: 1, id: "b", kind: "fetch" });
  /** @type {(progress: FetchProgress) => string} */
  const heard = (progress) => {
    const before = store.state;
    store.dispatch({ type: "models/progress", ticket: 1, progress });
    return news(before, store.state);
  };
  assert.equal(heard({ kind: "connecting", attempt: 1 }), "Connecting.");
  assert.equal(heard({ ...DOWNLOADING, done: 1 }), "Downloading Model b.");
  assert.equal(heard({ ...DOWNLOADING, done: 200 }), "", "a bar that moves is not news");
  assert.equal(heard(DOWNLOADING), "50 percent of Model b is here.");
  const waiting = /** @type {const} */ ({ kind: "waiting", reason: "no answer", seconds: 8 });
  assert.equal(heard({ ...waiting, attempt: 2 }), "No answer. Trying again in 8 seconds.");
  assert.equal(heard({ ...waiting, attempt: 2, seconds: 7 }), "", "nor is a count-down");
  assert.notEqual(heard({ ...waiting, attempt: 3 }), "", "another try is");
  assert.equal(heard({ kind: "verifying", done: 0, total: 9 }), "Checking Model b.");
});
