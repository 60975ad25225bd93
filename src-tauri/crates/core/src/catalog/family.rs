//! Versions of one song: known by title, first artist and length, before anything is heard.

use std::collections::HashMap;

use super::{Song, SongId};
use crate::versions::{Name, first_artist, words};

/// Seconds by which the lengths of one recording differ at most, from one release to the next.
const SAME_LENGTH_S: f64 = 3.0;

/// Families of versions. Each is known by the song that founded it.
#[derive(Clone, Debug, Default)]
pub struct Families {
    by_key: HashMap<(String, String), Family>,
}

/// What a song is to the families that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// The first of its family.
    New,
    /// Another of a family.
    Version {
        /// The song that founded the family.
        of: SongId,
        /// Whether it is a recording that the family has already: none that calls itself another, as
        /// a live cut or a remix does, and as long within 3 s.
        same_recording: bool,
    },
}

#[derive(Clone, Debug)]
struct Family {
    founder: SongId,
    recordings: Vec<Recording>,
}

/// What tells recordings of one song apart.
#[derive(Clone, Debug, PartialEq)]
struct Recording {
    /// What it calls itself, as in "live at the dome"; empty for the plain one.
    called: String,
    duration_s: Option<f64>,
}

impl Families {
    /// What `song` would be.
    pub fn find(&self, song: &Song) -> Folded {
        let (Some(key), recording) = key(song) else {
            return Folded::New;
        };
        match self.by_key.get(&key) {
            None => Folded::New,
            Some(family) if family.founder == song.id => Folded::New,
            Some(family) => Folded::Version {
                of: family.founder,
                same_recording: family.recordings.iter().any(|other| other.is(&recording)),
            },
        }
    }

    /// What `song` is; it becomes one of its family. A song without an artist has none.
    pub fn fold(&mut self, song: &Song) -> Folded {
        let folded = self.find(song);
        if let (Some(key), recording) = key(song) {
            let family = self.by_key.entry(key).or_insert_with(|| Family {
                founder: song.id,
                recordings: Vec::new(),
            });
            if !family.recordings.contains(&recording) {
                family.recordings.push(recording);
            }
        }
        folded
    }
}

impl Recording {
    fn is(&self, other: &Self) -> bool {
        let as_long = match (self.duration_s, other.duration_s) {
            (Some(a), Some(b)) => (a - b).abs() <= SAME_LENGTH_S,
            _ => false,
        };
        as_long && self.called == other.called
    }
}

/// The key of a song's family, if it can have one, and which recording of it the song is.
fn key(song: &Song) -> (Option<(String, String)>, Recording) {
    let name = Name::of(&song.title, song.artist.as_deref());
    let recording = Recording {
        called: name.called,
        duration_s: song.duration_s,
    };
    (name.song, recording)
}

/// The name that songs of one artist share, however its guests are listed.
pub(super) fn artist_key(song: &Song) -> Option<String> {
    song.artist.as_deref().map(first_artist)
}

/// Whether `name` names the artist of `song`.
pub(super) fn is_by(song: &Song, name: &str) -> bool {
    song.artist.as_deref().is_some_and(|artist| {
        words(artist) == words(name) || first_artist(artist) == first_artist(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn song(id: u64, title: &str, artist: &str, duration_s: f64) -> Song {
        Song {
            id: SongId(id),
            title: title.into(),
            artist: Some(artist.into()),
            artist_id: None,
            album: None,
            album_id: None,
            genre: None,
            year: None,
            duration_s: Some(duration_s),
            preview: None,
            artwork: None,
            page: None,
        }
    }

    /// What the second is to the first, by title, artist and length: a version, and the same recording?
    fn second(title: &str, artist: &str, duration_s: f64) -> Option<bool> {
        let mut families = Families::default();
        assert_eq!(families.fold(&song(1, "Stay", "Ann", 200.0)), Folded::New);
        match families.fold(&song(2, title, artist, duration_s)) {
            Folded::New => None,
            Folded::Version { of, same_recording } => {
                assert_eq!(of, SongId(1));
                Some(same_recording)
            }
        }
    }

    #[test]
    fn versions_are_one_family() {
        for (title, artist, duration_s, same) in [
            ("Stay", "Ann", 202.9, true),
            ("STAY (2011 Remaster)", "Ann", 201.0, true),
            ("Stay - Remastered 2011", "Ann", 199.0, true),
            ("Stay (feat. Bob)", "Ann", 200.0, true),
            ("Stay feat. Bob", "Ann & Bob", 200.0, true),
            ("Stay (Deluxe Edition)", "Ann feat. Bob", 200.0, true),
            ("Stay (Radio Edit)", "Ann", 160.0, false),
            ("Stay", "Ann", 204.0, false),
            ("Stay (Live)", "Ann", 200.0, false),
            (
                "Stay (Live at the Dome) [2011 Remaster]",
                "Ann",
                200.0,
                false,
            ),
            ("Stay (Bob Remix)", "Ann", 200.0, false),
            ("Stay (Ann's Version)", "Ann", 200.0, false),
            ("Stay - Acoustic", "The Ann", 200.0, false),
        ] {
            assert_eq!(
                second(title, artist, duration_s),
                Some(same),
                "{title} · {artist}"
            );
        }
    }

    #[test]
    fn other_songs_are_not() {
        for (title, artist) in [
            ("Stay", "Bob"),
            ("Stay, Pt. 2", "Ann"),
            ("Stay (Part II)", "Ann"),
            ("Stay (I Missed You)", "Ann"),
            ("Stay (Live and Let Die)", "Ann"),
            ("Stay Away", "Ann"),
            ("(Please) Stay", "Ann"),
        ] {
            assert_eq!(second(title, artist, 200.0), None, "{title} · {artist}");
        }
    }

    #[test]
    fn a_song_is_no_version_of_itself() {
        let mut families = Families::default();
        let stay = song(1, "Stay", "Ann", 200.0);
        assert_eq!(
            (families.fold(&stay), families.fold(&stay)),
            (Folded::New, Folded::New)
        );
    }

    #[test]
    fn two_live_cuts_of_one_length_are_one_recording() {
        let mut families = Families::default();
        families.fold(&song(1, "Stay", "Ann", 200.0));
        families.fold(&song(2, "Stay (Live)", "Ann", 260.0));
        let again = families.fold(&song(3, "Stay - Live", "Ann", 261.0));
        assert_eq!(
            again,
            Folded::Version {
                of: SongId(1),
                same_recording: true
            }
        );
    }

    #[test]
    fn songs_of_nobody_are_no_family() {
        let mut families = Families::default();
        for id in 0..2 {
            let nobodys = Song {
                artist: None,
                ..song(id, "Stay", "", 200.0)
            };
            assert_eq!(families.fold(&nobodys), Folded::New);
        }
    }
}
