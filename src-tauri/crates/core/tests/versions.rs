//! Copies of real songs, changed as releases and rips change them, and the songs that are most alike.
//!
//! The fixture holds, of every kind of change, one of the copies that agree least with their song, and the
//! pairs of different songs that agree most; `tests/reference/README.md` says how it was made.

use std::path::PathBuf;

use throughline_core::versions::{Agreement, Evidence, Kind, Track, families};

#[path = "../examples/version_families/dump.rs"]
#[expect(
    dead_code,
    reason = "which half a song is in matters to the example alone"
)]
mod dump;

use dump::Copy;

fn copies() -> Vec<Copy> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/versions");
    dump::read(&folder).expect("the fixture lies in tests/fixtures/versions")
}

/// Every pair of `n` tracks.
fn pairs(n: usize) -> Vec<(usize, usize)> {
    (0..n).flat_map(|a| (0..a).map(move |b| (a, b))).collect()
}

#[test]
fn copies_without_tags_are_found_and_songs_kept_apart() {
    let copies = copies();
    let tracks: Vec<Track<'_>> = copies
        .iter()
        .zip(0..)
        .map(|(copy, id)| copy.untagged(id))
        .collect();
    let windows = |place: usize| Some(copies[place].windows.clone());
    let found = families(&tracks, &pairs(tracks.len()), windows);
    for (a, b) in pairs(copies.len()) {
        let is_joined = found[a].family == found[b].family;
        let (one, other) = (&copies[a], &copies[b]);
        assert_eq!(
            is_joined,
            one.song == other.song,
            "{} {} and {} {}",
            one.song,
            one.kind,
            other.song,
            other.kind
        );
    }
    for kinship in found.iter().filter_map(|member| member.kinship) {
        assert_eq!(kinship.kind, Kind::SameRecording);
        assert_eq!(kinship.evidence, Evidence::Sound);
    }
}

#[test]
fn likeness_alone_would_not_tell_them_apart() {
    let copies = copies();
    let (mut likeness, mut score) = (Spread::NONE, Spread::NONE);
    for (a, b) in pairs(copies.len()) {
        let (one, other) = (&copies[a], &copies[b]);
        // Tracks of other lengths are never compared.
        let as_long = (one.seconds - other.seconds).abs() <= 8.0;
        let with_original = [one, other].iter().any(|copy| copy.kind == "original");
        if !as_long || !with_original {
            continue;
        }
        if let Some(agreement) = Agreement::of(&one.windows, &other.windows) {
            likeness.add(one.song == other.song, agreement.likeness);
            score.add(one.song == other.song, agreement.score());
        }
    }
    assert!(
        likeness.most_other > likeness.least_same,
        "or the course is not needed: {likeness:?}"
    );
    assert!(
        score.most_other < score.least_same,
        "likeness and course together tell: {score:?}"
    );
}

/// How far a figure's values reach.
#[derive(Debug)]
struct Spread {
    /// Least between copies of one song.
    least_same: f32,
    /// Most between different songs.
    most_other: f32,
}

impl Spread {
    const NONE: Self = Self {
        least_same: f32::INFINITY,
        most_other: f32::NEG_INFINITY,
    };

    fn add(&mut self, is_same: bool, value: f32) {
        if is_same {
            self.least_same = self.least_same.min(value);
        } else {
            self.most_other = self.most_other.max(value);
        }
    }
}

#[test]
fn a_cut_lead_in_is_the_shift_that_is_found() {
    let copies = copies();
    let mut seen = 0;
    for copy in &copies {
        let Some(cut_s) = copy
            .kind
            .strip_prefix("shift-")
            .and_then(|s| s.parse::<f64>().ok())
        else {
            continue;
        };
        let original = copies
            .iter()
            .find(|other| other.song == copy.song && other.kind == "original")
            .expect("every song is there as it is");
        let found = Agreement::of(&original.windows, &copy.windows).expect("both are long");
        // In long tracks windows are spread over what is left, so that the shift wanes towards the end.
        assert!(
            (-cut_s - 0.5..0.0).contains(&found.shift_s),
            "{} {}: {} s",
            copy.song,
            copy.kind,
            found.shift_s
        );
        seen += 1;
    }
    assert!(seen >= 3, "copies with a cut lead-in: {seen}");
}
