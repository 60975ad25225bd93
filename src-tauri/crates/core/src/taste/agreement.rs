//! Agreement: how many seeds lead to a candidate.

/// Share of the library that is a seed's neighbourhood.
const SHARE: usize = 100;

/// Tracks of the smallest and of the largest neighbourhood: as many as hub terms look at, and a tenth of
/// the candidates that are held, so that the whole of it is among them for ten seeds.
const TRACKS: [usize; 2] = [super::hubs::NEIGHBOURS, 500];

/// How many tracks are a seed's neighbourhood in a library of `tracks`: one in a hundred, 20 at least and
/// 500 at most.
pub fn neighbourhood(tracks: usize) -> usize {
    (tracks / SHARE).clamp(TRACKS[0], TRACKS[1])
}

/// The least hub-corrected similarity to a seed in its neighbourhood of `size` tracks, out of its
/// similarities to candidates that hold all of them; −∞ where there are fewer, and all are in it.
///
/// Hub-corrected, since by the plain cosine a hub would be in every seed's neighbourhood.
pub fn reach(similarity: &[f32], size: usize) -> f32 {
    if size == 0 || similarity.len() < size {
        return f32::NEG_INFINITY;
    }
    let mut values = similarity.to_vec();
    let (_, value, _) = values.select_nth_unstable_by(size - 1, |a, b| b.total_cmp(a));
    *value
}

/// How many of the seeds lead to a candidate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Seeds in whose neighbourhood it is.
    pub seeds: usize,
    /// All seeds.
    pub of: usize,
}

/// The agreement of seeds, each with its similarity to the candidate and its [`reach`].
pub fn agreement(seeds: impl IntoIterator<Item = (f32, f32)>) -> Agreement {
    let mut agreement = Agreement::default();
    for (similarity, reach) in seeds {
        agreement.of += 1;
        agreement.seeds += usize::from(similarity >= reach);
    }
    agreement
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_neighbourhood_has_its_size(
            values in prop::collection::vec(-4.0_f32..4.0, 1..100),
            size in 1..50_usize,
        ) {
            let mut distinct = values.clone();
            distinct.sort_by(f32::total_cmp);
            distinct.dedup();
            prop_assume!(distinct.len() == values.len());
            let reach = reach(&values, size);
            let within = values.iter().filter(|&&value| value >= reach).count();
            prop_assert_eq!(within, size.min(values.len()));
        }
    }

    #[test]
    fn neighbourhoods_grow_with_the_library() {
        assert_eq!(neighbourhood(0), 20);
        assert_eq!(neighbourhood(16_000), 160);
        assert_eq!(neighbourhood(1_000_000), 500);
    }

    #[test]
    fn agreement_counts_the_seeds_that_reach() {
        let found = agreement([(0.5, 0.4), (0.4, 0.4), (0.1, 0.4), (f32::NAN, 0.4)]);
        assert_eq!(found, Agreement { seeds: 2, of: 4 });
    }
}
