//! What can be typed.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use throughline_app::core::embedding::{Pooling, Reading, WindowCount};
use throughline_app::{DeviceChoice, DeviceError, DeviceRequest, PrecisionChoice, Verdict};

mod evaluate;
mod similar;
mod throughline;

pub use evaluate::Evaluate;
pub use similar::{Family, Limits, Owned, Similar};
pub use throughline::{Between, Throughline};

/// Finds music by how it sounds: the journeys of Throughline without a window.
#[derive(Debug, Parser)]
#[command(name = "throughline-cli", version)]
pub struct Cli {
    /// Folder of the library [default: where the window keeps its own]
    #[arg(long, global = true, value_name = "DIR")]
    pub library: Option<PathBuf>,
    /// Answer in JSON, for machines
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// A journey, or a question about the library.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a library of a music folder or from the catalogue, or bring it up to date
    Build(Build),
    /// Plan a library from the catalogue, look at what came of it, try the catalogue out
    #[command(subcommand)]
    Catalog(Catalog),
    /// List tracks
    Tracks {
        /// Only those whose title, artist, album or path has these words
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
    },
    /// List the tracks that sound like the seeds
    Similar(Similar),
    /// Set or take back a thumb
    Rate {
        /// Track id, as in `tracks`
        id: i64,
        /// The thumb
        #[arg(value_parser = verdict)]
        verdict: Verdict,
        /// Throughline it belongs to [default: the open one]
        #[arg(long, value_name = "NAME")]
        throughline: Option<String>,
    },
    /// List, show, name, export and import throughlines
    #[command(subcommand)]
    Throughline(Throughline),
    /// List what lies between two tracks, in order
    Path(Between),
    /// Write the raw features of files, one row each, as a float32 array (.npy)
    Embed(Embed),
    /// Try every layer and window count of a model on labelled tracks of your own
    Sweep(Sweep),
    /// Measure how well the library ranks labelled tracks, and how well it learns from thumbs
    Evaluate(Evaluate),
    /// Set the model that the library is to use; the next build embeds what lacks its vectors
    Use(Use),
    /// List the files that could not be used, and why
    Failures,
    /// List, fetch, import, check and remove the models that embed
    #[command(subcommand)]
    Model(Model),
    /// Say what is installed and whether the library is sound
    Doctor(DeviceArgs),
    /// Save what can be read of a damaged library into a new one; the damaged file is kept beside it
    Salvage,
    /// Render the demo collection, build a library from it, and show a throughline
    Demo {
        /// Folder for the demo pieces [default: beside the library]
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
        #[command(flatten)]
        device: DeviceArgs,
    },
}

/// Arguments of `build`.
#[derive(Debug, Args)]
pub struct Build {
    /// Music folder
    #[arg(long, value_name = "PATH", required_unless_present = "catalog")]
    pub folder: Option<PathBuf>,
    /// Plan of a build from the catalogue, as `catalog plan` wrote it; one that was begun goes on
    #[arg(long, value_name = "PLAN.json", conflicts_with = "folder")]
    pub catalog: Option<PathBuf>,
    #[command(flatten)]
    pub store: StoreArgs,
    #[command(flatten)]
    pub previews: PreviewArgs,
    /// Try again the files and songs that failed before, and the calls that were given up
    #[arg(long)]
    pub retry_failed: bool,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// How previews are streamed.
#[derive(Clone, Copy, Debug, Args)]
pub struct PreviewArgs {
    /// Previews in flight at once [default: `THROUGHLINE_CATALOG_CONNECTIONS`, else what the library keeps, else 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub connections: Option<u16>,
    /// Bytes a second of all previews together [default: `THROUGHLINE_CATALOG_BYTES`, else what the library keeps, else no limit]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub bytes_per_second: Option<u64>,
}

/// Where the catalogue is.
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// Address of the catalogue [default: `THROUGHLINE_CATALOG_URL`, else Apple's]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
}

/// What to do with the catalogue.
#[derive(Debug, Subcommand)]
pub enum Catalog {
    /// Explain what a build from the catalogue would take; nothing is asked of it
    Plan(Plan),
    /// Make one polite call of each kind, and say where the answers differ from what is understood
    Check {
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Say what the library has of the catalogue, what was left out, and what failed
    Report,
    /// Find songs in the catalogue, with one call
    Search {
        /// Words of title, artist or album
        text: String,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Go on with the build that was begun last, and with songs that wait
    Resume {
        #[command(flatten)]
        tending: Tending,
    },
    /// Grow the library around tracks of it
    Grow {
        /// Track id, as in `tracks`
        #[arg(required = true, value_name = "ID")]
        tracks: Vec<i64>,
        /// Songs more
        #[arg(long, default_value_t = 200)]
        songs: usize,
        #[command(flatten)]
        tending: Tending,
    },
    /// Ask for the calls that were given up and the songs that failed once more, and go on
    Retry {
        #[command(flatten)]
        tending: Tending,
    },
    /// Look for the previews that are gone, and go on
    Refresh {
        #[command(flatten)]
        tending: Tending,
    },
    /// Take the catalogue's songs of a genre or an artist that are known now off the list, for good
    Remove {
        /// Name of the genre, as in `catalog report`
        #[arg(long, value_name = "NAME", required_unless_present = "artist")]
        genre: Option<String>,
        /// Number of the artist in the catalogue
        #[arg(long, value_name = "ID", conflicts_with = "genre")]
        artist: Option<u64>,
    },
}

/// How a library is tended: where the catalogue is, and what embeds.
#[derive(Debug, Args)]
pub struct Tending {
    #[command(flatten)]
    pub store: StoreArgs,
    #[command(flatten)]
    pub previews: PreviewArgs,
    #[command(flatten)]
    pub device: DeviceArgs,
}

impl Catalog {
    /// The address that was named.
    pub fn base_url(&self) -> Option<&str> {
        let store = match self {
            Self::Plan(Plan { store, .. }) | Self::Check { store } | Self::Search { store, .. } => {
                store
            }
            Self::Resume { tending }
            | Self::Retry { tending }
            | Self::Grow { tending, .. }
            | Self::Refresh { tending } => &tending.store,
            Self::Report | Self::Remove { .. } => return None,
        };
        store.base_url.as_deref()
    }

    /// How previews are streamed, for commands that do.
    pub fn previews(&self) -> Option<PreviewArgs> {
        match self {
            Self::Resume { tending }
            | Self::Retry { tending }
            | Self::Grow { tending, .. }
            | Self::Refresh { tending } => Some(tending.previews),
            _ => None,
        }
    }

    /// What embeds, for commands that do.
    pub fn device(&self) -> Option<DeviceArgs> {
        match self {
            Self::Plan(plan) => Some(plan.device),
            Self::Resume { tending }
            | Self::Retry { tending }
            | Self::Grow { tending, .. }
            | Self::Refresh { tending } => Some(tending.device),
            Self::Check { .. } | Self::Search { .. } | Self::Report | Self::Remove { .. } => None,
        }
    }
}

/// Arguments of `catalog plan`.
#[derive(Debug, Args)]
pub struct Plan {
    /// Words that find a song, or its number; may be given several times
    #[arg(long = "seed", value_name = "TEXT|ID")]
    pub seeds: Vec<String>,
    /// Name or number of an artist; may be given several times
    #[arg(long = "artist", value_name = "NAME|ID")]
    pub artists: Vec<String>,
    /// Name or number of a genre; may be given several times
    #[arg(long = "genre", value_name = "NAME|ID")]
    pub genres: Vec<String>,
    /// Grow around what is played most
    #[arg(long)]
    pub charts: bool,
    /// Grow around the artists of the library's own files
    #[arg(long)]
    pub own: bool,
    /// Store to ask, as in us or de; the first answers everything [default: us]
    #[arg(long = "country", value_name = "CC")]
    pub countries: Vec<String>,
    /// Songs wanted
    #[arg(long, value_name = "N")]
    pub size: usize,
    /// Where to write the plan, for `build --catalog`
    #[arg(long, value_name = "PLAN.json")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub store: StoreArgs,
    #[command(flatten)]
    pub device: DeviceArgs,
}

/// Arguments of `use`.
#[derive(Debug, Args)]
pub struct Use {
    /// Model
    #[arg(value_name = "ID", value_parser = MODELS)]
    pub model: String,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// Arguments of `embed`.
#[derive(Debug, Args)]
pub struct Embed {
    /// Audio files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Where to write the array
    #[arg(long, value_name = "FILE.npy")]
    pub out: PathBuf,
    #[command(flatten)]
    pub reading: ReadingArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Arguments of `sweep`.
#[derive(Debug, Args)]
pub struct Sweep {
    /// Model, as in `model list`
    #[arg(long, value_name = "ID", value_parser = MODELS)]
    pub model: String,
    /// Table of labels: an absolute path, a tab and a label a line
    #[arg(long, value_name = "FILE.tsv")]
    pub labels: PathBuf,
    /// Layers to try, as in 0-12 [default: all]
    #[arg(long, value_name = "FIRST-LAST", value_parser = layers)]
    pub layers: Option<RangeInclusive<usize>>,
    #[command(flatten)]
    pub device: DeviceArgs,
    /// Folder for table, plot and what was heard [default: sweep-ID]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// What to do with the models on this machine.
#[derive(Debug, Subcommand)]
pub enum Model {
    /// List the models, what they are good for, and which are here
    List,
    /// Fetch a model's published files, or what is missing of them
    Fetch(Fetch),
    /// Take a checkpoint from a file of your own
    Import {
        /// Checkpoint
        file: PathBuf,
        /// Model that it is of, as in `model list`
        #[arg(long, value_name = "ID")]
        model: String,
        /// Statistics of its training set, as JSON [default: the published ones]
        #[arg(long, value_name = "FILE")]
        stats: Option<PathBuf>,
    },
    /// Read a model's files through and compare them with what they were
    Verify {
        /// Model, as in `model list`
        id: String,
    },
    /// Delete a model's files from this machine
    Remove {
        /// Model, as in `model list`
        id: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// Arguments of `model fetch`.
#[derive(Debug, Args)]
pub struct Fetch {
    /// Model, as in `model list`
    pub id: String,
    /// Accept the licence of its weights, which `model list` names, without being asked
    #[arg(long)]
    pub accept_licence: bool,
    /// Address of the hub or of a mirror [default: `HF_ENDPOINT`, else <https://huggingface.co>]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Address of a proxy, or “none” [default: as the system says]
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,
}

/// Which model, on which device.
#[derive(Debug, Args)]
pub struct EngineArgs {
    /// Model [default: the library's own]
    #[arg(long, value_name = "ID", value_parser = MODELS)]
    pub model: Option<String>,
    #[command(flatten)]
    pub device: DeviceArgs,
}

/// Where models run, and in which numbers.
#[derive(Clone, Copy, Debug, Args)]
pub struct DeviceArgs {
    /// Device that embeds: auto, cpu, cuda, or cuda:N for card N
    #[arg(long, default_value = "auto", value_parser = device)]
    pub device: DeviceChoice,
    /// Numbers that musicfm and muq are computed in: auto (f16 on a card, f32 on the processor), f32,
    /// f16 or bf16
    #[arg(long, default_value = "auto", value_parser = precision)]
    pub precision: PrecisionChoice,
}

impl DeviceArgs {
    /// The processor: what embeds nothing wakes no card.
    pub fn processor() -> Self {
        Self {
            device: DeviceChoice::Cpu,
            precision: PrecisionChoice::Auto,
        }
    }
}

impl From<DeviceArgs> for DeviceRequest {
    fn from(args: DeviceArgs) -> Self {
        Self {
            device: args.device,
            precision: args.precision,
        }
    }
}

/// What is taken of a foundation model; musicnn has nothing to choose.
#[derive(Clone, Copy, Debug, Args)]
pub struct ReadingArgs {
    /// Layer to read
    #[arg(long, value_name = "N")]
    pub layer: Option<usize>,
    /// How its frames become one vector: mean or mean+std
    #[arg(long, value_name = "HOW")]
    pub pooling: Option<Pooling>,
    /// Windows of a track that are heard: 1, 3 or all
    #[arg(long, value_name = "N")]
    pub windows: Option<WindowCount>,
}

impl ReadingArgs {
    /// Whether anything was chosen.
    pub fn any(self) -> bool {
        self.layer.is_some() || self.pooling.is_some() || self.windows.is_some()
    }

    /// `reading` with what was chosen.
    pub fn over(self, reading: Reading) -> Reading {
        Reading {
            layer: self.layer.unwrap_or(reading.layer),
            pooling: self.pooling.unwrap_or(reading.pooling),
            windows: self.windows.unwrap_or(reading.windows),
        }
    }
}

/// The models there are.
const MODELS: [&str; 4] = ["musicnn", "musicfm-msd", "musicfm-fma", "muq"];

fn device(word: &str) -> Result<DeviceChoice, String> {
    word.parse().map_err(|error: DeviceError| error.to_string())
}

fn precision(word: &str) -> Result<PrecisionChoice, String> {
    word.parse().map_err(|error: DeviceError| error.to_string())
}

/// One layer or a range of them.
fn layers(words: &str) -> Result<RangeInclusive<usize>, String> {
    let (first, last) = words.split_once('-').unwrap_or((words, words));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) if first <= last => Ok(first..=last),
        _ => Err("say one layer, as in 7, or the first and the last, as in 0-12".to_owned()),
    }
}

fn verdict(word: &str) -> Result<Verdict, String> {
    match word {
        "up" => Ok(Verdict::Up),
        "down" => Ok(Verdict::Down),
        "clear" => Ok(Verdict::Clear),
        _ => Err("choose up, down or clear".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Cli::command().debug_assert();
    }

    #[test]
    fn layers_are_one_or_a_range() {
        assert_eq!(super::layers("7"), Ok(7..=7));
        assert_eq!(super::layers("0-12"), Ok(0..=12));
        for wrong in ["", "-", "3-1", "1-2-3", "all", "-1"] {
            assert!(super::layers(wrong).is_err(), "{wrong:?}");
        }
    }
}
