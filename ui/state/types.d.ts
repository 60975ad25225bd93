// The shape of what the window knows, and everything that can change it.

import type {
  BuildKind,
  CatalogSong,
  Comparable,
  Crawling,
  Dropped,
  FailedReason,
  Failure,
  FetchProgress,
  KnobsView,
} from "../wire";
import type { Model, Ordering, Page, Plan, PlanRequest, Player, Progress, Revealed, Side, Status } from "../wire";
import type { Thread, Track, Trial, Why } from "../wire";
import type { Pages } from "./pages.js";

export type State = {
  app: App;
  library: Library;
  failures: Failures;
  build: Build;
  catalog: Catalog;
  models: Models;
  compare: Compare;
  thread: ThreadState;
  why: WhyState;
  path: PathState;
  player: Player;
  toasts: Toasts;
  drop: Drop;
};

export type App = {
  phase: "opening" | "open" | "failed";
  error: Problem | null;
  /** The library was found damaged and has not opened since: it can be salvaged, whatever else went wrong meanwhile. */
  damaged: boolean;
  /** The way out of a failure that is being taken. */
  trying: Remedy | null;
};

export type Remedy = "salvage" | "reopen";

export type Problem = { code: string; message: string };

export type Library = Pages<Track> & {
  status: Status | null;
  /** What is searched for. */
  query: string;
  /** What the tracks were found for; null before any were. */
  answered: string | null;
};

export type Failures = Pages<Failure> & {
  /** Code of the one kind of reason that is looked at; null for all. */
  reason: string | null;
  /** Those that are hidden are looked at. */
  hidden: boolean;
  /** All kinds of reasons, the most frequent first. */
  reasons: readonly FailedReason[];
};

export type Build = {
  /** `elsewhere`: a build runs that this window did not start and hears nothing from. */
  phase: "idle" | "elsewhere" | "starting" | "loading" | "rendering" | "scanning" | "working" | "finishing";
  kind: BuildKind;
  /** It takes only what nobody else needs of the machine; null where that is not known. */
  gentle: boolean | null;
  /** Nobody asked for it: it gives way to what somebody asks for. */
  unasked: boolean;
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
  /** Why loading a model takes longer this once. */
  note: string | null;
  /** What is done with every song, while the library is put in order. */
  step: Ordering | null;
  /** How far the catalogue has been asked. */
  crawling: Crawling | null;
};

/** Where the catalogue is searched from: the search box, or the sheet that plans a library. */
export type Where = "box" | "sheet";

/** A question to the catalogue. */
export type Lookup = {
  /** Empty while nothing is asked. */
  text: string;
  songs: readonly CatalogSong[];
  searching: boolean;
  trouble: Problem | null;
};

export type Catalog = Record<Where, Lookup> & {
  /** Songs on their way to be seeds. */
  fetching: readonly number[];
  planning: Planning;
};

/** A plan that is being made, stands, or could not be made. */
export type Planning = { request: PlanRequest | null; plan: Plan | null; trouble: Problem | null };

/** What is done to a model's files, one at a time. */
export type ModelJob = {
  ticket: number;
  id: string;
  kind: "fetch" | "import" | "verify";
  /** Null until something is heard of it. */
  progress: FetchProgress | null;
  /** How much of the model was here when that was last heard of, 0 to 1; null before. */
  here: number | null;
  stopping: boolean;
};

export type Models = {
  /** Empty until they were asked for. */
  list: readonly Model[];
  /** Those whose vectors this library has, oldest first. */
  comparable: readonly Comparable[];
  /** They are on screen: what happens is said on their cards, and not in passing. */
  watched: boolean;
  job: ModelJob | null;
  /** The model that has arrived since, until it is used or put aside. */
  arrived: string | null;
  /** The model that was found to be whole, just now. */
  checked: string | null;
  /** What went wrong last, and with which model. */
  trouble: (Problem & { id: string }) | null;
};

export type Pair = { a: string; b: string };

export type Compare = {
  models: readonly Comparable[];
  pair: Pair | null;
  trial: Trial | null;
  /** The vote, once it is given. */
  side: Side | null;
  revealed: Revealed | null;
  /** An answer is awaited. */
  busy: boolean;
  trouble: Problem | null;
};

/** Something done to the thread whose answer is awaited. */
export type Act =
  | { kind: "up" | "down" | "clear" | "banish" | "unseed" | "oppose" | "family"; id: number }
  | { kind: "near"; id: number; radius: number }
  | { kind: "weigh"; id: number; weight: number }
  | Turn;

export type Turn = { kind: "turn"; knob: keyof KnobsView; value: number };

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

/** The row that is open, and why it is in the list. */
export type WhyState = {
  /** Null while no row is open. */
  id: number | null;
  /** `wanted` until it is asked for, and again whenever the list has changed. */
  phase: "wanted" | "asked" | "told";
  /** The question that was asked last. */
  ticket: number;
  /** As it was last told of this row. */
  why: Why | null;
  /** The other versions of this row. */
  versions: readonly Track[];
  trouble: Problem | null;
};

/** What is asked of a path: its ends, and how many songs between them. */
export type Way = { from: number; to: number; steps: number };

/** What lies between two songs. */
export type PathState = {
  /** What was asked last; null before anything was. */
  asked: Way | null;
  /** What was found last, and for what: it stays until there is something to put in its place. */
  found: { way: Way; tracks: readonly Track[] } | null;
  trouble: Problem | null;
};

export type ToastAction =
  | { label: string; intent: "undo" | "failures" | "models" | "catalog-report" | "resume-catalog" }
  | { label: string; intent: "use" | "resume"; model: string };

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
  | { type: "app/opened"; status: Status; page: Page; thread: Thread | null }
  | { type: "app/failed"; error: Problem }
  | { type: "app/trying"; remedy: Remedy }
  | { type: "library/status"; status: Status }
  | { type: "library/asked"; query: string; ticket: number }
  | { type: "library/found"; ticket: number; from: number; total: number; rows: Track[] }
  | { type: "library/more"; edition: number; from: number; rows: Track[] }
  | { type: "library/unanswered"; ticket: number; error: Problem }
  | { type: "library/looked"; first: number; last: number }
  | { type: "failures/asked"; reason: string | null; hidden: boolean; ticket: number }
  | {
      type: "failures/found";
      ticket: number;
      from: number;
      total: number;
      rows: Failure[];
      reasons: FailedReason[];
    }
  | { type: "failures/more"; edition: number; from: number; rows: Failure[] }
  | { type: "failures/unanswered"; ticket: number; error: Problem }
  | { type: "failures/looked"; first: number; last: number }
  | { type: "build/started"; kind?: BuildKind; gentle?: boolean; unasked?: boolean }
  | { type: "build/paced"; gentle: boolean }
  | { type: "build/progress"; progress: Progress }
  | { type: "build/stopping" }
  | { type: "build/unstopped" }
  | { type: "build/ended" }
  | { type: "catalog/asked"; where: Where; text: string }
  | { type: "catalog/found"; where: Where; text: string; songs: CatalogSong[] }
  | { type: "catalog/unfound"; where: Where; text: string; error: Problem }
  | { type: "catalog/fetching"; song: number }
  | { type: "catalog/fetched"; song: number; track: number | null }
  | { type: "plan/asked"; request: PlanRequest }
  | { type: "plan/made"; request: PlanRequest; plan: Plan }
  | { type: "plan/failed"; request: PlanRequest; error: Problem }
  | { type: "plan/dropped" }
  | { type: "models/listed"; models: Model[]; comparable: Comparable[] | null }
  | { type: "models/watched"; watched: boolean }
  | { type: "models/started"; ticket: number; id: string; kind: ModelJob["kind"] }
  | { type: "models/progress"; ticket: number; progress: FetchProgress }
  | { type: "models/stopping"; stopping: boolean }
  | { type: "models/ended"; id: string; kind: ModelJob["kind"]; model: Model | null }
  | { type: "models/troubled"; trouble: Models["trouble"] }
  | { type: "models/put-aside" }
  | { type: "compare/opened"; models: Comparable[] }
  | { type: "compare/asked"; pair: Pair }
  | { type: "compare/tried"; pair: Pair; trial: Trial }
  | { type: "compare/voted"; side: Side }
  | { type: "compare/revealed"; trial: number; revealed: Revealed }
  | { type: "compare/failed"; pair: Pair | null; error: Problem }
  | { type: "thread/acted"; ticket: number; act: Act }
  | { type: "thread/answered"; thread: Thread; ticket: number | null }
  | { type: "thread/refused"; ticket: number }
  | { type: "thread/listening"; files: number }
  | { type: "why/opened"; id: number | null }
  | { type: "why/asked"; ticket: number }
  | { type: "why/told"; ticket: number; why: Why; versions: Track[] }
  | { type: "why/untold"; ticket: number; error: Problem }
  | { type: "path/asked"; way: Way }
  | { type: "path/found"; way: Way; tracks: Track[] }
  | { type: "path/failed"; way: Way; error: Problem }
  | { type: "player/changed"; player: Player }
  | { type: "toast/shown"; toast: Omit<Toast, "id"> }
  | { type: "toast/dismissed"; key: string }
  | { type: "drop/entered"; what: Dropped | null }
  | { type: "drop/left" };
