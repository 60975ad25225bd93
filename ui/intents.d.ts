// What the elements ask for: the name of each CustomEvent and its detail. main.js answers them.

import type { Pair, Where } from "./state/types";
import type { ArtistCount, Count, KnobsView, PlanRequest, Side } from "./wire";

export type Intents = {
  "tl-add-folder": null;
  "tl-demo": null;
  "tl-rescan": { retryFailed: boolean };
  "tl-cancel-build": null;
  "tl-remove-source": { id: number; path: string };
  "tl-search": { text: string };
  "tl-more": null;
  "tl-seed": { id: number };
  "tl-unseed": { id: number };
  "tl-rate": { id: number; title: string; verdict: "up" | "down" | "clear" };
  "tl-banish": { id: number; title: string };
  "tl-oppose": { id: number; title: string };
  "tl-rate-family": { id: number; title: string };
  "tl-near": { id: number; title: string };
  "tl-turn": { knob: keyof KnobsView; value: number };
  "tl-why": { id: number; keep: boolean };
  "tl-undo": null;
  "tl-new-thread": null;
  "tl-name-thread": { name: string };
  "tl-open-thread": { id: number };
  "tl-export-thread": { id: number; name: string };
  "tl-import-thread": null;
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

export type MenuItem = { label: string; icon: string; testid: string; choose: () => void };
