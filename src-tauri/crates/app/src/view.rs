//! What the faces show: the same types are the command line's JSON and the window's wire.
//!
//! `ui/wire.d.ts` is generated from them; a test fails when it is stale.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

mod catalog;
mod compare;
mod list;
mod model;
mod saved;
mod taste;

pub use catalog::{
    ArtistCount, Bottleneck, CatalogReport, CatalogSeed, CatalogSong, Count, Crawling, Plan,
    PlanRequest, PreviewLimits, Refreshed, SkippedCall, SourceCount, Stage, StageName,
};
pub use compare::{Comparable, Revealed, Side, Trial, Verdicts};
pub use list::{FailedReason, FailurePage, Page, Watching, Which};
pub use model::{FetchProgress, Licence, Model, ModelState};
pub use saved::{Saved, SavedRows};
pub use taste::{
    AnchorShare, CheckKind, Decides, Imported, KnobsView, Moment, ScoreParts, SeedWeight,
    ThreadCheck, ThreadSummary, Why, WithoutSeed,
};
pub use throughline_catalog::{Picture as Artwork, PictureKind as ArtworkKind};

/// Whether a track can come into a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrackStatus {
    /// Its vectors are there.
    Ready,
    /// Its file is known, its vectors under this model are still to be made.
    Pending,
    /// Its file is gone at present.
    Missing,
}

/// A track as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Track {
    /// Identity in this library.
    #[ts(type = "number")]
    pub id: i64,
    /// Absolute path of its file; empty for a song of the catalogue.
    pub path: String,
    /// Its page in the store, for a song of the catalogue.
    pub store: Option<String>,
    /// Whether it is a song of the catalogue that has a picture.
    pub artwork: bool,
    /// Title, or the file's name where the tags have none.
    pub title: String,
    /// Artist.
    pub artist: Option<String>,
    /// Album.
    pub album: Option<String>,
    /// Year of release.
    pub year: Option<i32>,
    /// Genre.
    pub genre: Option<String>,
    /// Length in seconds.
    pub duration_s: f64,
    /// Whether it can come into a list.
    pub status: TrackStatus,
}

/// A thumb that a row carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Thumb {
    /// Liked.
    Up,
}

/// A row of the list: a track and why it is there.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Row {
    /// The track.
    #[serde(flatten)]
    pub track: Track,
    /// Its score: the sum of the parts in `why`, in standard deviations of the library.
    pub score: f32,
    /// Cosine to what carries it, `-1..=1`.
    pub likeness: f32,
    /// Cosine to each seed, in the order of the seeds.
    pub seed_scores: Vec<f32>,
    /// Tags in which row and seeds both stand well above the library's average.
    pub shared_tags: Vec<String>,
    /// The thumb it has in this throughline.
    pub thumb: Option<Thumb>,
    /// How many other versions of it the library has.
    pub versions: usize,
    /// Why it is there.
    pub why: Why,
}

/// A throughline as it stands: seeds, thumbs, and the list that comes of them.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Thread {
    /// Identity of the throughline.
    #[ts(type = "number")]
    pub id: i64,
    /// Its name; the open one has none until it is given one.
    pub name: Option<String>,
    /// Seeds, in the order in which they were set.
    pub seeds: Vec<Track>,
    /// Tracks with a thumb up.
    pub liked: Vec<Track>,
    /// Tracks with a thumb down.
    pub disliked: Vec<Track>,
    /// Negative seeds: the list turns away from them.
    pub opposed: Vec<Track>,
    /// Weights of those seeds, of either kind, that do not weigh one.
    pub weights: Vec<SeedWeight>,
    /// Where the knobs stand.
    pub knobs: KnobsView,
    /// What the seeds are to each other; `None` while there are none.
    pub check: Option<ThreadCheck>,
    /// Who orders the list.
    pub in_charge: Decides,
    /// The list.
    pub rows: Vec<Row>,
    /// What an undo would take back, in words.
    pub undo: Option<String>,
    /// Something the listener should know about this list.
    pub note: Option<String>,
}

/// A music folder of the library.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Source {
    /// Identity in this library.
    #[ts(type = "number")]
    pub id: i64,
    /// Absolute path.
    pub path: String,
    /// Tracks in it.
    pub tracks: usize,
    /// Whether the folder is there now.
    pub online: bool,
}

/// A switch to another model that is under way: the vectors of the old one serve meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct NextModel {
    /// Identity of the model.
    pub id: String,
    /// Its name, as it is shown.
    pub name: String,
    /// Files that it is done with.
    pub done: usize,
    /// Files that it is to do.
    pub total: usize,
}

/// What a build is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BuildKind {
    /// Folders of music, which cancelling ends.
    Files,
    /// Songs of the catalogue, which cancelling pauses.
    Songs,
}

/// The library at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Status {
    /// Folder where the library lives.
    pub library: String,
    /// Tracks in it.
    pub tracks: usize,
    /// Tracks whose files are gone at present.
    pub missing: usize,
    /// Files that could not be used, but for those that the listener does not want to see.
    pub failed: usize,
    /// Those.
    pub hidden: usize,
    /// Tracks never to be shown again.
    pub banished: usize,
    /// Its music folders.
    pub sources: Vec<Source>,
    /// Tracks that are songs of the catalogue.
    pub songs: usize,
    /// Whether a build from the catalogue was begun and not finished.
    pub unfinished: bool,
    /// The model whose vectors it uses.
    pub model: String,
    /// Its name, as it is shown.
    pub model_name: String,
    /// The model that is to take its place; `None` when no switch is under way.
    pub next_model: Option<NextModel>,
    /// Why its model cannot embed on this machine now, and what to do about it.
    pub model_note: Option<String>,
    /// The device that embeds.
    pub device: String,
    /// A fall-back to another device than asked for, said aloud.
    pub device_note: Option<String>,
    /// Whether changes of the folders are noticed.
    pub watching: Watching,
    /// Whether a build is under way.
    pub building: bool,
    /// What that builds from.
    pub building_kind: Option<BuildKind>,
    /// Why there is no sound; `None` when there is.
    pub sound: Option<String>,
    /// Version of the program.
    pub version: String,
}

/// A file that could not be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Failure {
    /// Identity of the file in this library.
    #[ts(type = "number")]
    pub file: i64,
    /// Absolute path; of a song of the catalogue its title and its artist.
    pub path: String,
    /// Stable name of the reason.
    pub code: String,
    /// The reason, in a sentence.
    pub reason: String,
}

/// What a build did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, TS)]
pub struct BuildReport {
    /// Files embedded in this build, new or changed.
    pub added: usize,
    /// Files that were as the library knew them.
    pub unchanged: usize,
    /// Files that could not be used, those remembered from earlier builds included.
    pub failed: usize,
    /// Files that the library knew and that are gone.
    pub missing: usize,
    /// Files recognised by content: moved, renamed or copied, and not embedded again.
    pub moved: usize,
    /// Calls of the order that are given up for now: what they would have brought is missing.
    pub skipped: usize,
    /// How long it took.
    pub seconds: f64,
    /// Whether it was cancelled before its end.
    pub cancelled: bool,
}

/// What is done with every track when a library is put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Ordering {
    /// It is compared with all others.
    Comparing,
    /// Those near it are looked at for versions of one song.
    Versions,
}

/// How a build is getting on.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Progress {
    /// The demo collection is being made.
    Rendering {
        /// Pieces there are.
        done: usize,
        /// Pieces there will be.
        total: usize,
    },
    /// The model is being loaded, which may take seconds.
    Loading {
        /// Its name, as it is shown.
        model: String,
        /// Why it takes longer this once.
        note: Option<String>,
    },
    /// Folders are being read; the total is not known yet.
    Scanning {
        /// Audio files found so far.
        files: usize,
    },
    /// Files are being decoded and embedded.
    Working {
        /// Files to work on in this build.
        total: usize,
        /// Files finished, failures included.
        done: usize,
        /// Files decoded, embedded or not yet.
        decoded: usize,
        /// Files embedded and stored.
        added: usize,
        /// Files recognised by content, and not embedded again.
        moved: usize,
        /// Files that needed no work, found by the scan.
        unchanged: usize,
        /// Files that failed in this build.
        failed: usize,
        /// Files finished a second, lately.
        tracks_per_s: Option<f64>,
        /// Seconds left at that pace; `None` while it is too early to tell.
        eta_s: Option<f64>,
        /// How the crawl goes, in a build from the catalogue.
        crawling: Option<Crawling>,
        /// The file in work.
        file: Option<String>,
        /// The newest failure, each told once.
        failure: Option<Failure>,
    },
    /// What ranking needs of the library as a whole is being computed. It can be cancelled: then what was
    /// computed for an earlier build serves on, and the next build begins it again.
    Finishing {
        /// What is done with each track at present; `None` before and after that.
        step: Option<Ordering>,
        /// Tracks that this step is done with.
        done: usize,
        /// Tracks that it is to be done with.
        total: usize,
        /// Seconds that it will still take; `None` while it is too early to tell.
        eta_s: Option<f64>,
    },
    /// The build has ended.
    Finished {
        /// What it did.
        report: BuildReport,
    },
}

/// What was dropped on the window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Dropped {
    /// Folders.
    pub folders: Vec<String>,
    /// Audio files, by name.
    pub audio: Vec<String>,
    /// Throughlines that were exported, by name.
    pub threads: Vec<String>,
    /// Anything else.
    pub other: Vec<String>,
}

/// What the player is doing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct Player {
    /// The track in it.
    pub track: Option<Track>,
    /// Whether it plays.
    pub playing: bool,
    /// Whether its preview is on its way, before it plays.
    pub fetching: bool,
    /// Where it is, in seconds.
    pub position_s: f64,
    /// How long the track is, in seconds.
    pub duration_s: f64,
    /// Why it stopped, if not by itself.
    pub error: Option<String>,
}

/// An error as the window gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ApiError {
    /// Stable name; the window decides by it what to offer.
    pub code: String,
    /// What happened, and what to do about it.
    pub message: String,
}

/// `path` as text for people; bytes that are no text are replaced.
pub fn shown(path: &std::path::Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The TypeScript of everything above: the content of `ui/wire.d.ts`.
pub fn typescript() -> String {
    let config = ts_rs::Config::default();
    let mut out = String::from(
        "// Generated from src-tauri/crates/app/src/view.rs. Do not edit: `UPDATE_WIRE=1 cargo test --workspace --test journeys wire`.\n",
    );
    let codes: Vec<_> = crate::CODES
        .iter()
        .map(|code| format!("\"{code}\""))
        .collect();
    out.push_str("\n/** What `ApiError.code` can be. */\nexport type ErrorCode = ");
    out.push_str(&codes.join(" | "));
    out.push_str(";\n");
    for declaration in [
        TrackStatus::decl(&config),
        Track::decl(&config),
        Thumb::decl(&config),
        KnobsView::decl(&config),
        CheckKind::decl(&config),
        ThreadCheck::decl(&config),
        Decides::decl(&config),
        AnchorShare::decl(&config),
        WithoutSeed::decl(&config),
        Moment::decl(&config),
        ScoreParts::decl(&config),
        Why::decl(&config),
        Row::decl(&config),
        SeedWeight::decl(&config),
        Thread::decl(&config),
        ThreadSummary::decl(&config),
        Imported::decl(&config),
        Source::decl(&config),
        NextModel::decl(&config),
        BuildKind::decl(&config),
        Watching::decl(&config),
        Status::decl(&config),
        Page::decl(&config),
        Failure::decl(&config),
        FailedReason::decl(&config),
        FailurePage::decl(&config),
        Which::decl(&config),
        BuildReport::decl(&config),
        Ordering::decl(&config),
        Progress::decl(&config),
        ModelState::decl(&config),
        Licence::decl(&config),
        Model::decl(&config),
        FetchProgress::decl(&config),
        Dropped::decl(&config),
        SavedRows::decl(&config),
        Saved::decl(&config),
        Player::decl(&config),
        CatalogSong::decl(&config),
        CatalogSeed::decl(&config),
        PlanRequest::decl(&config),
        Bottleneck::decl(&config),
        Plan::decl(&config),
        Crawling::decl(&config),
        Count::decl(&config),
        ArtistCount::decl(&config),
        SkippedCall::decl(&config),
        SourceCount::decl(&config),
        PreviewLimits::decl(&config),
        StageName::decl(&config),
        Stage::decl(&config),
        Refreshed::decl(&config),
        CatalogReport::decl(&config),
        Comparable::decl(&config),
        Side::decl(&config),
        Trial::decl(&config),
        Verdicts::decl(&config),
        Revealed::decl(&config),
        ApiError::decl(&config),
    ] {
        out.push_str("\nexport ");
        // One line a comment and a field, as a person would write them.
        out.push_str(
            &declaration
                .replace("\n/**\n * ", "\n  /** ")
                .replace("\n */\n", " */\n  "),
        );
        out.push('\n');
    }
    out
}
