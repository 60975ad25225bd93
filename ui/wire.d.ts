// The wire between the window and the shell: what commands answer and channels carry.
// Generated from the Rust types; a test there fails when this file is stale.

export type TrackId = number;

/** One track of the library. `title` falls back to the file's name; `path` is absolute. */
export type Track = {
  id: TrackId;
  path: string;
  title: string;
  artist: string | null;
  album: string | null;
  year: number | null;
  genre: string | null;
  duration_s: number;
  /** `pending`: not embedded yet; `missing`: the file is gone at present. */
  status: "ready" | "pending" | "missing";
};

/** One row of the ranked list. */
export type Row = Track & {
  /** Cosine to the thread, -1 to 1. */
  score: number;
  /** Cosine to each seed, in the order of the thread's `seeds`. */
  seed_scores: number[];
  shared_tags: string[];
  thumb: "up" | null;
};

/** The open throughline as it stands. */
export type Thread = {
  id: number;
  name: string | null;
  seeds: Track[];
  liked: Track[];
  disliked: Track[];
  rows: Row[];
  /** What an undo would take back, in words. */
  undo: string | null;
  /** Something the listener should know. */
  note: string | null;
};

/** A folder of the library. */
export type Source = {
  id: number;
  path: string;
  tracks: number;
  /** The folder is there now. */
  online: boolean;
};

/** How the library and the machine stand. */
export type Status = {
  /** Folder where the data lives. */
  library: string;
  tracks: number;
  missing: number;
  failed: number;
  banished: number;
  sources: Source[];
  model: string;
  /** As in "CPU (flex), 2 threads". */
  device: string;
  /** A fall-back, said aloud. */
  device_note: string | null;
  building: boolean;
  /** `null`: sound works; otherwise why not. */
  sound: string | null;
  version: string;
};

/** A file that did not get into the library. */
export type Failure = {
  file: number;
  path: string;
  code: string;
  /** A sentence with what to do. */
  reason: string;
};

/** What a build did. */
export type BuildReport = {
  added: number;
  unchanged: number;
  failed: number;
  missing: number;
  moved: number;
  seconds: number;
  cancelled: boolean;
};

/** How a build goes. */
export type Progress =
  | { kind: "rendering"; done: number; total: number }
  | { kind: "scanning"; files: number }
  | {
      kind: "working";
      total: number;
      done: number;
      added: number;
      unchanged: number;
      failed: number;
      embedded: number;
      tracks_per_s: number | null;
      eta_s: number | null;
      file: string | null;
      /** The newest one, each sent once. */
      failure: Failure | null;
    }
  | { kind: "finishing" }
  | { kind: "finished"; report: BuildReport };

/** What lies behind dropped paths. */
export type Dropped = { folders: string[]; audio: string[]; other: string[] };

/** What is heard. */
export type Player = {
  track: Track | null;
  playing: boolean;
  position_s: number;
  duration_s: number;
  error: string | null;
};
