// What the elements ask for: the name of each CustomEvent and its detail. main.js answers them.

import type { Pair, Way, Where } from "./state/types";
import type { ArtistCount, Count, KnobsView, PlanRequest, PreviewLimits, Side, Which } from "./wire";

export type Intents = {
  "tl-add-folder": null;
  "tl-demo": null;
  "tl-rescan": { retryFailed: boolean };
  "tl-cancel-build": null;
  "tl-remove-source": { id: number; path: string };
  "tl-search": { text: string };
  "tl-look": { first: number; last: number };
  "tl-ahead": { letters: string; from: number; then: (row: number | null) => void };
  "tl-list-failures": { reason: string | null; hidden: boolean };
  "tl-look-failures": { first: number; last: number };
  "tl-retry": Which;
  "tl-hide": { some: Which; hidden: boolean };
  "tl-pace": { gentle: boolean };
  "tl-watch": { on: boolean };
  "tl-reopen": null;
  "tl-seed": { id: number };
  "tl-unseed": { id: number };
  "tl-rate": { id: number; title: string; verdict: "up" | "down" | "clear" };
  "tl-banish": { id: number; title: string };
  "tl-oppose": { id: number; title: string };
  "tl-rate-family": { id: number; title: string };
  "tl-near": { id: number; title: string };
  "tl-weigh": { id: number; weight: number };
  "tl-turn": { knob: keyof KnobsView; value: number };
  "tl-why": { id: number; keep: boolean };
  "tl-undo": null;
  "tl-new-thread": null;
  "tl-name-thread": { name: string };
  "tl-open-thread": { id: number };
  "tl-export-thread": { id: number; name: string };
  "tl-import-thread": null;
  "tl-branch-thread": { id: number; before: number | null };
  "tl-between": Between;
  "tl-walk": Way;
  "tl-play": { id: number };
  "tl-play-from": { id: number; seconds: number };
  "tl-toggle": null;
  "tl-seek": { seconds: number };
  "tl-reveal": { id: number };
  "tl-open-store": { id: number };
  "tl-picture": { id: number; signal: AbortSignal; then: (picture: Blob) => void };
  "tl-catalog-search": { where: Where; text: string };
  "tl-seed-song": { song: number };
  "tl-plan": PlanRequest;
  "tl-unplan": null;
  "tl-build-catalog": null;
  "tl-resume-catalog": null;
  "tl-grow": { more: number };
  "tl-retry-catalog": null;
  "tl-refresh-catalog": null;
  "tl-clear-artwork": null;
  "tl-limit-previews": PreviewLimits;
  "tl-remove-genre": Count;
  "tl-remove-artist": ArtistCount;
  "tl-watch-models": { watched: boolean };
  "tl-get-model": { id: string };
  "tl-fetch-model": { id: string; acceptLicence: boolean };
  "tl-cancel-fetch": null;
  "tl-choose-import": { id: string };
  "tl-pick-file": { what: "weights" | "stats"; then: (path: string) => void };
  "tl-import-model": { id: string; path: string; stats: string | null };
  "tl-verify-model": { id: string };
  "tl-remove-model": { id: string };
  "tl-use-model": { id: string };
  "tl-put-aside": null;
  "tl-open-page": { id: string; page: "licence" | "origin" };
  "tl-try": Pair;
  "tl-vote": { side: Side };
  "tl-menu": { anchor: HTMLElement; items: MenuItem[] };
  "tl-open": {
    what:
      | "failures"
      | "library"
      | "keys"
      | "search"
      | "models"
      | "compare"
      | "catalog"
      | "catalog-report"
      | "threads";
  };
  "tl-salvage": null;
  "tl-dismiss": { key: string };
};

/** Something asked before it is done. */
export type Question = { title: string; detail: string; yes: string; no: string };

/** Two ends of a path; null leaves the choice to whoever answers. */
export type Between = { from: number | null; to: number | null };

export type MenuItem = {
  label: string;
  icon: string;
  testid: string;
  /** Of choices of which one holds: whether it is this one. */
  checked?: boolean;
  choose: () => void;
};
