// Generated from src-tauri/crates/app/src/view.rs. Do not edit: `UPDATE_WIRE=1 cargo test --workspace --test journeys wire`.

/** What `ApiError.code` can be. */
export type ErrorCode = "no_tracks" | "unknown_track" | "not_analysed" | "no_thread" | "no_throughline" | "nothing_said" | "throughline_file" | "name_taken" | "unreadable_audio" | "file_missing" | "folder_gone" | "building" | "not_building" | "nothing_to_undo" | "no_sound" | "library_newer" | "library_damaged" | "library_busy" | "library_read_only" | "disk_full" | "disk_failed" | "no_library" | "licence_not_accepted" | "no_model" | "model_damaged" | "model_in_use" | "network" | "fetch_refused" | "not_comparable" | "offline" | "catalog_refused" | "no_preview" | "superseded" | "nothing_to_resume" | "no_plan" | "no_limit" | "file_refused" | "internal";

export type TrackStatus = "ready" | "pending" | "missing";

export type Track = { 
  /** Identity in this library. */
  id: number, 
  /** Absolute path of its file; empty for a song of the catalogue. */
  path: string, 
  /** Its page in the store, for a song of the catalogue. */
  store: string | null, 
  /** Whether it is a song of the catalogue that has a picture. */
  artwork: boolean, 
  /** Title, or the file's name where the tags have none. */
  title: string, 
  /** Artist. */
  artist: string | null, 
  /** Album. */
  album: string | null, 
  /** Year of release. */
  year: number | null, 
  /** Genre. */
  genre: string | null, 
  /** Length in seconds. */
  duration_s: number, 
  /** Whether it can come into a list. */
  status: TrackStatus, };

export type Thumb = "up";

export type KnobsView = { 
  /** One tight pocket (0) to all liked pockets alike (1). */
  breadth: number, 
  /** The familiar (0) to the novel (1). */
  explore: number, };

export type CheckKind = "single" | "thread" | "pockets" | "loose";

export type ThreadCheck = { 
  /** Which it is. */
  kind: CheckKind, 
  /** The seeds by pocket, the largest first. */
  pockets: number[][], 
  /** The same in a sentence that names them. */
  sentence: string, };

export type Decides = "anchors" | "head";

export type AnchorShare = { 
  /** The track. */
  id: number, 
  /** Its title. */
  title: string, 
  /** Its share, `0..=1`; those of a row add up to one. */
  share: number, };

export type WithoutSeed = { 
  /** The seed. */
  id: number, 
  /** The row's rank then, from 1. */
  rank: number, };

export type Moment = { 
  /** The seed. */
  seed_id: number, 
  /** Second of the seed. */
  seed_s: number, 
  /** Second of the row. */
  row_s: number, };

export type ScoreParts = { 
  /** Nearness to seeds and liked tracks. */
  anchors: number, 
  /** What the tracks with a thumb down near it take off. */
  dislikes: number, 
  /** What was learnt from the thumbs. */
  head: number, 
  /** What exploring adds. */
  novelty: number, 
  /** What exploring adds for what the thumbs have not settled. */
  uncertainty: number, 
  /** What having been played of late takes off. */
  fatigue: number, };

export type Why = { 
  /** The seeds and liked tracks that carry it, the greatest share first. */
  anchors: Array<AnchorShare>, 
  /** Share of the library that is less like them, `0..=100`. */
  percentile: number, 
  /** How many of the seeds lead to it. */
  agreement: number, 
  /** Where it would stand without each seed; empty until it is asked for, and where there is one seed. */
  without_seed: Array<WithoutSeed>, 
  /** How unfamiliar it is, `0..=1`. */
  novelty: number, 
  /** The moments most alike; `None` until they are asked for, and where there are none. */
  moment: Moment | null, 
  /** Who put it there. */
  in_charge: Decides, 
  /** Its rank by score, from 1, before rows were spread apart. */
  rank: number, 
  /** What its score is made of. */
  parts: ScoreParts, };

export type Row = { 
  /** Its score: the sum of the parts in `why`, in standard deviations of the library. */
  score: number, 
  /** Cosine to what carries it, `-1..=1`. */
  likeness: number, 
  /** Cosine to each seed, in the order of the seeds. */
  seed_scores: Array<number>, 
  /** Tags in which row and seeds both stand well above the library's average. */
  shared_tags: Array<string>, 
  /** The thumb it has in this throughline. */
  thumb: Thumb | null, 
  /** How many other versions of it the library has. */
  versions: number, 
  /** Why it is there. */
  why: Why, 
  /** Identity in this library. */
  id: number, 
  /** Absolute path of its file; empty for a song of the catalogue. */
  path: string, 
  /** Its page in the store, for a song of the catalogue. */
  store: string | null, 
  /** Whether it is a song of the catalogue that has a picture. */
  artwork: boolean, 
  /** Title, or the file's name where the tags have none. */
  title: string, 
  /** Artist. */
  artist: string | null, 
  /** Album. */
  album: string | null, 
  /** Year of release. */
  year: number | null, 
  /** Genre. */
  genre: string | null, 
  /** Length in seconds. */
  duration_s: number, 
  /** Whether it can come into a list. */
  status: TrackStatus, };

export type SeedWeight = { 
  /** The seed. */
  id: number, 
  /** Its weight, `0..=4`. */
  weight: number, };

export type Thread = { 
  /** Identity of the throughline. */
  id: number, 
  /** Its name; the open one has none until it is given one. */
  name: string | null, 
  /** Seeds, in the order in which they were set. */
  seeds: Array<Track>, 
  /** Tracks with a thumb up. */
  liked: Array<Track>, 
  /** Tracks with a thumb down. */
  disliked: Array<Track>, 
  /** Negative seeds: the list turns away from them. */
  opposed: Array<Track>, 
  /** Weights of those seeds, of either kind, that do not weigh one. */
  weights: Array<SeedWeight>, 
  /** Where the knobs stand. */
  knobs: KnobsView, 
  /** What the seeds are to each other; `None` while there are none. */
  check: ThreadCheck | null, 
  /** Who orders the list. */
  in_charge: Decides, 
  /** The list. */
  rows: Array<Row>, 
  /** What an undo would take back, in words. */
  undo: string | null, 
  /** Something the listener should know about this list. */
  note: string | null, };

export type ThreadSummary = { 
  /** Its identity. */
  id: number, 
  /** Its name, if it was given one. */
  name: string | null, 
  /** Titles of its seeds. */
  seeds: Array<string>, 
  /** Thumbs in it. */
  thumbs: number, 
  /** When something was first said in it, or it was made if nothing was, Unix milliseconds. */
  begun_at: number, 
  /** When something was last said in it, or it was made if that was later, Unix milliseconds. */
  changed_at: number, 
  /** Whether it is the open one. */
  open: boolean, };

export type Imported = { 
  /** As it stands here. */
  thread: Thread, 
  /** Tracks of the file that this library does not have, as title and artist. */
  unresolved: Array<string>, };

export type Source = { 
  /** Identity in this library. */
  id: number, 
  /** Absolute path. */
  path: string, 
  /** Tracks in it. */
  tracks: number, 
  /** Whether the folder is there now. */
  online: boolean, };

export type NextModel = { 
  /** Identity of the model. */
  id: string, 
  /** Its name, as it is shown. */
  name: string, 
  /** Files that it is done with. */
  done: number, 
  /** Files that it is to do. */
  total: number, };

export type BuildKind = "files" | "songs";

export type Watching = { 
  /** Whether they are to be. */
  on: boolean, 
  /** Why the system cannot tell of them, and what is done instead. */
  note: string | null, };

export type Status = { 
  /** Folder where the library lives. */
  library: string, 
  /** Tracks in it. */
  tracks: number, 
  /** Tracks whose files are gone at present. */
  missing: number, 
  /** Files that could not be used, but for those that the listener does not want to see. */
  failed: number, 
  /** Those. */
  hidden: number, 
  /** Tracks never to be shown again. */
  banished: number, 
  /** Its music folders. */
  sources: Array<Source>, 
  /** Tracks that are songs of the catalogue. */
  songs: number, 
  /** Whether a build from the catalogue was begun and not finished. */
  unfinished: boolean, 
  /** The model whose vectors it uses. */
  model: string, 
  /** Its name, as it is shown. */
  model_name: string, 
  /** The model that is to take its place; `None` when no switch is under way. */
  next_model: NextModel | null, 
  /** Why its model cannot embed on this machine now, and what to do about it. */
  model_note: string | null, 
  /** The device that embeds. */
  device: string, 
  /** A fall-back to another device than asked for, said aloud. */
  device_note: string | null, 
  /** Whether changes of the folders are noticed. */
  watching: Watching, 
  /** Whether a build is under way. */
  building: boolean, 
  /** What that builds from. */
  building_kind: BuildKind | null, 
  /** Why there is no sound; `None` when there is. */
  sound: string | null, 
  /** Version of the program. */
  version: string, };

export type Page = { 
  /** Tracks of the whole list. */
  total: number, 
  /** Those that were asked for. */
  tracks: Array<Track>, };

export type Failure = { 
  /** Identity of the file in this library. */
  file: number, 
  /** Absolute path; of a song of the catalogue its title and its artist. */
  path: string, 
  /** Stable name of the reason. */
  code: string, 
  /** The reason, in a sentence. */
  reason: string, };

export type FailedReason = { 
  /** Stable name of the reason. */
  code: string, 
  /** The reason of one of them, in a sentence. */
  reason: string, 
  /** Those that are shown. */
  shown: number, 
  /** Those that are hidden. */
  hidden: number, };

export type FailurePage = { 
  /** Failures of the whole list. */
  total: number, 
  /** Those that were asked for. */
  failures: Array<Failure>, 
  /** All kinds of reasons, the most frequent first. */
  reasons: Array<FailedReason>, };

export type Which = { "kind": "all" } | { "kind": "reason", 
  /** Stable name of the reason. */
  code: string, } | { "kind": "file", 
  /** Identity of the file. */
  file: number, };

export type BuildReport = { 
  /** Files embedded in this build, new or changed. */
  added: number, 
  /** Files that were as the library knew them. */
  unchanged: number, 
  /** Files that could not be used, those remembered from earlier builds included. */
  failed: number, 
  /** Files that the library knew and that are gone. */
  missing: number, 
  /** Files recognised by content: moved, renamed or copied, and not embedded again. */
  moved: number, 
  /** Calls of the order that are given up for now: what they would have brought is missing. */
  skipped: number, 
  /** How long it took. */
  seconds: number, 
  /** Whether it was cancelled before its end. */
  cancelled: boolean, };

export type Ordering = "comparing" | "versions";

export type Progress = { "kind": "rendering", 
  /** Pieces there are. */
  done: number, 
  /** Pieces there will be. */
  total: number, } | { "kind": "loading", 
  /** Its name, as it is shown. */
  model: string, 
  /** Why it takes longer this once. */
  note: string | null, } | { "kind": "scanning", 
  /** Audio files found so far. */
  files: number, } | { "kind": "working", 
  /** Files to work on in this build. */
  total: number, 
  /** Files finished, failures included. */
  done: number, 
  /** Files decoded, embedded or not yet. */
  decoded: number, 
  /** Files embedded and stored. */
  added: number, 
  /** Files recognised by content, and not embedded again. */
  moved: number, 
  /** Files that needed no work, found by the scan. */
  unchanged: number, 
  /** Files that failed in this build. */
  failed: number, 
  /** Files finished a second, lately. */
  tracks_per_s: number | null, 
  /** Seconds left at that pace; `None` while it is too early to tell. */
  eta_s: number | null, 
  /** How the crawl goes, in a build from the catalogue. */
  crawling: Crawling | null, 
  /** The file in work. */
  file: string | null, 
  /** The newest failure, each told once. */
  failure: Failure | null, } | { "kind": "finishing", 
  /** What is done with each track at present; `None` before and after that. */
  step: Ordering | null, 
  /** Tracks that this step is done with. */
  done: number, 
  /** Tracks that it is to be done with. */
  total: number, 
  /** Seconds that it will still take; `None` while it is too early to tell. */
  eta_s: number | null, } | { "kind": "finished", 
  /** What it did. */
  report: BuildReport, };

export type ModelState = "built_in" | "absent" | "partial" | "present" | "damaged";

export type Licence = { 
  /** Its short name. */
  name: string, 
  /** Where it can be read. */
  url: string, 
  /** What it says, in a sentence or two. */
  terms: string, 
  /** Whether the weights state it as their own; else it is that of the code beside them. */
  stated: boolean, };

export type Model = { 
  /** Stable name. */
  id: string, 
  /** Its name for people. */
  name: string, 
  /** What it is good for, in a sentence. */
  good_for: string, 
  /** Numbers in a track's vector. */
  dimension: number, 
  /** Length of its files; of those that are here, if it is. */
  bytes: number, 
  /** The terms of its weights. */
  licence: Licence, 
  /** Page where it comes from. */
  origin: string, 
  /** Whether it can be used. */
  state: ModelState, 
  /** Bytes that an unfinished download has. */
  got_bytes: number, 
  /** SHA-256 of its checkpoint, if that is here. */
  sha256: string | null, 
  /** Whether its files are the published ones; an imported file need not be. */
  published: boolean, 
  /** Folder where its files are. */
  folder: string | null, };

export type FetchProgress = { "kind": "connecting", 
  /** Tries since there last was any progress, this one included. */
  attempt: number, } | { "kind": "downloading", 
  /** Its name. */
  file: string, 
  /** Bytes of it that are here. */
  done: number, 
  /** Bytes that it has. */
  total: number, 
  /** Pace; `None` while it is too early to tell. */
  bytes_per_s: number | null, 
  /** Seconds left at that pace. */
  eta_s: number | null, } | { "kind": "waiting", 
  /** What went wrong. */
  reason: string, 
  /** How long the wait is. */
  seconds: number, 
  /** The try that failed. */
  attempt: number, } | { "kind": "verifying", 
  /** Bytes of it read. */
  done: number, 
  /** Bytes that it has. */
  total: number, } | { "kind": "finished", 
  /** It, as it is now. */
  model: Model, } | { "kind": "cancelled", 
  /** Bytes that stay for the next time. */
  got_bytes: number, };

export type Dropped = { 
  /** Folders. */
  folders: Array<string>, 
  /** Audio files, by name. */
  audio: Array<string>, 
  /** Throughlines that were exported, by name. */
  threads: Array<string>, 
  /** Anything else. */
  other: Array<string>, };

export type SavedRows = { 
  /** What they are, in the plural. */
  what: string, 
  /** How many were saved. */
  saved: number, 
  /** How many there were, where that could still be counted. */
  of: number | null, };

export type Saved = { 
  /** Where the damaged file is now, as it was. */
  kept: string, 
  /** What was saved, what nobody can say again but the listener first. */
  rows: Array<SavedRows>, 
  /** Tracks that have lost their names and kept what was said of them: the next build that finds their
 * files names them again. */
  nameless: number, };

export type Player = { 
  /** The track in it. */
  track: Track | null, 
  /** Whether it plays. */
  playing: boolean, 
  /** Whether its preview is on its way, before it plays. */
  fetching: boolean, 
  /** Where it is, in seconds. */
  position_s: number, 
  /** How long the track is, in seconds. */
  duration_s: number, 
  /** Why it stopped, if not by itself. */
  error: string | null, };

export type CatalogSong = { 
  /** Its number in the catalogue. */
  song: number, 
  /** Its title. */
  title: string, 
  /** Its artist. */
  artist: string | null, 
  /** Its artist's number. */
  artist_id: number | null, 
  /** Its album. */
  album: string | null, 
  /** Its main genre. */
  genre: string | null, 
  /** Year of release. */
  year: number | null, 
  /** Length of the whole song in seconds. */
  duration_s: number | null, 
  /** Whether it can be heard: without a preview it can be no seed. */
  has_preview: boolean, 
  /** The track that it is in this library. */
  track: number | null, };

export type CatalogSeed = { "kind": "text", 
  /** The words. */
  text: string, } | { "kind": "song", 
  /** Its number. */
  id: number, } | { "kind": "artist", 
  /** Its number. */
  id: number, } | { "kind": "artist_name", 
  /** Its name. */
  name: string, } | { "kind": "genre", 
  /** Its name, or its number as text. */
  name: string, } | { "kind": "charts" } | { "kind": "own" };

export type PlanRequest = { 
  /** What to grow around; the charts where there is nothing. */
  seeds: Array<CatalogSeed>, 
  /** Stores, country codes of two letters; the first answers everything. */
  countries: Array<string>, 
  /** Songs wanted. */
  size: number, };

export type Bottleneck = "calls" | "stream" | "embed";

export type Plan = { 
  /** What is ordered; it goes back as it came. */
  order: unknown, 
  /** Its seeds, in words. */
  seeds: Array<string>, 
  /** Calls that it takes. */
  calls: number, 
  /** Songs that it brings. */
  songs: number, 
  /** Gigabytes that stream through and are not kept. */
  gigabytes: number, 
  /** Minutes that the calls take. */
  call_minutes: number, 
  /** Minutes that the previews take to stream. */
  stream_minutes: number, 
  /** Minutes of decoding and embedding on this device. */
  embed_minutes: number, 
  /** Minutes in all; the stages run side by side. */
  minutes: number, 
  /** Which of them is the limit. */
  limit: Bottleneck, 
  /** The model that embeds, as it is shown. */
  model: string, 
  /** Clips of 30 s that it embeds a second here, from a short measurement. */
  clips_per_s: number, };

export type Crawling = { 
  /** Calls answered. */
  calls: number, 
  /** Calls still to come, as it looks now; 0 when the crawl is done. */
  calls_left: number, 
  /** Songs found that are wanted. */
  wanted: number, 
  /** Songs that were ordered. */
  size: number, 
  /** Why nothing moves at present, in a sentence, as in “The network is not reachable; …”. */
  paused: string | null, 
  /** Seconds until it is tried again. */
  wait_s: number | null, };

export type Count = { 
  /** The name: a genre, a stable name of a reason. */
  name: string, 
  /** The same in words, for people. */
  words: string, 
  /** How often. */
  count: number, };

export type ArtistCount = { 
  /** Its number in the catalogue. */
  id: number, 
  /** Its name. */
  name: string, 
  /** How many of its songs are tracks of the library. */
  count: number, };

export type SkippedCall = { 
  /** What was asked for, as in “songs of Miles Davis”. */
  words: string, 
  /** Why it was given up, in a sentence. */
  reason: string, };

export type SourceCount = { 
  /** A stable name, as in `chart`. */
  name: string, 
  /** The same in words, as in “charts”. */
  words: string, 
  /** Songs that were wanted of it. */
  wanted: number, 
  /** Of these, tracks of the library. */
  ready: number, 
  /** Of these, songs that could not be had, those whose previews are gone included. */
  failed: number, };

export type PreviewLimits = { 
  /** Previews in flight at once, 1 to 16. */
  connections: number, 
  /** Bytes a second of all previews together, 1,000 at least; `None` for as fast as they come. */
  bytes_per_s: number | null, };

export type StageName = "crawl" | "fetch" | "decode" | "embed" | "store";

export type Stage = { 
  /** The stage. */
  name: StageName, 
  /** The same in words, as in “streaming previews”. */
  words: string, 
  /** Seconds that it was busy, summed over what it does side by side. */
  seconds: number, 
  /** Whether it was busiest, for as many as it does side by side: what held the build up. */
  busiest: boolean, };

export type Refreshed = { 
  /** Songs with dead links that the catalogue was asked for. */
  looked: number, 
  /** Of these, songs that have a link again. */
  back: number, 
  /** Of these, songs that have none. */
  gone: number, 
  /** Files embedded in this build, new or changed. */
  added: number, 
  /** Files that were as the library knew them. */
  unchanged: number, 
  /** Files that could not be used, those remembered from earlier builds included. */
  failed: number, 
  /** Files that the library knew and that are gone. */
  missing: number, 
  /** Files recognised by content: moved, renamed or copied, and not embedded again. */
  moved: number, 
  /** Calls of the order that are given up for now: what they would have brought is missing. */
  skipped: number, 
  /** How long it took. */
  seconds: number, 
  /** Whether it was cancelled before its end. */
  cancelled: boolean, };

export type CatalogReport = { 
  /** Songs that are known, wanted or not. */
  known: number, 
  /** Songs that were wanted. */
  wanted: number, 
  /** Songs with vectors: tracks of the library. */
  tracks: number, 
  /** Songs that are still to be fetched and embedded. */
  pending: number, 
  /** Songs that could not be had. */
  failed: number, 
  /** Songs whose previews are gone. */
  gone: number, 
  /** Tracks of the listener's own files. */
  own: number, 
  /** Songs that were wanted, by what brought them, most first. */
  sources: Array<SourceCount>, 
  /** Tracks of each genre, most first. */
  genres: Array<Count>, 
  /** Songs left out, by reason, most first. */
  dropped: Array<Count>, 
  /** Failures, by reason, most first. */
  failures: Array<Count>, 
  /** Tracks of each artist, most first, at most 200 artists. */
  artists: Array<ArtistCount>, 
  /** Calls that were given up, and what they were about. */
  skipped: Array<SkippedCall>, 
  /** How long each stage was busy in all builds of the order that was built last; empty before any. */
  stages: Array<Stage>, 
  /** Limits on previews, for the next build. */
  previews: PreviewLimits, 
  /** Whether connections are named for this run, by a variable or an option: what the library keeps waits. */
  connections_named: boolean, 
  /** The same for bytes a second. */
  bytes_named: boolean, 
  /** Bytes of the pictures that are kept. */
  artwork_bytes: number, 
  /** Bytes of pictures that are kept at most. */
  artwork_limit: number, 
  /** Whether a build was begun and not finished. */
  unfinished: boolean, };

export type Comparable = { 
  /** Identity of the model; of one reading of it where the library has several. */
  id: string, 
  /** Its name, as it is shown. */
  name: string, 
  /** Tracks that have its vectors. */
  tracks: number, };

export type Side = "left" | "right" | "tie";

export type Trial = { 
  /** Identity of the trial. */
  id: number, 
  /** What both lists start from. */
  seeds: Array<Track>, 
  /** The list of one of the two models. */
  left: Array<Track>, 
  /** The list of the other. */
  right: Array<Track>, };

export type Verdicts = { 
  /** Identity of one model. */
  a: string, 
  /** Identity of the other. */
  b: string, 
  /** Trials in which the first fitted better. */
  a_votes: number, 
  /** Trials in which the second fitted better. */
  b_votes: number, 
  /** Trials without a difference. */
  ties: number, };

export type Revealed = { 
  /** Identity of the model on the left. */
  left: string, 
  /** Identity of the model on the right. */
  right: string, 
  /** The votes on these two, this one included. */
  verdicts: Verdicts, };

export type ApiError = { 
  /** Stable name; the window decides by it what to offer. */
  code: string, 
  /** What happened, and what to do about it. */
  message: string, };
