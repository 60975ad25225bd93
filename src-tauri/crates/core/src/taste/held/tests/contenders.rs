//! What stays of what was considered.

use super::*;

/// A pool of the first `first` candidates with two anchors.
fn begun(library: &Library, first: usize) -> Held {
    let candidates = library.candidates();
    let mut held = Held::new(DIMENSION, candidates.len(), 0.5);
    held.extend(None, candidates.into_iter().take(first));
    (0..2).for_each(|track| library.anchor(&mut held, track));
    held
}

proptest! {
    #[test]
    fn what_was_let_go_of_was_never_there(
        library in library(60),
        first in 2..40_usize,
        kept in prop::collection::vec(any::<bool>(), 60),
    ) {
        let all = library.candidates();
        let first = first.min(all.len());
        let places: Vec<usize> = (first..all.len()).filter(|&place| kept[place]).collect();
        let mut held = begun(&library, first);
        held.extend(Some(TrackId(1)), all.iter().copied());
        held.keep(first, &places);
        let mut other = begun(&library, first);
        other.extend(Some(TrackId(1)), places.iter().map(|&place| all[place]));
        prop_assert_eq!(held.ids(), other.ids());
        for anchor in [TrackId(0), TrackId(1)] {
            prop_assert_eq!(held.similarity(anchor), other.similarity(anchor));
        }
        let of = |held: &Held| list(held, &[seed(0), seed(1)], &[], Knobs::default(), 20);
        prop_assert_eq!(of(&held), of(&other));
        // They may come again, each once.
        held.extend(Some(TrackId(1)), all.iter().copied());
        let mut again = held.ids().to_vec();
        again.sort_unstable();
        again.dedup();
        prop_assert_eq!(again.len(), all.len());
    }
}

#[test]
fn contenders_are_the_best_and_no_more_than_a_thousand() {
    let library = Library::drawn(3_000, 5);
    let candidates = library.candidates();
    let mut held = Held::new(library.vectors[0].len(), candidates.len(), 0.5);
    held.extend(None, candidates[..100].iter().copied());
    library.anchor(&mut held, 0);
    held.extend(Some(TrackId(0)), candidates.iter().copied());
    let best = list(&held, &[seed(0)], &[], Knobs::default(), 50);
    let begun = (Knobs::default(), 50);
    let places = over(&held, &[seed(0)], &[], begun, |ask| {
        held.contenders(ask, 100)
    });
    assert!((900..=1_000).contains(&places.len()), "{}", places.len());
    assert!(places.iter().all(|&place| place >= 100));
    held.keep(100, &places);
    let after = list(&held, &[seed(0)], &[], Knobs::default(), 50);
    assert_eq!(ids(&after), ids(&best), "none of the list was let go of");
}
