// What the elements ask for: the name of each CustomEvent and its detail. main.js answers them.

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
  "tl-undo": null;
  "tl-new-thread": null;
  "tl-play": { id: number };
  "tl-toggle": null;
  "tl-seek": { seconds: number };
  "tl-reveal": { id: number };
  "tl-menu": { anchor: HTMLElement; items: MenuItem[] };
  "tl-open": { what: "failures" | "library" | "keys" | "search" };
  "tl-dismiss": { key: string };
};

export type MenuItem = { label: string; icon: string; testid: string; choose: () => void };
