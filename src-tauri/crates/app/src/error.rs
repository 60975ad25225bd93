//! What can go wrong in a journey, with a code that a face acts on and words for a person.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use throughline_audio::AudioError;
use throughline_catalog::CatalogError;
use throughline_core::embedding::{EmbedError, SpaceError};
use throughline_core::throughline_file::FileError;
use throughline_library::LibraryError;
use throughline_models::device::DeviceError;
use throughline_models::musicnn::LoadError;

use crate::rate::MOST_SEEDS;
use crate::view;

/// A result whose error is an [`AppError`].
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// Why a journey stopped. Single bad files never do this: they are [`view::Failure`]s.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// No track has vectors yet.
    #[error("the library has no tracks yet: add a music folder first")]
    NoTracks,
    /// No such track in this library.
    #[error("there is no track {0} in this library")]
    UnknownTrack(i64),
    /// No such song in the catalogue.
    #[error("the catalogue has no song {0} any more: search for it again")]
    UnknownSong(u64),
    /// A song of which the catalogue has nothing to be heard.
    #[error("there is no preview of “{0}” in the catalogue: choose another version of it")]
    NoPreview(String),
    /// The track's vectors are not there yet.
    #[error("track {0} has not been analysed yet: build the library first")]
    NotAnalysed(i64),
    /// The seeds have no common direction to look in.
    #[error("there is no direction to look in between these seeds: add another, or take one away")]
    NoThread,
    /// More seeds than a throughline takes.
    #[error("{0} seeds are more than the {MOST_SEEDS} that a throughline takes: choose fewer")]
    TooManySeeds(usize),
    /// There is no library where one was to be asked.
    #[error("there is no library in {}: build one there first", .0.display())]
    NoLibrary(PathBuf),
    /// There is no throughline of that name.
    #[error("there is no throughline called “{0}”: rate a track in it first")]
    NoThroughline(String),
    /// Nothing was said in a throughline that a new one could begin with.
    #[error("nothing was said in that throughline by then: choose a later time")]
    NothingSaid,
    /// A file of a throughline that cannot be read or written.
    #[error("the file cannot be used: {0}")]
    ThroughlineFile(#[from] FileError),
    /// A file that was to be a seed could not be used.
    #[error("{}: {reason}", path.display())]
    UnreadableAudio {
        /// The file.
        path: PathBuf,
        /// Why, and what to do.
        reason: String,
    },
    /// The track's file is gone.
    #[error("{} is not there: reconnect its disk, or build again if it was moved", .0.display())]
    FileMissing(PathBuf),
    /// The folder to build from is gone, or empty where it was not.
    #[error(
        "the folder {} is not there, or was emptied: reconnect its disk or choose another folder",
        .0.display()
    )]
    FolderGone(PathBuf),
    /// A build is under way already, in this process or in another on the same library.
    #[error("a build is under way, here or in another program: wait for it or cancel it")]
    Building,
    /// There is no build to cancel.
    #[error("no build is under way")]
    NotBuilding,
    /// Nothing has been done that could be undone.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// There is no sound device, or it does not work.
    #[error("there is no sound: {0}")]
    NoSound(String),
    /// There is no model of that name.
    #[error("there is no model called “{0}”")]
    UnknownModel(String),
    /// The model is part of the program and has no files.
    #[error("{0} is built in: there are no files of it to import or remove")]
    BuiltIn(&'static str),
    /// A model's file is not what it was, or never was one.
    #[error("{name} cannot be used: {reason}")]
    ModelDamaged {
        /// The model.
        name: &'static str,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// Somebody else is writing the model's files.
    #[error("{0} is being fetched, imported or checked: wait for that, or cancel it")]
    ModelInUse(&'static str),
    /// A model was to be fetched whose licence nobody has accepted.
    #[error("the licence of {name} ({licence}) has not been accepted: read it at {url}")]
    LicenceNotAccepted {
        /// The model.
        name: &'static str,
        /// Name of the licence.
        licence: &'static str,
        /// Where it can be read.
        url: &'static str,
    },
    /// A model could not be fetched.
    #[error("{name} could not be fetched: {reason}")]
    Network {
        /// The model.
        name: &'static str,
        /// Why, and what to do.
        reason: String,
    },
    /// The server will not give the model's files.
    #[error("{name} could not be fetched: {reason}")]
    FetchRefused {
        /// The model.
        name: &'static str,
        /// Why, and what to do.
        reason: String,
    },
    /// The disk has no room for what was to be written.
    #[error(
        "{} more are needed in {}, and {} are free there: make room and try again",
        megabytes(*needed), folder.display(), megabytes(*available)
    )]
    DiskFull {
        /// Where it was to be written.
        folder: PathBuf,
        /// Bytes that are needed, those that are to stay free included.
        needed: u64,
        /// Bytes that there are.
        available: u64,
    },
    /// The model's files are not on this machine.
    #[error("{0} is not on this machine: fetch or import it first")]
    NoModel(String),
    /// The model's files on this machine are not those that made the library's vectors.
    #[error(
        "the {0} on this machine is not the one that this library was built with: build it again"
    )]
    OtherModel(String),
    /// Two models cannot be compared by ear.
    #[error("there is nothing to compare: {0}")]
    NotComparable(String),
    /// The catalogue did not answer.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A newer search took the place of this one before it was asked.
    #[error("a newer search took the place of this one")]
    Superseded,
    /// No limit on previews can be like this.
    #[error("previews cannot be limited like this: {0}")]
    NoLimit(&'static str),
    /// There is nothing of the catalogue to go on with.
    #[error("there is no build from the catalogue to go on with: plan one first")]
    NothingToResume,
    /// A plan cannot be made of what was asked for.
    #[error("there is no plan for this: {0}")]
    NoPlan(String),
    /// The library refused.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The device cannot be had.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The embedded model does not load.
    #[error("the model does not load: {0}")]
    Model(#[from] LoadError),
    /// Stored vectors do not fit the library's statistics.
    #[error("stored vectors do not fit the library's statistics ({0}): build again")]
    Space(#[from] SpaceError),
    /// The file system refused.
    #[error("{}: {}", path.display(), refused(source))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A defect of the program.
    #[error("something went wrong inside: {0}")]
    Internal(String),
}

/// Every code that an error can have, for the window's table of words and actions.
pub const CODES: [&str; 38] = [
    "no_tracks",
    "unknown_track",
    "not_analysed",
    "no_thread",
    "no_throughline",
    "nothing_said",
    "throughline_file",
    "name_taken",
    "unreadable_audio",
    "file_missing",
    "folder_gone",
    "building",
    "not_building",
    "nothing_to_undo",
    "no_sound",
    "library_newer",
    "library_damaged",
    "library_busy",
    "library_read_only",
    "disk_full",
    "disk_failed",
    "no_library",
    "licence_not_accepted",
    "no_model",
    "model_damaged",
    "model_in_use",
    "network",
    "fetch_refused",
    "not_comparable",
    "offline",
    "catalog_refused",
    "no_preview",
    "superseded",
    "nothing_to_resume",
    "no_plan",
    "no_limit",
    "file_refused",
    "internal",
];

impl AppError {
    /// `path` cannot be a seed.
    pub(crate) fn unreadable(path: &Path, reason: Reason) -> Self {
        Self::UnreadableAudio {
            path: path.to_owned(),
            reason: reason.words,
        }
    }

    /// Stable name of the error, one of [`CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoTracks => "no_tracks",
            Self::UnknownTrack(_) | Self::UnknownSong(_) => "unknown_track",
            Self::NoPreview(_) | Self::Catalog(CatalogError::Gone) => "no_preview",
            Self::NotAnalysed(_) => "not_analysed",
            Self::NoThread | Self::TooManySeeds(_) => "no_thread",
            Self::NoThroughline(_) => "no_throughline",
            Self::NothingSaid => "nothing_said",
            Self::ThroughlineFile(_) => "throughline_file",
            Self::Library(LibraryError::NameTaken(_)) => "name_taken",
            Self::NoLibrary(_) => "no_library",
            Self::UnreadableAudio { .. } => "unreadable_audio",
            Self::FileMissing(_) => "file_missing",
            Self::FolderGone(_) => "folder_gone",
            Self::Building => "building",
            Self::NotBuilding => "not_building",
            Self::NothingToUndo => "nothing_to_undo",
            Self::NoSound(_) => "no_sound",
            Self::UnknownModel(_) | Self::BuiltIn(_) | Self::NoModel(_) | Self::OtherModel(_) => {
                "no_model"
            }
            Self::ModelDamaged { .. } => "model_damaged",
            Self::ModelInUse(_) => "model_in_use",
            Self::LicenceNotAccepted { .. } => "licence_not_accepted",
            Self::FetchRefused { .. } => "fetch_refused",
            Self::NotComparable(_) => "not_comparable",
            Self::Catalog(CatalogError::Offline { .. }) => "offline",
            Self::Catalog(CatalogError::Refused { .. }) => "catalog_refused",
            Self::Superseded => "superseded",
            Self::NothingToResume => "nothing_to_resume",
            Self::NoPlan(_) => "no_plan",
            Self::NoLimit(_) => "no_limit",
            Self::Library(LibraryError::Newer { .. }) => "library_newer",
            Self::Library(LibraryError::Damaged { .. } | LibraryError::Row { .. }) => {
                "library_damaged"
            }
            Self::Library(LibraryError::Disk(_)) => "disk_failed",
            Self::Library(LibraryError::Full) | Self::DiskFull { .. } => "disk_full",
            Self::Library(LibraryError::Busy) => "library_busy",
            Self::Library(LibraryError::ReadOnly | LibraryError::Folder { .. }) => {
                "library_read_only"
            }
            Self::Io { source, .. } => match source.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "disk_full",
                _ => "file_refused",
            },
            Self::Catalog(
                CatalogError::Passing { .. }
                | CatalogError::Unexpected { .. }
                | CatalogError::NoRows
                | CatalogError::RefusedLink { .. },
            )
            | Self::Network { .. } => "network",
            Self::Catalog(CatalogError::Settings(_) | CatalogError::Limit { .. })
            | Self::Library(_)
            | Self::Device(_)
            | Self::Model(_)
            | Self::Space(_)
            | Self::Internal(_) => "internal",
        }
    }
}

/// What the file system said, in plain words where it often says so.
fn refused(source: &std::io::Error) -> String {
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk is full: make room and try again".to_owned()
        }
        ErrorKind::PermissionDenied => "it is not yours to read or write".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "it lies on a disk that cannot be written".to_owned(),
        ErrorKind::NotFound => "it is not there, or its folder is not".to_owned(),
        _ => source.to_string(),
    }
}

/// `bytes` for people, in powers of ten as disks and downloads are sold.
fn megabytes(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / 1e6)
}

impl From<AppError> for view::ApiError {
    fn from(error: AppError) -> Self {
        Self {
            code: error.code().to_owned(),
            message: error.to_string(),
        }
    }
}

/// Why one file could not be embedded: a stable code and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Stable name, kept in the library.
    pub code: &'static str,
    /// The reason for a person.
    pub words: String,
}

/// Code of a preview that did not come in spite of patience.
pub(crate) const NOT_FETCHED: &str = "not_fetched";

impl Reason {
    /// Not one window of the model fits into the file.
    pub(crate) fn too_short() -> Self {
        Self {
            code: "too_short",
            words: "too short to be heard: not one window of the model fits into it".to_owned(),
        }
    }

    /// The model's answer for the file is of no use.
    pub(crate) fn model_failed(error: &impl std::fmt::Display) -> Self {
        Self {
            code: "model_failed",
            words: error.to_string(),
        }
    }

    /// A decoder came to a halt on the file.
    pub(crate) fn decoder_broke() -> Self {
        Self {
            code: "damaged",
            words: "the decoder broke on this file".to_owned(),
        }
    }

    /// A decoder goes round and round in the file.
    pub(crate) fn stalled() -> Self {
        Self {
            code: "stalled",
            words: "the decoder got stuck in this file".to_owned(),
        }
    }

    /// The file system does not give the file's bytes.
    pub(crate) fn unanswered() -> Self {
        Self {
            code: "unreadable",
            words: "the file cannot be read: its disk does not answer".to_owned(),
        }
    }

    /// The catalogue has no such preview any more.
    pub(crate) fn gone() -> Self {
        Self {
            code: throughline_library::GONE,
            words: throughline_library::GONE_WORDS.to_owned(),
        }
    }

    /// The preview did not come, and nothing says that it never will.
    pub(crate) fn not_fetched(error: &CatalogError) -> Self {
        Self {
            code: NOT_FETCHED,
            words: format!("its preview could not be fetched: {error}"),
        }
    }

    /// The preview was refused while others came; what came in its place.
    pub(crate) fn refused(reason: &str) -> Self {
        Self {
            code: "refused",
            words: format!("the store refuses its preview ({reason}), and gives others"),
        }
    }

    /// The preview is nothing that is fetched.
    pub(crate) fn not_fetchable(error: &CatalogError) -> Self {
        Self {
            code: "preview_refused",
            words: error.to_string(),
        }
    }

    /// Whether the file could only not be reached, and says nothing of what is in it: a disk that was
    /// unplugged, a folder without permission.
    pub fn is_passing(&self) -> bool {
        ["not_found", "permission_denied", "unreadable", NOT_FETCHED].contains(&self.code)
    }
}

impl From<AudioError> for Reason {
    fn from(error: AudioError) -> Self {
        Self {
            code: error.code(),
            words: error.to_string(),
        }
    }
}

impl From<EmbedError> for Reason {
    fn from(error: EmbedError) -> Self {
        match error {
            EmbedError::TooShort { .. } => Self::too_short(),
            EmbedError::Model(_) => Self::model_failed(&error),
        }
    }
}
