//! How the store misbehaves. Nothing here is left to chance: equal seeds, equal trouble.

use std::time::Duration;

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// 403 without a body, as the catalogue refuses.
    Forbidden,
    /// 429, with a `Retry-After` of one second.
    TooMany,
    /// 500.
    Internal,
    /// 503, with a `Retry-After` of one second.
    Unavailable,
    /// The connection is reset before anything was said.
    Reset,
    /// Half of the answer, and then nothing for as long as the other side waits.
    Stall,
    /// Half of the answer, and then the end.
    Truncated,
    /// 200 without a body.
    Empty,
    /// A page for people, as networks show that want a login.
    Page,
    /// The answer with numbers as text, and fields that nobody knows.
    Types,
    /// JSON of another form.
    Form,
    /// The right form, and no row, where there must be some; elsewhere nothing.
    NoRows,
}

impl Fault {
    /// Every one.
    pub const ALL: [Self; 12] = [
        Self::Forbidden,
        Self::TooMany,
        Self::Internal,
        Self::Unavailable,
        Self::Reset,
        Self::Stall,
        Self::Truncated,
        Self::Empty,
        Self::Page,
        Self::Types,
        Self::Form,
        Self::NoRows,
    ];

    /// Those that can happen to a preview, which is no JSON.
    pub const OF_PREVIEWS: [Self; 9] = [
        Self::Forbidden,
        Self::TooMany,
        Self::Internal,
        Self::Unavailable,
        Self::Reset,
        Self::Stall,
        Self::Truncated,
        Self::Empty,
        Self::Page,
    ];
}

/// Which requests go wrong, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Faults {
    /// Another number, other trouble.
    pub seed: u64,
    /// Part of the requests that go wrong, in `0..=1`.
    pub rate: f64,
    /// What goes wrong with calls.
    pub calls: Vec<Fault>,
    /// What goes wrong with previews.
    pub previews: Vec<Fault>,
    /// Requests that go wrong without an end, by a part of their addresses, before all others.
    pub decided: Vec<(String, Fault)>,
    /// How often in a row the same request goes wrong at most, so that patience is rewarded.
    pub in_a_row: u32,
    /// How long a stalled connection is held at most.
    pub stall: Duration,
}

impl Faults {
    /// None ever.
    pub fn none() -> Self {
        Self::of_kinds(0.0, 0, &[], &[])
    }

    /// Every kind, for the part `rate` of all requests, thrice in a row at most.
    pub fn every(rate: f64, seed: u64) -> Self {
        Self::of_kinds(rate, seed, &Fault::ALL, &Fault::OF_PREVIEWS)
    }

    /// `fault` at every request, without an end.
    pub fn always(fault: Fault) -> Self {
        Self {
            in_a_row: u32::MAX,
            ..Self::of_kinds(1.0, 0, &[fault], &[fault])
        }
    }

    /// `fault` at the first `n` requests for the same, and none after that.
    pub fn first(n: u32, fault: Fault) -> Self {
        Self {
            in_a_row: n,
            ..Self::always(fault)
        }
    }

    fn of_kinds(rate: f64, seed: u64, calls: &[Fault], previews: &[Fault]) -> Self {
        Self {
            seed,
            rate,
            calls: calls.to_vec(),
            previews: previews.to_vec(),
            decided: Vec::new(),
            in_a_row: 3,
            stall: Duration::from_mins(2),
        }
    }

    /// What goes wrong with the `nth` request for `path`, from 0 on; `in_a_row` faulty ones are followed
    /// by a good one at least.
    pub(crate) fn at(&self, path: &str, nth: u32, is_call: bool) -> Option<Fault> {
        if let Some((_, fault)) = self.decided.iter().find(|(part, _)| path.contains(part)) {
            return Some(*fault);
        }
        let kinds = if is_call { &self.calls } else { &self.previews };
        if kinds.is_empty() || !self.is_faulty(path, nth) {
            return None;
        }
        let pick = hash(self.seed ^ 1, path, nth) as usize % kinds.len();
        kinds.get(pick).copied()
    }

    fn is_faulty(&self, path: &str, nth: u32) -> bool {
        if self.rate <= 0.0 {
            return false;
        }
        let drawn = |n| unit(hash(self.seed, path, n)) < self.rate;
        if self.rate >= 1.0 {
            // The same in a row and then peace.
            return nth < self.in_a_row;
        }
        let first = nth.saturating_sub(self.in_a_row);
        drawn(nth) && !(nth >= self.in_a_row && (first..nth).all(drawn))
    }
}

/// What is wrong with a song for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// Nothing.
    Good,
    /// Its preview is not there: 404.
    Gone,
    /// Its preview is no audio.
    Garbage,
    /// It has no link to a preview.
    NoPreview,
    /// Its link leads to another host.
    Elsewhere,
}

/// Which songs something is wrong with for good.
#[derive(Clone, Debug, PartialEq)]
pub struct Fates {
    /// Another number, other songs.
    pub seed: u64,
    /// Part of the songs that something is wrong with, in `0..=1`; each kind as often as the others.
    pub rate: f64,
    /// Songs whose fate was decided by hand, before all others.
    pub decided: Vec<(u64, Fate)>,
}

impl Fates {
    /// Every song is good.
    pub fn none() -> Self {
        Self::every(0.0, 0)
    }

    /// Something is wrong with the part `rate` of the songs.
    pub fn every(rate: f64, seed: u64) -> Self {
        Self {
            seed,
            rate,
            decided: Vec::new(),
        }
    }

    /// The fate of the song of number `id`.
    pub fn of(&self, id: u64) -> Fate {
        const BAD: [Fate; 4] = [Fate::Gone, Fate::Garbage, Fate::NoPreview, Fate::Elsewhere];
        if let Some((_, fate)) = self.decided.iter().find(|(of, _)| *of == id) {
            return *fate;
        }
        let name = id.to_string();
        if unit(hash(self.seed, &name, 0)) < self.rate {
            BAD[hash(self.seed, &name, 1) as usize % BAD.len()]
        } else {
            Fate::Good
        }
    }
}

/// What is wrong with the picture of an album.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPicture {
    /// It is not there: 404.
    Gone,
    /// A page for people comes in its place.
    Page,
    /// It is no picture.
    Garbage,
    /// It is far larger than a small picture is.
    Large,
}

/// FNV-1a over all three, stirred as in `SplitMix64` so that near names come out far apart.
pub(crate) fn hash(seed: u64, text: &str, nth: u32) -> u64 {
    let bytes = seed
        .to_le_bytes()
        .into_iter()
        .chain(text.bytes())
        .chain(nth.to_le_bytes());
    let mut hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// `hash` in `0..1`.
fn unit(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_as_frequent_as_asked_for_repeatable_and_comes_to_an_end() {
        let faults = Faults::every(0.2, 7);
        let at =
            |faults: &Faults, n: u32| faults.at(&format!("/preview/{}.m4a", n / 8), n % 8, false);
        let drawn: Vec<_> = (0..8_000).map(|n| at(&faults, n)).collect();
        let faulty = drawn.iter().flatten().count();
        assert!((1_400..1_800).contains(&faulty), "{faulty} of 8,000");
        for fault in Fault::OF_PREVIEWS {
            assert!(drawn.contains(&Some(fault)), "{fault:?} never comes");
        }
        assert!((0..8_000).all(|n| at(&faults, n) == drawn[n as usize]));
        assert!((0..8_000).any(|n| at(&Faults::every(0.2, 8), n) != drawn[n as usize]));
        let half = Faults::every(0.9, 1);
        for path in ["a", "b", "c"] {
            let run: Vec<_> = (0..100).map(|n| half.at(path, n, true).is_some()).collect();
            assert!(run.windows(4).all(|four| four.contains(&false)), "{path}");
        }
        let first = Faults::first(2, Fault::Reset);
        let run = [0, 1, 2, 3].map(|n| first.at("a", n, true));
        assert_eq!(run, [Some(Fault::Reset), Some(Fault::Reset), None, None]);
    }

    #[test]
    fn fates_are_spread_over_the_songs() {
        let fates = Fates {
            decided: vec![(3, Fate::Gone)],
            ..Fates::every(0.1, 1)
        };
        assert_eq!(fates.of(3), Fate::Gone);
        let bad = (10..2_010).filter(|&id| fates.of(id) != Fate::Good).count();
        assert!((150..250).contains(&bad), "{bad} of 2,000");
        assert!((0..99).all(|id| Fates::none().of(id) == Fate::Good));
    }
}
