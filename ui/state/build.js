// A build of the library, as its progress comes in.

/** @import { Action, Build } from "./types" */
/** @import { Progress, Status } from "../wire" */

/** @type {Build} */
export const initial = {
  phase: "idle",
  kind: "files",
  gentle: null,
  unasked: false,
  stopping: false,
  files: 0,
  done: 0,
  total: null,
  failed: 0,
  pace: null,
  eta: null,
  file: null,
  note: null,
  step: null,
  crawling: null,
};

/**
 * @param {Build} build
 * @param {Action} action
 * @returns {Build}
 */
export function reduce(build, action) {
  switch (action.type) {
    case "app/opened":
      return elsewhere(initial, action.status);
    case "library/status":
      return build.phase === "elsewhere" ? elsewhere(build, action.status) : build;
    case "build/started":
      return {
        ...initial,
        phase: "starting",
        kind: action.kind ?? "files",
        gentle: action.gentle ?? false,
        unasked: action.unasked ?? false,
      };
    case "build/paced":
      return build.phase === "idle" ? build : { ...build, gentle: action.gentle };
    case "build/progress":
      // A message may come in after the command was answered: it is then of the past.
      return build.phase === "idle" ? build : advance(build, action.progress);
    case "build/stopping":
      return build.phase === "idle" ? build : { ...build, stopping: true };
    case "build/unstopped":
      return build.stopping ? { ...build, stopping: false } : build;
    case "build/ended":
      return initial;
    default:
      return build;
  }
}

/**
 * Whether another build has to wait. One that nobody asked for gives way.
 * @param {Pick<Build, "phase" | "unasked">} build
 */
export const isBusy = ({ phase, unasked }) => phase !== "idle" && !unasked;

/**
 * A build that this window hears nothing from, as the library has it.
 * @param {Build} build
 * @param {Pick<Status, "building" | "building_kind">} status
 * @returns {Build}
 */
const elsewhere = (build, { building, building_kind: kind }) =>
  building ? { ...build, phase: "elsewhere", kind: kind ?? "files" } : initial;

/**
 * @param {Build} build
 * @param {Progress} progress
 * @returns {Build}
 */
function advance({ kind, gentle, unasked, stopping, failed }, progress) {
  const fresh = { ...initial, kind, gentle, unasked, stopping, failed };
  switch (progress.kind) {
    case "rendering":
      return { ...fresh, phase: "rendering", done: progress.done, total: progress.total };
    case "loading":
      return { ...fresh, phase: "loading", file: progress.model, note: progress.note };
    case "scanning":
      return { ...fresh, phase: "scanning", files: progress.files };
    case "working":
      return {
        ...fresh,
        phase: "working",
        done: progress.done,
        total: progress.total,
        failed: progress.failed,
        pace: progress.tracks_per_s,
        eta: progress.eta_s,
        file: progress.file,
        crawling: progress.crawling,
      };
    case "finishing":
      return {
        ...fresh,
        phase: "finishing",
        done: progress.done,
        total: progress.step === null ? null : progress.total,
        eta: progress.eta_s,
        step: progress.step,
      };
    case "finished":
      return { ...fresh, phase: "finishing" };
  }
}
