//! The catalogue as plain facts: its songs, what can be asked of it, and what it answers.
//!
//! Source: the fields and calls of Apple's iTunes Search API, archived documentation.

use serde::{Deserialize, Serialize};

use crate::track::Tags;

pub mod crawl;
pub mod estimate;
pub mod family;
pub mod pollution;
mod title;

/// The catalogue's number of a song (`trackId`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SongId(pub u64);

/// The catalogue's number of an artist (`artistId`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArtistId(pub u64);

/// The catalogue's number of an album (`collectionId`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AlbumId(pub u64);

/// The catalogue's number of a genre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GenreId(pub u32);

/// A store of the catalogue: an ISO 3166-1 country of two letters, in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// A song as the catalogue tells of it. Only its number and its title are sure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Song {
    /// Its number.
    pub id: SongId,
    /// Its title.
    pub title: String,
    /// Its artist's name.
    pub artist: Option<String>,
    /// Its artist's number.
    pub artist_id: Option<ArtistId>,
    /// Its album's title.
    pub album: Option<String>,
    /// Its album's number.
    pub album_id: Option<AlbumId>,
    /// Its main genre's name.
    pub genre: Option<String>,
    /// Year of release.
    pub year: Option<i32>,
    /// Length of the whole song in seconds.
    pub duration_s: Option<f64>,
    /// Where its preview streams from.
    pub preview: Option<String>,
    /// Where a small picture of its album is.
    pub artwork: Option<String>,
    /// Its page in the store.
    pub page: Option<String>,
}

impl Song {
    /// What the tags of a file of this song would say.
    pub fn tags(&self) -> Tags {
        Tags {
            title: Some(self.title.clone()),
            artist: self.artist.clone(),
            album: self.album.clone(),
            year: self.year,
            genre: self.genre.clone(),
        }
    }
}

/// An artist as the catalogue tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artist {
    /// Its number.
    pub id: ArtistId,
    /// Its name.
    pub name: String,
    /// Its main genre's name.
    pub genre: Option<String>,
}

/// An album as the catalogue tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Album {
    /// Its number.
    pub id: AlbumId,
    /// Its title.
    pub title: String,
    /// Its artist's number.
    pub artist_id: Option<ArtistId>,
    /// How many songs it has.
    pub songs: Option<u32>,
}

/// One call of the catalogue. Its JSON is what is remembered of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum Call {
    /// Search for songs.
    Search {
        /// The words.
        term: String,
        /// What the words must be in.
        within: Within,
        /// Rows at most, `1..=200`.
        limit: u32,
    },
    /// Songs by their numbers.
    Songs {
        /// Numbers, at most 150 a call.
        ids: Vec<SongId>,
    },
    /// Songs of artists, the newest or most popular up to 200 each call.
    ArtistSongs {
        /// The artist.
        artist: ArtistId,
    },
    /// Albums of an artist.
    ArtistAlbums {
        /// The artist.
        artist: ArtistId,
    },
    /// Songs of an album.
    AlbumSongs {
        /// The album.
        album: AlbumId,
    },
    /// The most played or best sold songs.
    Chart {
        /// Of this genre alone.
        genre: Option<GenreId>,
    },
}

impl Call {
    /// Whether an answer without any row cannot be true: who is asked for was met in an earlier answer, and
    /// charts are never empty. A search may find nothing, and numbers may be of songs that are gone.
    pub fn must_have_rows(&self) -> bool {
        match self {
            Self::Search { .. } | Self::Songs { .. } => false,
            Self::ArtistSongs { .. }
            | Self::ArtistAlbums { .. }
            | Self::AlbumSongs { .. }
            | Self::Chart { .. } => true,
        }
    }
}

impl Answer {
    /// Whether it has no row of any kind, readable or not.
    pub fn has_no_rows(&self) -> bool {
        let Self {
            songs,
            artists,
            albums,
            unreadable,
            refused_links: _,
        } = self;
        songs.is_empty() && artists.is_empty() && albums.is_empty() && *unreadable == 0
    }
}

/// What the words of a search must be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// Anything.
    Anything,
    /// The artist's name.
    Artist,
    /// The title.
    Title,
    /// The genre.
    Genre,
}

/// A call and the store that it is asked of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Question {
    /// The store.
    pub country: Country,
    /// The call.
    #[serde(flatten)]
    pub call: Call,
}

/// What a call brought. A call that was refused has no answer: this is never made of a refusal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Songs, in the catalogue's order.
    pub songs: Vec<Song>,
    /// Artists, in the catalogue's order.
    pub artists: Vec<Artist>,
    /// Albums, in the catalogue's order.
    pub albums: Vec<Album>,
    /// Rows that had no number or no title, or were of a kind that nobody asked for.
    pub unreadable: usize,
    /// Links that lead where none may, and were left out of their songs.
    #[serde(default)]
    pub refused_links: usize,
}

/// What is no country of two letters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no country code of two letters, as in us or de")]
pub struct NoCountry(pub String);

impl Country {
    /// The United States, the catalogue's default.
    pub const US: Self = Self(*b"us");

    /// Its code, as in `us`.
    pub fn code(&self) -> &str {
        // Made of ASCII letters alone.
        std::str::from_utf8(&self.0).unwrap_or("us")
    }
}

impl std::str::FromStr for Country {
    type Err = NoCountry;

    fn from_str(text: &str) -> Result<Self, NoCountry> {
        match *text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Self([a.to_ascii_lowercase(), b.to_ascii_lowercase()]))
            }
            _ => Err(NoCountry(text.to_owned())),
        }
    }
}

impl std::fmt::Display for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Country {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Genres that plans are made of, with the names that the catalogue's songs carry.
///
/// Source: genre ids of the store, as listed in its archived genre appendix.
pub const GENRES: [(GenreId, &str); 20] = [
    (GenreId(2), "Blues"),
    (GenreId(4), "Children's"),
    (GenreId(5), "Classical"),
    (GenreId(6), "Country"),
    (GenreId(7), "Electronic"),
    (GenreId(10), "Singer/Songwriter"),
    (GenreId(11), "Jazz"),
    (GenreId(12), "Latin"),
    (GenreId(13), "New Age"),
    (GenreId(14), "Pop"),
    (GenreId(15), "R&B/Soul"),
    (GenreId(16), "Soundtrack"),
    (GenreId(17), "Dance"),
    (GenreId(18), "Hip-Hop/Rap"),
    (GenreId(19), "World"),
    (GenreId(20), "Alternative"),
    (GenreId(21), "Rock"),
    (GenreId(22), "Christian & Gospel"),
    (GenreId(24), "Reggae"),
    (GenreId(1153), "Metal"),
];
