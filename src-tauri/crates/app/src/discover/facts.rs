//! What limits ask of tracks: names as numbers, and the listener's wishes in them.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;

use throughline_core::taste::limits::{Facts, Limits, Owned, PER_ARTIST};
use throughline_core::taste::{TagStats, shared_tags};
use throughline_core::track::TrackId;
use throughline_core::versions::is_artist;
use throughline_library::{Track, Version};

/// What the listener wants in a list, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Wishes {
    /// Rows that an artist may have at most; `None` for any number.
    pub per_artist: Option<usize>,
    /// Rows that an album may have at most.
    pub per_album: Option<usize>,
    /// Whether versions of one song take one row.
    pub fold_families: bool,
    /// By whose they are.
    pub owned: Owned,
    /// Genres, one of which a track must have; none for any.
    pub genres: Vec<String>,
    /// Years of release.
    pub years: Option<RangeInclusive<i32>>,
    /// Lengths in seconds.
    pub seconds: Option<RangeInclusive<f32>>,
    /// Tags, all of which must stand out in a track.
    pub tags: Vec<String>,
    /// Artists that are left out.
    pub without_artists: Vec<String>,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            per_artist: Some(PER_ARTIST),
            per_album: Some(PER_ARTIST),
            fold_families: true,
            owned: Owned::Any,
            genres: Vec::new(),
            years: None,
            seconds: None,
            tags: Vec::new(),
            without_artists: Vec::new(),
        }
    }
}

impl Wishes {
    /// Whether they leave out tracks for what they are, beside single artists: perhaps nearly all of them.
    pub(crate) fn are_narrow(&self) -> bool {
        self.owned != Owned::Any
            || !(self.genres.is_empty() && self.tags.is_empty())
            || self.years.is_some()
            || self.seconds.is_some()
    }
}

/// What is known of the tracks of a library beside their sound.
pub(crate) struct FactBook {
    facts: HashMap<TrackId, Facts>,
    names: Names,
    families: HashMap<TrackId, Vec<TrackId>>,
    family_of: HashMap<TrackId, TrackId>,
}

impl FactBook {
    /// The facts of `tracks`, with their `versions` and the probabilities of their `tags`.
    pub fn of(
        tracks: &[Track],
        versions: &[Version],
        tags: &HashMap<TrackId, Vec<f32>>,
        stats: TagStats<'_>,
    ) -> Self {
        let mut families: HashMap<TrackId, Vec<TrackId>> = HashMap::new();
        let mut family_of = HashMap::new();
        for version in versions {
            let family = families
                .entry(version.family)
                .or_insert_with(|| vec![version.family]);
            family.push(version.track);
            family_of.insert(version.track, version.family);
            family_of.insert(version.family, version.family);
        }
        let mut names = Names::default();
        let facts = tracks
            .iter()
            .map(|track| {
                // What stands where no name is known is not one artist, nor one album.
                let artist = track.tags.artist.as_deref();
                let artist = artist.filter(|name| is_artist(name));
                let artist = artist.map(|name| names.of(name));
                let album = track.tags.album.as_deref();
                let album =
                    album.filter(|name| !NO_ALBUMS.contains(&name.trim().to_lowercase().as_str()));
                let stands_out = |own: &Vec<f32>| shared_tags(own, &[own.as_slice()], stats);
                let family = family_of.get(&track.id).unwrap_or(&track.id);
                let facts = Facts {
                    artist,
                    album: album.map(|album| names.of(&format!("{artist:?}\n{album}"))),
                    family: Some(names.of(&format!("family\n{family}"))),
                    genre: track.tags.genre.as_deref().map(|name| names.of(name)),
                    year: track.tags.year,
                    seconds: Some(track.duration_s as f32),
                    owned: track.path.is_some(),
                    tags: tags
                        .get(&track.id)
                        .map(stands_out)
                        .unwrap_or_default()
                        .into_iter()
                        .filter_map(|tag| u16::try_from(tag).ok())
                        .collect(),
                };
                (track.id, facts)
            })
            .collect();
        Self {
            facts,
            names,
            families,
            family_of,
        }
    }

    /// What is known of a track of the library.
    pub fn find(&self, track: TrackId) -> Option<&Facts> {
        self.facts.get(&track)
    }

    /// The same; nothing where it is not in the library.
    pub fn get(&self, track: TrackId) -> Facts {
        self.find(track).cloned().unwrap_or_default()
    }

    /// The tracks of the family of `track`, that one included, the one that stands for it first.
    pub fn family(&self, track: TrackId) -> Vec<TrackId> {
        let family = self.family_of.get(&track);
        family
            .and_then(|family| self.families.get(family))
            .cloned()
            .unwrap_or_else(|| vec![track])
    }

    /// `wishes` as limits, without the families of `without`. What the library knows no name of, no track
    /// has.
    pub fn limits(
        &self,
        wishes: &Wishes,
        tag_names: &[String],
        without: impl IntoIterator<Item = TrackId>,
    ) -> Limits {
        let numbers = |names: &[String]| -> BTreeSet<u32> {
            names.iter().map(|name| self.names.known(name)).collect()
        };
        let places = |name: &String| {
            let place = tag_names
                .iter()
                .position(|tag| tag.eq_ignore_ascii_case(name));
            place
                .and_then(|place| u16::try_from(place).ok())
                .unwrap_or(u16::MAX)
        };
        Limits {
            per_artist: wishes.per_artist,
            per_album: wishes.per_album,
            fold_families: wishes.fold_families,
            owned: wishes.owned,
            genres: numbers(&wishes.genres),
            years: wishes.years.clone(),
            seconds: wishes.seconds.clone(),
            tags: wishes.tags.iter().map(places).collect(),
            without_artists: numbers(&wishes.without_artists),
            without_families: without
                .into_iter()
                .filter_map(|track| self.facts.get(&track)?.family)
                .collect(),
        }
    }
}

/// What stands where no album is known.
const NO_ALBUMS: [&str; 2] = ["", "unknown album"];

/// A number for every name, whatever its case.
#[derive(Default)]
struct Names(HashMap<String, u32>);

/// The number of a name that nothing has.
const NOBODY: u32 = u32::MAX;

impl Names {
    fn of(&mut self, name: &str) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(NOBODY - 1);
        *self.0.entry(name.trim().to_lowercase()).or_insert(next)
    }

    fn known(&self, name: &str) -> u32 {
        self.0
            .get(&name.trim().to_lowercase())
            .copied()
            .unwrap_or(NOBODY)
    }
}

#[cfg(test)]
mod tests {
    use throughline_core::track::Tags;
    use throughline_core::versions::{Evidence, Kind, Kinship};
    use throughline_library::Status;

    use super::*;

    fn track(id: i64, artist: &str, genre: &str) -> Track {
        Track {
            id: TrackId(id),
            path: None,
            song: None,
            tags: Tags {
                artist: Some(artist.to_owned()),
                album: Some("Skies".to_owned()),
                genre: Some(genre.to_owned()),
                ..Tags::default()
            },
            duration_s: 100.0,
            status: Status::Ready,
        }
    }

    fn book() -> FactBook {
        let tracks = [
            track(1, "Ann", "Jazz"),
            track(2, "ann ", "Folk"),
            track(3, "Bob", "Folk"),
        ];
        let live = Version {
            track: TrackId(2),
            family: TrackId(1),
            kinship: Kinship {
                kind: Kind::Live,
                evidence: Evidence::Name,
            },
        };
        let stats = TagStats {
            mean: &[],
            std: &[],
        };
        FactBook::of(&tracks, &[live], &HashMap::new(), stats)
    }

    #[test]
    fn names_are_the_same_in_any_case_and_albums_belong_to_artists() {
        let book = book();
        let [ann, other, bob] = [1, 2, 3].map(|id| book.get(TrackId(id)));
        assert_eq!(ann.artist, other.artist);
        assert_eq!(ann.album, other.album);
        assert_ne!(
            ann.album, bob.album,
            "two artists' albums of one name are two"
        );
        assert_eq!((ann.family, ann.owned), (other.family, false));
        assert_eq!(book.family(TrackId(2)), [TrackId(1), TrackId(2)]);
        assert_eq!(book.family(TrackId(3)), [TrackId(3)]);
    }

    #[test]
    fn what_stands_for_no_name_is_nobodys() {
        let nameless = ["", " ", "Unknown Artist", "Various Artists"];
        let mut tracks: Vec<Track> = (1..)
            .zip(nameless)
            .map(|(id, artist)| track(id, artist, ""))
            .collect();
        tracks[0].tags.album = Some(" ".to_owned());
        tracks[1].tags.album = Some("Unknown Album".to_owned());
        let stats = TagStats {
            mean: &[],
            std: &[],
        };
        let book = FactBook::of(&tracks, &[], &HashMap::new(), stats);
        for (id, name) in (1..).zip(nameless) {
            let facts = book.get(TrackId(id));
            assert_eq!(facts.artist, None, "{name:?} is no artist");
            assert_eq!(facts.album.is_some(), id > 2, "of {name:?}");
        }
    }

    #[test]
    fn wishes_in_words_admit_what_they_name() {
        let book = book();
        let admitted = |wishes: Wishes| -> Vec<i64> {
            let limits = book.limits(&wishes, &[], []);
            [1, 2, 3]
                .into_iter()
                .filter(|&id| limits.admits(&book.get(TrackId(id))))
                .collect()
        };
        let of = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(admitted(Wishes::default()), [1, 2, 3]);
        assert_eq!(
            admitted(Wishes {
                genres: of(&["folk"]),
                ..Wishes::default()
            }),
            [2, 3]
        );
        assert_eq!(
            admitted(Wishes {
                genres: of(&["polka"]),
                ..Wishes::default()
            }),
            [0; 0]
        );
        assert_eq!(
            admitted(Wishes {
                without_artists: of(&["ANN"]),
                ..Wishes::default()
            }),
            [3]
        );
        assert_eq!(
            admitted(Wishes {
                tags: of(&["slow"]),
                ..Wishes::default()
            }),
            [0; 0]
        );
    }
}
