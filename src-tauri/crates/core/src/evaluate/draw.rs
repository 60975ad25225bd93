//! Draws that a seed determines: `SplitMix64` (Steele, Lea & Flood, OOPSLA 2014).

/// A sequence of draws.
#[derive(Clone, Debug)]
pub(super) struct Draw(u64);

impl Draw {
    /// The sequence number `stream` of `seed`; different streams have nothing to do with one another.
    pub(super) fn of(seed: u64, stream: u64) -> Self {
        let mut start = Self(seed);
        let base = start.next();
        Self(base ^ Self(stream).next())
    }

    /// The next 64 bits.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// One of `0..bound`; 0 where there is nothing to choose.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        // The bias of a remainder of 64 bits is far below anything a mean over listeners could show.
        usize::try_from(self.next() % (bound.max(1) as u64)).unwrap_or(0)
    }

    /// Whether something of this `probability` happens.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        ((self.next() >> 11) as f64) < probability * (1_u64 << 53) as f64
    }

    /// Puts `items` in an order of chance (Fisher & Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_even_and_come_out_the_same_again() {
        let mut counts = [0_u32; 5];
        let (mut draw, mut again) = (Draw::of(7, 1), Draw::of(7, 1));
        let mut happened = 0;
        for _ in 0..10_000 {
            let drawn = draw.below(5);
            counts[drawn] += 1;
            assert_eq!(drawn, again.below(5), "a seed determines its draws");
            happened += u32::from(Draw::happens(&mut draw, 0.1));
            again.happens(0.1);
        }
        assert!(
            counts.iter().all(|count| (1_800..2_200).contains(count)),
            "{counts:?}"
        );
        assert!((900..1_100).contains(&happened), "{happened}");
        assert_ne!(
            Draw::of(7, 1).next(),
            Draw::of(7, 2).next(),
            "streams differ"
        );
    }

    #[test]
    fn shuffling_keeps_every_item() {
        let mut items: Vec<usize> = (0..50).collect();
        Draw::of(3, 3).shuffle(&mut items);
        assert_ne!(
            items,
            (0..50).collect::<Vec<_>>(),
            "fifty items hardly stay in place"
        );
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
        assert_eq!(Draw::of(0, 0).below(0), 0, "nothing to choose");
    }
}
