// The shape of what the window knows, and everything that can change it.

import type { Dropped, Player, Progress, Status, Thread, Track } from "../wire";

export type State = {
  app: App;
  library: Library;
  build: Build;
  thread: ThreadState;
  player: Player;
  toasts: Toasts;
  drop: Drop;
};

export type App = { phase: "opening" | "open" | "failed"; error: Problem | null };

export type Problem = { code: string; message: string };

export type Library = {
  status: Status | null;
  /** What is searched for, and how many tracks are asked for at most. */
  query: string;
  limit: number;
  found: readonly Track[];
  /** An answer is under way. */
  searching: boolean;
};

export type Build = {
  /** `elsewhere`: a build runs that this window did not start and hears nothing from. */
  phase: "idle" | "elsewhere" | "starting" | "rendering" | "scanning" | "working" | "finishing";
  stopping: boolean;
  /** Files found so far, while scanning. */
  files: number;
  done: number;
  /** Null while nobody knows it: then there is no bar. */
  total: number | null;
  failed: number;
  pace: number | null;
  eta: number | null;
  file: string | null;
};

/** Something done to the thread whose answer is awaited. */
export type Act = { kind: "up" | "down" | "clear" | "banish" | "unseed"; id: number };

export type ThreadState = {
  /** As the shell last said. */
  confirmed: Thread | null;
  /** Done here, not yet answered, oldest first. */
  pending: readonly { ticket: number; act: Act }[];
  /** What the listener sees: `confirmed` with `pending` on top. */
  shown: Thread | null;
  /** Dropped files being embedded. */
  listening: number;
};

export type ToastAction = { label: string; intent: "undo" | "failures" };

export type Toast = {
  id: number;
  /** A new toast takes the place of one with the same key. */
  key: string;
  severity: "error" | "notice";
  title: string;
  detail: string;
  action: ToastAction | null;
};

export type Toasts = { list: readonly Toast[]; next: number };

export type Drop = { over: boolean; what: Dropped | null };

export type Action =
  | { type: "app/opened"; status: Status; thread: Thread; found: Track[] }
  | { type: "app/failed"; error: Problem }
  | { type: "library/status"; status: Status }
  | { type: "library/asked"; query: string; limit: number }
  | { type: "library/found"; query: string; limit: number; tracks: Track[] }
  | { type: "library/unanswered"; query: string; limit: number }
  | { type: "build/started" }
  | { type: "build/progress"; progress: Progress }
  | { type: "build/stopping" }
  | { type: "build/unstopped" }
  | { type: "build/ended" }
  | { type: "thread/acted"; ticket: number; act: Act }
  | { type: "thread/answered"; thread: Thread; ticket: number | null }
  | { type: "thread/refused"; ticket: number }
  | { type: "thread/listening"; files: number }
  | { type: "player/changed"; player: Player }
  | { type: "toast/shown"; toast: Omit<Toast, "id"> }
  | { type: "toast/dismissed"; key: string }
  | { type: "drop/entered"; what: Dropped | null }
  | { type: "drop/left" };
