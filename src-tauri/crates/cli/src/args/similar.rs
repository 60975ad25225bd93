//! What can be typed behind `similar`.

use std::ops::RangeInclusive;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::EngineArgs;

/// Arguments of `similar`.
#[derive(Debug, Args)]
pub struct Similar {
    /// Track id or audio file; give it several times for the thread between them [default: the seeds of
    /// the throughline]
    #[arg(
        long = "seed",
        required_unless_present = "throughline",
        num_args = 1..,
        value_name = "ID|FILE"
    )]
    pub seeds: Vec<String>,
    /// What a seed weighs beside the others, 0 to 4; may be given several times
    #[arg(long = "seed-weight", value_name = "ID=W", value_parser = seed_weight)]
    pub weights: Vec<(String, f32)>,
    /// Negative seed: track id or audio file that the list turns away from
    #[arg(long = "negative", value_name = "ID|FILE")]
    pub opposed: Vec<String>,
    /// Rows at most
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
    /// Apply the thumbs of this throughline
    #[arg(long, value_name = "NAME")]
    pub throughline: Option<String>,
    /// One tight pocket of what is liked (0) to all pockets alike (1) [default: as in the throughline]
    #[arg(long, value_name = "0..1", value_parser = share)]
    pub breadth: Option<f32>,
    /// The familiar (0) to the novel (1) [default: as in the throughline]
    #[arg(long, value_name = "0..1", value_parser = share)]
    pub explore: Option<f32>,
    #[command(flatten)]
    pub limits: Limits,
    /// When the list is asked for, as in 2026-03-01T20:15:00Z: thumbs and plays fade with time
    /// [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    pub now: Option<i64>,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// What a list may hold. A filter leaves out the tracks of which it knows nothing.
#[derive(Debug, Args)]
pub struct Limits {
    /// Rows that an artist may have, 0 for any number [default: 2]
    #[arg(long, value_name = "N")]
    pub per_artist: Option<usize>,
    /// Rows that an album may have, 0 for any number [default: 2]
    #[arg(long, value_name = "N")]
    pub per_album: Option<usize>,
    /// Versions of one song: one row for them, or all
    #[arg(long, value_name = "WHICH", default_value = "fold")]
    pub family: Family,
    /// Only what you own, or only what you do not
    #[arg(long, value_name = "WHICH")]
    pub owned: Option<Owned>,
    /// Genre that a track must have; may be given several times, for one or the other
    #[arg(long = "genre", value_name = "NAME")]
    pub genres: Vec<String>,
    /// Years of release, as in 1968..1974, ..1974 or 1968..
    #[arg(long, value_name = "A..B", value_parser = years)]
    pub years: Option<RangeInclusive<i32>>,
    /// Lengths in seconds, as in 120..300, ..300 or 120..
    #[arg(long, value_name = "A..B", value_parser = seconds)]
    pub seconds: Option<RangeInclusive<f32>>,
    /// Tag that must stand out in a track; may be given several times, for all of them
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// Artist that is left out; may be given several times
    #[arg(long = "without-artist", value_name = "NAME")]
    pub without_artists: Vec<String>,
}

/// What becomes of versions of one song.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Family {
    /// One row for all.
    Fold,
    /// A row each.
    All,
}

/// Whose tracks are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Owned {
    /// Only the listener's own.
    Only,
    /// Only those that are not.
    Hide,
}

/// Weight of a seed at most, as in the window.
const MOST_WEIGHT: f32 = 4.0;

/// A number from 0 to 1.
fn share(word: &str) -> Result<f32, String> {
    let value = word.parse().ok().filter(|x| (0.0..=1.0).contains(x));
    value.ok_or_else(|| "say a number from 0 to 1".to_owned())
}

/// A seed and its weight.
fn seed_weight(words: &str) -> Result<(String, f32), String> {
    let parsed = words.rsplit_once('=').and_then(|(seed, weight)| {
        let weight = weight.parse().ok()?;
        let sound = !seed.is_empty() && (0.0..=MOST_WEIGHT).contains(&weight);
        sound.then(|| (seed.to_owned(), weight))
    });
    parsed.ok_or_else(|| "say a seed and its weight from 0 to 4, as in 12=2".to_owned())
}

fn years(words: &str) -> Result<RangeInclusive<i32>, String> {
    range(words, i32::MIN, i32::MAX)
        .ok_or_else(|| "say the first year and the last, as in 1968..1974".to_owned())
}

fn seconds(words: &str) -> Result<RangeInclusive<f32>, String> {
    range(words, 0.0, f32::INFINITY)
        .filter(|range| *range.start() >= 0.0)
        .ok_or_else(|| "say the least length and the greatest, as in 120..300".to_owned())
}

/// From the first to the last, both included; an end that is left out is open.
fn range<T: FromStr + PartialOrd>(words: &str, least: T, most: T) -> Option<RangeInclusive<T>> {
    let (first, last) = words.split_once("..")?;
    let end = |word: &str, open: T| match word {
        "" => Some(open),
        word => word.parse().ok(),
    };
    let (first, last) = (end(first, least)?, end(last, most)?);
    (first <= last).then_some(first..=last)
}

/// Unix milliseconds of a date and time.
pub(super) fn instant(words: &str) -> Result<i64, String> {
    let instant = OffsetDateTime::parse(words, &Rfc3339)
        .map_err(|error| format!("say a date and a time, as in 2026-03-01T20:15:00Z: {error}"))?;
    i64::try_from(instant.unix_timestamp_nanos() / 1_000_000).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_weights_keep_to_their_ranges() {
        assert_eq!(share("0.25"), Ok(0.25));
        for wrong in ["", "-0.1", "1.01", "NaN", "inf", "half"] {
            assert!(share(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(seed_weight("12=2"), Ok(("12".to_owned(), 2.0)));
        assert_eq!(seed_weight("a=b.mp3=0.5"), Ok(("a=b.mp3".to_owned(), 0.5)));
        for wrong in ["12", "12=", "=1", "12=-1", "12=5", "12=NaN"] {
            assert!(seed_weight(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn ranges_may_be_open_at_an_end() {
        assert_eq!(years("1968..1974"), Ok(1968..=1974));
        assert_eq!(years("1968.."), Ok(1968..=i32::MAX));
        assert_eq!(seconds("..90.5"), Ok(0.0..=90.5));
        for wrong in ["", "1968", "1974..1968", "a..b", "1..2..3"] {
            assert!(years(wrong).is_err(), "{wrong:?}");
        }
        for wrong in ["-1..3", "NaN..3", "3..NaN"] {
            assert!(seconds(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_moment_is_one_whatever_its_zone() {
        assert_eq!(instant("1970-01-01T00:00:01.5Z"), Ok(1500));
        assert_eq!(
            instant("2026-03-01T21:15:00+01:00"),
            instant("2026-03-01T20:15:00Z")
        );
        for wrong in [
            "",
            "now",
            "2026-03-01",
            "2026-13-01T00:00:00Z",
            "2026-03-01T20:15:00",
        ] {
            assert!(instant(wrong).is_err(), "{wrong:?}");
        }
    }
}
