//! What the listener wants in a list, whatever it sounds like: filters, and how often an artist, an album
//! or a recording may come.
//!
//! Limits are applied to candidates in the order of their scores, before the list is spread out, so that
//! a list is as long as it was asked for whenever the library allows.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;

/// Rows that an artist, and an album, may have unless the listener says otherwise.
pub const PER_ARTIST: usize = 2;

/// What limits ask of a candidate. Names are numbers of the caller's, equal where he holds them equal;
/// `None` is unknown, and the unknown are never one and the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Performing artist.
    pub artist: Option<u32>,
    /// Album; two artists' albums of one name are two.
    pub album: Option<u32>,
    /// Versions of one song share a family.
    pub family: Option<u32>,
    /// Genre.
    pub genre: Option<u32>,
    /// Year of release.
    pub year: Option<i32>,
    /// Length in seconds.
    pub seconds: Option<f32>,
    /// Whether the listener has the file, and not a preview alone.
    pub owned: bool,
    /// Tags that the track has.
    pub tags: Vec<u16>,
}

/// Which tracks to show by whose they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Owned {
    /// All.
    #[default]
    Any,
    /// Only what the listener owns.
    Only,
    /// Only what the listener does not own.
    Hide,
}

/// What the listener wants in a list. A filter that is set leaves out what it knows nothing of: a track
/// without a year is in no range of years.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Rows that an artist may have at most; `None` for any number.
    pub per_artist: Option<usize>,
    /// Rows that an album may have at most.
    pub per_album: Option<usize>,
    /// Whether versions of one song take one row, the best of them.
    pub fold_families: bool,
    /// By whose they are.
    pub owned: Owned,
    /// Genres, one of which a track must have; empty for any.
    pub genres: BTreeSet<u32>,
    /// Years of release.
    pub years: Option<RangeInclusive<i32>>,
    /// Lengths in seconds.
    pub seconds: Option<RangeInclusive<f32>>,
    /// Tags, all of which a track must have.
    pub tags: BTreeSet<u16>,
    /// Artists that are left out.
    pub without_artists: BTreeSet<u32>,
    /// Families that are left out: those of the seeds, and of tracks that went down with theirs.
    pub without_families: BTreeSet<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_artist: Some(PER_ARTIST),
            per_album: Some(PER_ARTIST),
            fold_families: true,
            owned: Owned::Any,
            genres: BTreeSet::new(),
            years: None,
            seconds: None,
            tags: BTreeSet::new(),
            without_artists: BTreeSet::new(),
            without_families: BTreeSet::new(),
        }
    }
}

impl Limits {
    /// Whether a track may be in the list at all.
    pub fn admits(&self, facts: &Facts) -> bool {
        let among =
            |set: &BTreeSet<u32>, key: Option<u32>| key.is_some_and(|key| set.contains(&key));
        let owned = match self.owned {
            Owned::Any => true,
            Owned::Only => facts.owned,
            Owned::Hide => !facts.owned,
        };
        owned
            && (self.genres.is_empty() || among(&self.genres, facts.genre))
            && within(self.years.as_ref(), facts.year)
            && within(self.seconds.as_ref(), facts.seconds)
            && self.tags.iter().all(|tag| facts.tags.contains(tag))
            && !among(&self.without_artists, facts.artist)
            && !among(&self.without_families, facts.family)
    }

    /// Counts rows as they are taken, from the best on.
    pub fn count(&self) -> Count<'_> {
        Count {
            limits: self,
            rows: Default::default(),
        }
    }

    /// Artist, album and family of a track, each with how many rows it may have.
    fn counted(&self, facts: &Facts) -> [(Option<u32>, Option<usize>); 3] {
        [
            (facts.artist, self.per_artist),
            (facts.album, self.per_album),
            (facts.family, self.fold_families.then_some(1)),
        ]
    }
}

fn within<T: PartialOrd>(range: Option<&RangeInclusive<T>>, value: Option<T>) -> bool {
    range.is_none_or(|range| value.is_some_and(|value| range.contains(&value)))
}

/// How many rows each artist, album and family has so far.
#[derive(Clone, Debug)]
pub struct Count<'a> {
    limits: &'a Limits,
    /// Of artists, albums and families.
    rows: [HashMap<u32, usize>; 3],
}

impl Count<'_> {
    /// Takes a track that the limits admit, unless its artist, album or family has its rows already.
    ///
    /// Whatever is taken from a sequence keeps every count, in any order and in any part; and no track
    /// that was passed over could be added to what was taken.
    pub fn takes(&mut self, facts: &Facts) -> bool {
        let room = self.has_room(facts);
        if room {
            for (rows, (key, _)) in self.rows.iter_mut().zip(self.limits.counted(facts)) {
                if let Some(key) = key {
                    *rows.entry(key).or_default() += 1;
                }
            }
        }
        room
    }

    /// Whether [`takes`](Self::takes) would take it. What there is no room for now there never will be.
    pub fn has_room(&self, facts: &Facts) -> bool {
        let counted = self.rows.iter().zip(self.limits.counted(facts));
        let mut room = counted.map(|(rows, (key, most))| match (key, most) {
            (Some(key), Some(most)) => rows.get(&key).copied().unwrap_or(0) < most,
            _ => true,
        });
        room.all(|room| room)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn facts() -> impl Strategy<Value = Facts> {
        let key = |n: u32| prop::option::of(0..n);
        (
            key(5),
            key(8),
            key(20),
            key(3),
            prop::option::of(1990..2000_i32),
            any::<bool>(),
        )
            .prop_map(|(artist, album, family, genre, year, owned)| Facts {
                artist,
                album,
                family,
                genre,
                year,
                owned,
                ..Facts::default()
            })
    }

    fn taken<'a>(limits: &Limits, tracks: &'a [Facts]) -> Vec<&'a Facts> {
        let mut count = limits.count();
        tracks
            .iter()
            .filter(|facts| limits.admits(facts) && count.takes(facts))
            .collect()
    }

    fn most<K: Ord>(keys: impl Iterator<Item = Option<K>>) -> usize {
        let mut rows = std::collections::BTreeMap::<K, usize>::new();
        for key in keys.flatten() {
            *rows.entry(key).or_default() += 1;
        }
        rows.into_values().max().unwrap_or(0)
    }

    proptest! {
        #[test]
        fn no_count_is_passed_and_nothing_more_could_be_taken(
            tracks in prop::collection::vec(facts(), 0..60),
            artist in 1..4_usize,
            album in 1..4_usize,
        ) {
            let limits = Limits {
                per_artist: Some(artist),
                per_album: Some(album),
                ..Limits::default()
            };
            let rows = taken(&limits, &tracks);
            prop_assert!(most(rows.iter().map(|row| row.artist)) <= artist);
            prop_assert!(most(rows.iter().map(|row| row.album)) <= album);
            prop_assert!(most(rows.iter().map(|row| row.family)) <= 1);
            let mut count = limits.count();
            prop_assert!(rows.iter().all(|row| count.takes(row)), "a part keeps the counts");
            let left = tracks.iter().filter(|track| !rows.iter().any(|row| std::ptr::eq(*row, *track)));
            for track in left {
                prop_assert!(!count.clone().takes(track), "{track:?} could have been taken");
            }
        }

        #[test]
        fn artists_alone_fill_the_list_as_far_as_can_be(
            tracks in prop::collection::vec(facts(), 0..60),
            artist in 1..4_usize,
        ) {
            let limits = Limits {
                per_artist: Some(artist),
                per_album: None,
                fold_families: false,
                ..Limits::default()
            };
            let unknown = tracks.iter().filter(|track| track.artist.is_none()).count();
            let known: usize = (0..5)
                .map(|key| tracks.iter().filter(|track| track.artist == Some(key)).count().min(artist))
                .sum();
            prop_assert_eq!(taken(&limits, &tracks).len(), unknown + known);
        }

        #[test]
        fn filters_leave_what_they_ask_for(tracks in prop::collection::vec(facts(), 0..60)) {
            let limits = Limits {
                genres: [1].into(),
                years: Some(1993..=1996),
                owned: Owned::Only,
                without_artists: [2].into(),
                without_families: [3].into(),
                ..Limits::default()
            };
            for track in &tracks {
                let wanted = track.genre == Some(1)
                    && matches!(track.year, Some(1993..=1996))
                    && track.owned
                    && track.artist != Some(2)
                    && track.family != Some(3);
                prop_assert_eq!(limits.admits(track), wanted);
            }
        }
    }

    #[test]
    fn tags_lengths_and_ownership_are_asked_for() {
        let track = Facts {
            seconds: Some(200.0),
            tags: vec![1, 4],
            owned: true,
            ..Facts::default()
        };
        let with = |change: fn(&mut Limits)| {
            let mut limits = Limits::default();
            change(&mut limits);
            limits.admits(&track)
        };
        assert!(with(|_| {}));
        assert!(with(|limits| limits.tags = [4].into()));
        assert!(
            !with(|limits| limits.tags = [4, 5].into()),
            "all tags are asked for"
        );
        assert!(with(|limits| limits.seconds = Some(60.0..=300.0)));
        assert!(!with(|limits| limits.seconds = Some(60.0..=f32::NAN)));
        assert!(!with(|limits| limits.owned = Owned::Hide));
        let limits = Limits {
            seconds: Some(0.0..=1e6),
            ..Limits::default()
        };
        assert!(
            !limits.admits(&Facts::default()),
            "a length that is unknown is in no range"
        );
    }
}
