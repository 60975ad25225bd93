//! The catalogue, as the faces show it.

use serde::{Deserialize, Serialize};
use throughline_core::catalog::crawl::Order;
use ts_rs::TS;

use super::BuildReport;

/// A song of the catalogue, in the library or not.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct CatalogSong {
    /// Its number in the catalogue.
    #[ts(type = "number")]
    pub song: u64,
    /// Its title.
    pub title: String,
    /// Its artist.
    pub artist: Option<String>,
    /// Its artist's number.
    #[ts(type = "number | null")]
    pub artist_id: Option<u64>,
    /// Its album.
    pub album: Option<String>,
    /// Its main genre.
    pub genre: Option<String>,
    /// Year of release.
    pub year: Option<i32>,
    /// Length of the whole song in seconds.
    pub duration_s: Option<f64>,
    /// Whether it can be heard: without a preview it can be no seed.
    pub has_preview: bool,
    /// The track that it is in this library.
    #[ts(type = "number | null")]
    pub track: Option<i64>,
}

/// What a plan grows around.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CatalogSeed {
    /// Words: the first song that a search finds.
    Text {
        /// The words.
        text: String,
    },
    /// A song.
    Song {
        /// Its number.
        #[ts(type = "number")]
        id: u64,
    },
    /// An artist.
    Artist {
        /// Its number.
        #[ts(type = "number")]
        id: u64,
    },
    /// An artist.
    ArtistName {
        /// Its name.
        name: String,
    },
    /// A genre of the catalogue's list.
    Genre {
        /// Its name, or its number as text.
        name: String,
    },
    /// What is played most.
    Charts,
    /// The artists of the listener's own files, those with most tracks first.
    Own,
}

/// What is asked of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PlanRequest {
    /// What to grow around; the charts where there is nothing.
    pub seeds: Vec<CatalogSeed>,
    /// Stores, country codes of two letters; the first answers everything.
    pub countries: Vec<String>,
    /// Songs wanted.
    pub size: usize,
}

/// What holds a build from the catalogue up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Bottleneck {
    /// The calls that the catalogue allows a minute.
    Calls,
    /// The previews' way through the network.
    Stream,
    /// Decoding and embedding on this machine.
    Embed,
}

/// A plan, explained before it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Plan {
    /// What is ordered; it goes back as it came.
    #[ts(type = "unknown")]
    pub order: Order,
    /// Its seeds, in words.
    pub seeds: Vec<String>,
    /// Calls that it takes.
    pub calls: usize,
    /// Songs that it brings.
    pub songs: usize,
    /// Gigabytes that stream through and are not kept.
    pub gigabytes: f64,
    /// Minutes that the calls take.
    pub call_minutes: f64,
    /// Minutes that the previews take to stream.
    pub stream_minutes: f64,
    /// Minutes of decoding and embedding on this device.
    pub embed_minutes: f64,
    /// Minutes in all; the stages run side by side.
    pub minutes: f64,
    /// Which of them is the limit.
    pub limit: Bottleneck,
    /// The model that embeds, as it is shown.
    pub model: String,
    /// Clips of 30 s that it embeds a second here, from a short measurement.
    pub clips_per_s: f64,
}

/// How the crawl of a build from the catalogue is getting on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct Crawling {
    /// Calls answered.
    pub calls: usize,
    /// Calls still to come, as it looks now; 0 when the crawl is done.
    pub calls_left: usize,
    /// Songs found that are wanted.
    pub wanted: usize,
    /// Songs that were ordered.
    pub size: usize,
    /// Why nothing moves at present, in a sentence, as in “The network is not reachable; …”.
    pub paused: Option<String>,
    /// Seconds until it is tried again.
    pub wait_s: Option<f64>,
}

/// A name and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Count {
    /// The name: a genre, a stable name of a reason.
    pub name: String,
    /// The same in words, for people.
    pub words: String,
    /// How often.
    pub count: usize,
}

/// What the library has of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct CatalogReport {
    /// Songs that are known, wanted or not.
    pub known: usize,
    /// Songs that were wanted.
    pub wanted: usize,
    /// Songs with vectors: tracks of the library.
    pub tracks: usize,
    /// Songs that are still to be fetched and embedded.
    pub pending: usize,
    /// Songs that could not be had.
    pub failed: usize,
    /// Songs whose previews are gone.
    pub gone: usize,
    /// Tracks of the listener's own files.
    pub own: usize,
    /// Songs that were wanted, by what brought them, most first.
    pub sources: Vec<SourceCount>,
    /// Tracks of each genre, most first.
    pub genres: Vec<Count>,
    /// Songs left out, by reason, most first.
    pub dropped: Vec<Count>,
    /// Failures, by reason, most first.
    pub failures: Vec<Count>,
    /// Tracks of each artist, most first, at most 200 artists.
    pub artists: Vec<ArtistCount>,
    /// Calls that were given up, and what they were about.
    pub skipped: Vec<SkippedCall>,
    /// How long each stage was busy in all builds of the order that was built last; empty before any.
    pub stages: Vec<Stage>,
    /// Limits on previews, for the next build.
    pub previews: PreviewLimits,
    /// Whether connections are named for this run, by a variable or an option: what the library keeps waits.
    pub connections_named: bool,
    /// The same for bytes a second.
    pub bytes_named: bool,
    /// Bytes of the pictures that are kept.
    #[ts(type = "number")]
    pub artwork_bytes: u64,
    /// Bytes of pictures that are kept at most.
    #[ts(type = "number")]
    pub artwork_limit: u64,
    /// Whether a build was begun and not finished.
    pub unfinished: bool,
}

/// Limits on the streaming of previews.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewLimits {
    /// Previews in flight at once, 1 to 16.
    pub connections: usize,
    /// Bytes a second of all previews together, 1,000 at least; `None` for as fast as they come.
    #[ts(type = "number | null")]
    pub bytes_per_s: Option<u64>,
}

/// What became of the songs that one thing brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SourceCount {
    /// A stable name, as in `chart`.
    pub name: String,
    /// The same in words, as in “charts”.
    pub words: String,
    /// Songs that were wanted of it.
    pub wanted: usize,
    /// Of these, tracks of the library.
    pub ready: usize,
    /// Of these, songs that could not be had, those whose previews are gone included.
    pub failed: usize,
}

/// Tracks of an artist of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ArtistCount {
    /// Its number in the catalogue.
    #[ts(type = "number")]
    pub id: u64,
    /// Its name.
    pub name: String,
    /// How many of its songs are tracks of the library.
    pub count: usize,
}

/// A call that was given up: what it would have brought is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SkippedCall {
    /// What was asked for, as in “songs of Miles Davis”.
    pub words: String,
    /// Why it was given up, in a sentence.
    pub reason: String,
}

/// A stage of a build from the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StageName {
    /// Asking the catalogue, the waits for the limit on calls and between tries included; not those for a lost
    /// network.
    Crawl,
    /// Streaming previews, the waits for the limit on bytes included; not those for decoders, for a lost network
    /// or for a host that refuses.
    Fetch,
    /// Decoding, resampling and preparing the model's input.
    Decode,
    /// The model.
    Embed,
    /// Writing to the library.
    Store,
}

/// How long a stage was busy.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Stage {
    /// The stage.
    pub name: StageName,
    /// The same in words, as in “streaming previews”.
    pub words: String,
    /// Seconds that it was busy, summed over what it does side by side.
    pub seconds: f64,
    /// Whether it was busiest, for as many as it does side by side: what held the build up.
    pub busiest: bool,
}

/// What became of the dead links that were looked up anew, and of the build that went on after that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, TS)]
pub struct Refreshed {
    /// Songs with dead links that the catalogue was asked for.
    pub looked: usize,
    /// Of these, songs that have a link again.
    pub back: usize,
    /// Of these, songs that have none.
    pub gone: usize,
    /// The build that fetched what is back.
    #[serde(flatten)]
    pub build: BuildReport,
}
