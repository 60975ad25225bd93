//! What each part of what is asked does to the rows of a list.

use super::*;
use crate::taste::{Head, Judged, recency};

/// What is asked with a part and without it, and that part of a row.
type Case<'a> = (Ask<'a>, Ask<'a>, fn(&Row) -> f32);

/// All tracks in a list, by id.
fn all(held: &Held, ask: Ask<'_>) -> Vec<Row> {
    let mut rows = held.list(&Ask { rows: 1000, ..ask }, &|_| false);
    rows.sort_by_key(|row| row.id);
    rows
}

/// A head taught by twenty tracks that lie about at random and are anchors of the pool.
fn taught(held: &mut Held) -> (Head, Vec<TrackId>) {
    let others = Library::pockets(10, 1.0, 5);
    let ids: Vec<TrackId> = (1000..).map(TrackId).take(others.vectors.len()).collect();
    for ((id, vector), hub) in ids.iter().zip(&others.vectors).zip(&others.hubs) {
        held.anchor(*id, vector, *hub);
    }
    let tables: Vec<(Vec<f32>, Vec<f32>)> = ids
        .iter()
        .map(|&a| ids.iter().filter_map(|&b| held.between(a, b)).unzip())
        .collect();
    let judged: Vec<Judged<'_>> = tables
        .iter()
        .enumerate()
        .map(|(at, (cosine, similarity))| Judged {
            liked: at % 3 == 0,
            thumb: true,
            weight: 1.0,
            similarity,
            cosine,
        })
        .collect();
    (Head::fit(&judged).expect("twenty thumbs are enough"), ids)
}

proptest! {
    #[test]
    fn taking_a_part_away_changes_the_score_by_it(library in library(40), knobs in knobs()) {
        let mut held = library.held();
        (0..4).for_each(|track| library.anchor(&mut held, track));
        let n = library.vectors.len();
        let (head, judged) = taught(&mut held);
        let fatigue: Vec<f32> = (0..n).map(|x| (x % 3) as f32 / 3.0).collect();
        let facts = vec![Facts::default(); n];
        let limits = Limits::default();
        let whole = Ask {
            likes: &[seed(0), Voice { pocket: 1, ..seed(1) }],
            dislikes: &[seed(2)],
            heard: &[seed(3)],
            head: Some(Learnt { head: &head, judged: &judged }),
            fatigue: Some(&fatigue),
            knobs,
            limits: &limits,
            facts: &facts,
            rows: n,
        };
        // Novelty looks at the dislikes too, so that these are taken away without exploring.
        let still = Ask { knobs: Knobs { explore: 0.0, ..knobs }, ..whole };
        let cases: [Case<'_>; 5] = [
            (still, Ask { head: None, ..still }, |row| row.why.parts.head),
            (whole, Ask { head: None, ..whole }, |row| row.why.parts.head + row.why.parts.uncertainty),
            (whole, Ask { fatigue: None, ..whole }, |row| row.why.parts.fatigue),
            (whole, still, |row| row.why.parts.novelty + row.why.parts.uncertainty),
            (still, Ask { dislikes: &[], ..still }, |row| row.why.parts.dislikes),
        ];
        for (number, (with, without, part)) in cases.into_iter().enumerate() {
            let (with, without) = (all(&held, with), all(&held, without));
            for a in &with {
                // Beyond the floor of one list a track may be in the other alone.
                let Some(b) = without.iter().find(|b| b.id == a.id) else { continue };
                let change = a.why.parts.total() - b.why.parts.total();
                prop_assert!((change - part(a)).abs() < 1e-4, "case {}: {} and {}", number, change, part(a));
            }
            prop_assert!(with.len() == n && without.len() == n, "every track is listed");
            let exploring = number > 0 && number < 4 && knobs.explore > 0.0;
            prop_assert!(!exploring || with.iter().any(|row| row.why.parts.uncertainty > 0.0));
        }
    }

    #[test]
    fn a_newer_like_weighs_more(library in library(40), events in 1..500_u32, days in 0.1_f32..300.0) {
        let mut held = library.held();
        (0..2).for_each(|track| library.anchor(&mut held, track));
        let shares = |weight| -> Vec<f32> {
            let likes = [seed(0), Voice { weight, ..seed(1) }];
            let mut rows = list(&held, &likes, &[], Knobs::default(), 40);
            rows.sort_by_key(|row| row.id);
            let of = |row: &Row| row.why.anchors.iter().find(|share| share.id == TrackId(1)).map(|share| share.share);
            rows.iter().filter_map(of).collect()
        };
        let (new, old) = (shares(recency(0, 0.0)), shares(recency(events, days)));
        prop_assert_eq!(new.len(), library.vectors.len() - 2);
        for (new, old) in new.iter().zip(&old) {
            prop_assert!(new > old || *old >= 1.0, "{} is new, {} is old", new, old);
        }
    }

    #[test]
    fn a_scale_of_all_seeds_changes_no_rank(library in library(40), doublings in -3..4_i32) {
        let mut held = library.held();
        (0..3).for_each(|track| library.anchor(&mut held, track));
        let of = |weight| {
            let likes = [0, 1, 2].map(|track| Voice { weight, pocket: track % 2, ..seed(track) });
            let mut rows = list(&held, &likes, &[], Knobs { breadth: 0.7, explore: 0.0 }, 40);
            rows.sort_by_key(|row| row.id);
            rows
        };
        let scale = (doublings as f32).exp2();
        let (plain, scaled) = (of(1.0), of(scale));
        let shift = scaled[0].why.parts.total() - plain[0].why.parts.total();
        for (a, b) in plain.iter().zip(&scaled) {
            prop_assert_eq!(a.id, b.id);
            // All move alike, so that none passes another.
            let moved = b.why.parts.total() - a.why.parts.total();
            prop_assert!((moved - shift).abs() < 1e-4, "{} and {}", moved, shift);
            prop_assert!(a.why.anchors.iter().zip(&b.why.anchors).all(|(a, b)| (a.share - b.share).abs() < 1e-5));
        }
    }

    #[test]
    fn limits_leave_a_list_as_full_as_they_can(library in library(60), artists in 1..20_u32, rows in 0..30_usize) {
        let mut held = library.held();
        library.anchor(&mut held, 0);
        let n = library.vectors.len();
        let facts: Vec<_> = (0..n as u32)
            .map(|track| Facts { artist: Some(track % artists), ..Facts::default() })
            .collect();
        let limits = Limits::default();
        let likes = [seed(0)];
        let ask = Ask {
            knobs: Knobs { explore: 1.0, ..Knobs::default() },
            ..ask(&likes, &limits, &facts, rows)
        };
        let found = held.list(&ask, &|id| id == TrackId(0));
        let each = |artist: u32| (1..n as u32).filter(|track| track % artists == artist).count().min(2);
        prop_assert_eq!(found.len(), rows.min((0..artists).map(each).sum()));
    }
}

#[test]
fn rows_come_from_as_far_as_the_limits_make_them() {
    let library = Library::drawn(101, 7);
    let mut held = library.held();
    library.anchor(&mut held, 0);
    let by_relevance = list(&held, &[seed(0)], &[], Knobs::default(), 100);
    let rank = |id: TrackId| {
        by_relevance
            .iter()
            .find(|row| row.id == id)
            .map_or(0, |row| row.rank)
    };
    // The 91 nearest are one artist's, the others are three others'.
    let facts: Vec<_> = held
        .ids()
        .iter()
        .map(|&id| Facts {
            artist: Some((rank(id) as u32).saturating_sub(91).div_ceil(3)),
            ..Facts::default()
        })
        .collect();
    let (likes, limits) = ([seed(0)], Limits::default());
    let found = held.list(&ask(&likes, &limits, &facts, 4), &|id| id == TrackId(0));
    let mut ranks: Vec<usize> = found.iter().map(|row| row.rank).collect();
    ranks.sort_unstable();
    assert_eq!(ranks, [1, 2, 92, 93]);
    assert!(found.iter().all(|row| row.rank == rank(row.id)));
}

fn knobs() -> impl Strategy<Value = Knobs> {
    (0.0_f32..=1.0, 0.0_f32..=1.0).prop_map(|(breadth, explore)| Knobs { breadth, explore })
}
