//! Versions: which tracks are one recording or one song, so that a list shows one row a family and
//! keeps the others one step away.
//!
//! Two kinds of evidence are weighed (`kinship`). *Names*: title and first artist, after what names a
//! version was taken from the title (`name`). *Sound*: whether both sound the same at the same times, by
//! the vectors of their windows (`agreement`); one vector a track cannot tell, since songs of one album
//! come as near as .95 and one song 6 dB lower as far as .73. In doubt two tracks stay apart: a song
//! that comes twice is a smaller evil than one that is gone.

use crate::track::TrackId;

mod agreement;
mod family;
mod kinship;
mod name;
mod title;

pub use agreement::{Agreement, Windows};
pub use family::{Member, families, families_watched};
pub use kinship::{Evidence, Kind, Kinship};
pub(crate) use name::Name;
pub use name::is_artist;
pub(crate) use title::{Title, first_artist, has, words};

/// What is known of a track before it is heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Track<'a> {
    /// The track.
    pub id: TrackId,
    /// Its title, as its tags or the catalogue have it. A file's name is no title.
    pub title: Option<&'a str>,
    /// Its artist's name.
    pub artist: Option<&'a str>,
    /// Its album's title.
    pub album: Option<&'a str>,
    /// Length of the whole recording in seconds, also where only a preview of it was heard.
    pub duration_s: Option<f64>,
    /// Whether the listener has it as a file; else its windows are those of a preview.
    pub owned: bool,
}
