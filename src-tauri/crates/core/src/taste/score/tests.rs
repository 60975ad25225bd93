use std::ops::Range;

use proptest::prelude::*;

use super::*;

/// Rows of the list that properties speak of.
const ROWS: usize = 20;

/// A like or dislike as the tests draw it: weight, pocket, column.
type Drawn = (f32, usize, Vec<f32>);

fn drawn(n: usize, many: Range<usize>) -> impl Strategy<Value = Vec<Drawn>> {
    let one = (
        0.1_f32..2.0,
        0..3_usize,
        prop::collection::vec(-4.0_f32..2.0, n),
    );
    prop::collection::vec(one, many)
}

fn evidence(drawn: &[Drawn]) -> Vec<Evidence<'_>> {
    drawn
        .iter()
        .map(|(weight, pocket, similarity)| Evidence {
            weight: *weight,
            pocket: *pocket,
            similarity,
        })
        .collect()
}

fn knobs() -> impl Strategy<Value = Knobs> {
    (0.0_f32..=1.0, 0.0_f32..=1.0).prop_map(|(breadth, explore)| Knobs { breadth, explore })
}

/// What each of `likes` contributes to the candidate at `x`.
fn shares(likes: &[Evidence<'_>], knobs: Knobs, x: usize) -> Vec<f32> {
    let columns = Columns {
        likes,
        ..Columns::default()
    };
    scored(&columns, knobs).1.shares(likes, x)
}

/// The candidates with the greatest totals, the best first.
fn top(parts: &[Parts], rows: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|&a, &b| parts[b].total().total_cmp(&parts[a].total()));
    order.truncate(rows);
    order
}

/// Likes in two far pockets, 0 and 1, and as many candidates beside each: a candidate is near the
/// likes of its own pocket and far from the others.
fn two_pockets() -> impl Strategy<Value = Vec<Drawn>> {
    let near = || prop::collection::vec(-1.0_f32..1.5, 40);
    let far = || prop::collection::vec(-6.0_f32..-4.0, 40);
    let like = |pocket: usize| {
        (0.5_f32..1.0, near(), far()).prop_map(move |(weight, near, far)| {
            let column = if pocket == 0 {
                [near, far]
            } else {
                [far, near]
            };
            (weight, pocket, column.concat())
        })
    };
    let pocket = move |pocket| prop::collection::vec(like(pocket), 1..6);
    (pocket(0), pocket(1)).prop_map(|(a, b)| [a, b].concat())
}

proptest! {
    #[test]
    fn the_order_of_the_evidence_changes_nothing(
        likes in drawn(30, 0..8), dislikes in drawn(30, 0..8), heard in drawn(30, 0..4), knobs in knobs(),
    ) {
        let parts = |turn: bool| {
            let mut all = [&likes, &dislikes, &heard].map(|drawn| evidence(drawn));
            if turn {
                for each in &mut all {
                    each.reverse();
                }
            }
            let columns = Columns { likes: &all[0], dislikes: &all[1], heard: &all[2], ..Columns::default() };
            score(&columns, knobs)
        };
        prop_assert_eq!(parts(false), parts(true));
        prop_assert_eq!(parts(false), parts(false), "equal input gives equal output");
    }

    #[test]
    fn taking_a_part_away_changes_the_score_by_that_part(
        likes in drawn(30, 0..8), dislikes in drawn(30, 0..8), head in prop::collection::vec(-1.0_f32..1.0, 30),
        fatigue in prop::collection::vec(0.0_f32..1.0, 30), knobs in knobs(),
    ) {
        let (likes, dislikes) = (evidence(&likes), evidence(&dislikes));
        let whole = Columns {
            likes: &likes, dislikes: &dislikes, heard: &[], head: Some(&head), fatigue: Some(&fatigue),
        };
        let all = score(&whole, knobs);
        // Novelty looks at the dislikes too, so that one is taken away without exploring.
        let still = Knobs { explore: 0.0, ..knobs };
        let cases = [
            (score(&Columns { dislikes: &[], ..whole }, still), score(&whole, still), "dislikes"),
            (score(&Columns { head: None, ..whole }, knobs), all.clone(), "head"),
            (score(&Columns { fatigue: None, ..whole }, knobs), all.clone(), "fatigue"),
            (score(&whole, still), all, "novelty"),
        ];
        for (without, with, name) in cases {
            for (a, b) in without.iter().zip(&with) {
                let part = match name {
                    "dislikes" => b.dislikes,
                    "head" => b.head,
                    "fatigue" => b.fatigue,
                    _ => b.novelty,
                };
                prop_assert!((b.total() - a.total() - part).abs() < 1e-4, "{name}: {a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn shares_add_up_to_one_and_fall_with_the_weight(likes in drawn(12, 0..8), knobs in knobs()) {
        let likes = evidence(&likes);
        prop_assume!(!likes.is_empty());
        for x in 0..12 {
            let each = shares(&likes, knobs, x);
            let sum: f32 = each.iter().sum();
            // At breadth 0 all pockets but one are silent; one voice at least is heard everywhere.
            prop_assert!((sum - 1.0).abs() < 1e-4, "{each:?}");
            prop_assert!(each.iter().all(|share| *share >= 0.0), "{each:?}");
        }
    }

    #[test]
    fn a_newer_like_weighs_more(
        column in prop::collection::vec(-4.0_f32..2.0, 20), other in prop::collection::vec(-4.0_f32..2.0, 20),
        age in 1_u32..500, days in 0.1_f32..300.0,
    ) {
        use super::super::recency;
        let old = Evidence { weight: recency(age, days), pocket: 0, similarity: &column };
        let new = Evidence { weight: recency(0, 0.0), ..old };
        let fixed = Evidence { weight: 1.0, pocket: 0, similarity: &other };
        let share = |like| shares(&[like, fixed], Knobs::default(), 3)[0];
        prop_assert!(share(new) > share(old), "{} and {}", share(new), share(old));
    }

    #[test]
    fn breadth_goes_from_one_pocket_to_a_fair_share(likes in two_pockets()) {
        let likes = evidence(&likes);
        let columns = Columns { likes: &likes, ..Columns::default() };
        let first = |breadth| {
            let parts = score(&columns, Knobs { breadth, explore: 0.0 });
            top(&parts, ROWS).into_iter().filter(|&x| x < 40).count()
        };
        let counts: Vec<usize> = (0_u8..=10).map(|tenth| first(f32::from(tenth) / 10.0)).collect();
        let fewest = |count: usize| count.min(ROWS - count);
        prop_assert!(fewest(counts[0]) * 10 <= ROWS, "breadth 0 stays in one pocket: {counts:?}");
        prop_assert!(fewest(counts[10]) * 100 >= 35 * ROWS, "breadth 1 shares the list out: {counts:?}");
        let steps = counts.windows(2);
        let (rising, falling) = (steps.clone().all(|s| s[0] <= s[1]), steps.clone().all(|s| s[0] >= s[1]));
        prop_assert!(rising || falling, "monotone between: {counts:?}");
    }

    #[test]
    fn exploring_raises_novelty_and_keeps_to_its_floor(
        likes in drawn(60, 1..6), dislikes in drawn(60, 0..4), heard in drawn(60, 0..4),
    ) {
        let all = [likes, dislikes, heard];
        let [likes, dislikes, heard] = all.each_ref().map(|drawn| evidence(drawn));
        let columns = Columns { likes: &likes, dislikes: &dislikes, heard: &heard, ..Columns::default() };
        let at = |explore| score(&columns, Knobs { breadth: 0.5, explore });
        let newness = at(1.0);
        let plain = at(0.0);
        let least = plain[*top(&plain, ROWS).last().expect("sixty candidates")].relevance();
        let mut before = f32::NEG_INFINITY;
        for explore in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let parts = at(explore);
            let list = top(&parts, ROWS);
            let novelty: f32 = list.iter().map(|&x| newness[x].novelty).sum();
            prop_assert!(novelty >= before - 1e-3, "explore {explore}: {novelty} after {before}");
            before = novelty;
            let floor = least - explore * crate::taste::REACH - 1e-3;
            prop_assert!(list.iter().all(|&x| parts[x].relevance() >= floor), "explore {explore}");
        }
    }

    #[test]
    fn scores_are_numbers_whatever_comes_in(
        spoken in prop::collection::vec((any::<f32>(), 0..3_usize, prop::collection::vec(any::<f32>(), 12)), 1..8),
        extra in prop::collection::vec(any::<f32>(), 12), breadth in any::<f32>(), explore in any::<f32>(),
    ) {
        let spoken = evidence(&spoken);
        let columns = Columns {
            likes: &spoken, dislikes: &spoken, heard: &spoken, head: Some(&extra), fatigue: Some(&extra),
        };
        for parts in score(&columns, Knobs { breadth, explore }) {
            prop_assert!(parts.anchors.is_finite() && parts.dislikes.is_finite(), "{parts:?}");
            prop_assert!(parts.novelty.is_finite() && parts.fatigue.is_finite(), "{parts:?}");
        }
    }

    #[test]
    fn a_dislike_lowers_what_sounds_like_it_most(likes in drawn(30, 1..8), dislike in drawn(30, 1..2)) {
        let (likes, dislikes) = (evidence(&likes), evidence(&dislike));
        let columns = Columns { likes: &likes, dislikes: &dislikes, ..Columns::default() };
        let parts = score(&columns, Knobs::default());
        let column = dislikes[0].similarity;
        for x in 1..30 {
            prop_assert!(parts[x].dislikes <= 0.0);
            prop_assert_eq!(column[x] > column[0], parts[x].dislikes < parts[0].dislikes);
        }
    }
}

#[test]
fn with_one_pocket_breadth_goes_from_near_to_all_to_near_to_any() {
    // The first candidate is fairly near to both likes, the second very near to one of them.
    let (a, b) = ([0.9, 1.5], [0.9, -3.0]);
    let likes = [&a, &b].map(|similarity| Evidence {
        weight: 1.0,
        pocket: 0,
        similarity,
    });
    let columns = Columns {
        likes: &likes,
        ..Columns::default()
    };
    let best = |breadth| {
        top(
            &score(
                &columns,
                Knobs {
                    breadth,
                    explore: 0.0,
                },
            ),
            1,
        )[0]
    };
    assert_eq!(best(0.0), 0, "breadth 0 asks for what is near to all");
    assert_eq!(best(1.0), 1, "breadth 1 asks for what is near to any");
}

#[test]
fn what_is_no_number_says_nothing() {
    let (good, bad) = (
        [0.5, -1.0, 0.2],
        [f32::NAN, f32::INFINITY, f32::NEG_INFINITY],
    );
    let of = |similarity| Evidence {
        weight: 1.0,
        pocket: 0,
        similarity,
    };
    let weightless = [0.0, -1.0, f32::NAN].map(|weight| Evidence {
        weight,
        pocket: 0,
        similarity: &good,
    });
    let (plain, spoilt) = ([of(&good[..])], [of(&good[..]), of(&bad[..])]);
    let knobs = Knobs {
        breadth: f32::NAN,
        explore: 0.5,
    };
    let clean = score(
        &Columns {
            likes: &plain,
            ..Columns::default()
        },
        knobs,
    );
    let columns = Columns {
        likes: &spoilt,
        dislikes: &weightless,
        heard: &[of(&bad[..])],
        head: Some(&bad),
        fatigue: Some(&bad),
    };
    assert_eq!(
        score(&columns, knobs),
        clean,
        "only the column of numbers counts"
    );
    let silent = [of(&bad[..])];
    let parts = score(
        &Columns {
            likes: &silent,
            ..Columns::default()
        },
        knobs,
    );
    assert!(
        parts.iter().all(|parts| parts.total().is_finite()),
        "{parts:?}"
    );
}

#[test]
fn without_likes_or_candidates_there_is_no_score() {
    let dislike = [Evidence {
        weight: 1.0,
        pocket: 0,
        similarity: &[0.5],
    }];
    assert!(
        score(
            &Columns {
                dislikes: &dislike,
                ..Columns::default()
            },
            Knobs::default()
        )
        .is_empty()
    );
    let like = [Evidence {
        weight: 1.0,
        pocket: 0,
        similarity: &[],
    }];
    assert!(
        score(
            &Columns {
                likes: &like,
                ..Columns::default()
            },
            Knobs::default()
        )
        .is_empty()
    );
}

#[test]
fn duplicates_score_alike() {
    let column = [0.5, 0.5, -1.0];
    let like = [Evidence {
        weight: 1.0,
        pocket: 0,
        similarity: &column,
    }];
    let parts = score(
        &Columns {
            likes: &like,
            ..Columns::default()
        },
        Knobs {
            breadth: 0.5,
            explore: 0.7,
        },
    );
    assert_eq!(parts[0], parts[1]);
}
