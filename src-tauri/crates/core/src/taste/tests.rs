use std::collections::BTreeSet;

use ndarray::ArrayView1;
use proptest::prelude::*;

use super::*;

const DIMENSION: usize = 6;

fn vector() -> impl Strategy<Value = Vec<f32>> {
    prop::collection::vec(-1.0_f32..1.0, DIMENSION).prop_filter("needs a direction", |v| {
        v.iter().map(|x| x * x).sum::<f32>() > 1e-3
    })
}

fn pool() -> impl Strategy<Value = Vec<Vec<f32>>> {
    prop::collection::vec(vector().prop_map(|v| unit(&v).unwrap()), 0..40)
}

fn candidates(pool: &[Vec<f32>]) -> Vec<Candidate<'_>> {
    pool.iter()
        .enumerate()
        .map(|(id, v)| Candidate {
            id: TrackId(id as i64),
            vector: ArrayView1::from(v.as_slice()),
        })
        .collect()
}

fn anchors(vectors: &[Vec<f32>], from: i64) -> Vec<Anchor> {
    vectors
        .iter()
        .zip(from..)
        .map(|(v, id)| Anchor {
            id: Some(TrackId(id)),
            vector: v.clone(),
        })
        .collect()
}

fn list(profile: &Profile, pool: &[Vec<f32>], excluded: &BTreeSet<TrackId>) -> Vec<Ranked> {
    rank(
        profile,
        &candidates(pool),
        |id| excluded.contains(&id),
        10,
        DEFAULT_RELEVANCE,
    )
}

proptest! {
    #[test]
    fn order_and_scale_of_seeds_are_irrelevant(
        seeds in prop::collection::vec(vector(), 1..5),
        pool in pool(),
        scale in 0.25_f32..8.0,
    ) {
        // A power of two scales exactly, so the lists can be compared bit by bit.
        let scale = scale.log2().round().exp2();
        let forth = anchors(&seeds, 1000);
        let mut back = forth.clone();
        back.reverse();
        for anchor in &mut back {
            anchor.vector.iter_mut().for_each(|x| *x *= scale);
        }
        let (forth, back) = (Profile::of(&forth, &[]), Profile::of(&back, &[]));
        prop_assert_eq!(forth.is_some(), back.is_some());
        if let (Some(forth), Some(back)) = (forth, back) {
            let ids = |profile: &Profile| -> Vec<_> {
                list(profile, &pool, &BTreeSet::new()).iter().map(|row| (row.id, row.score)).collect()
            };
            prop_assert_eq!(ids(&forth), ids(&back));
        }
    }

    #[test]
    fn seeds_and_excluded_tracks_never_come_back(
        pool in pool(),
        seed in 0_usize..40,
        excluded in prop::collection::btree_set((0_i64..40).prop_map(TrackId), 0..20),
    ) {
        prop_assume!(seed < pool.len());
        let id = TrackId(seed as i64);
        let profile = Profile::of(&[Anchor { id: Some(id), vector: pool[seed].clone() }], &[]).unwrap();
        let rows = list(&profile, &pool, &excluded);
        prop_assert!(rows.iter().all(|row| row.id != id && !excluded.contains(&row.id)));
        let left = (0..pool.len() as i64).map(TrackId).filter(|t| *t != id && !excluded.contains(t)).count();
        prop_assert_eq!(rows.len(), left.min(10), "the list stays full while there are tracks");
    }

    #[test]
    fn a_track_comes_once_and_scores_are_cosines(pool in pool(), seed in vector()) {
        let profile = Profile::of(&[Anchor { id: None, vector: seed }], &[]).unwrap();
        let mut twice = candidates(&pool);
        twice.extend(candidates(&pool));
        let rows = rank(&profile, &twice, |_| false, 100, 0.5);
        let distinct: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
        prop_assert_eq!(distinct.len(), rows.len());
        prop_assert_eq!(rows.len(), pool.len());
        for row in &rows {
            prop_assert!((-1.0..=1.0).contains(&row.score));
            prop_assert!((row.seed_scores[0] - row.score).abs() < 1e-5, "one seed is the centre");
        }
    }

    #[test]
    fn with_full_relevance_the_list_is_ordered_by_score(pool in pool(), seed in vector()) {
        let profile = Profile::of(&[Anchor { id: None, vector: seed }], &[]).unwrap();
        let rows = rank(&profile, &candidates(&pool), |_| false, 100, 1.0);
        prop_assert!(rows.windows(2).all(|pair| pair[0].score >= pair[1].score));
    }

    #[test]
    fn a_thumb_up_pulls_the_centre_towards_its_track(seed in vector(), up in vector()) {
        let (seed, up) = (unit(&seed).unwrap(), unit(&up).unwrap());
        let alike = |profile: &Profile| cosine(&profile.centre().into(), &up.as_slice().into());
        let before = Profile::of(&[Anchor { id: None, vector: seed.clone() }], &[]).unwrap();
        let after = Profile::of(
            &[Anchor { id: None, vector: seed }],
            &[Anchor { id: None, vector: up.clone() }],
        ).unwrap();
        prop_assert!(alike(&after) >= alike(&before) - 1e-6);
    }
}

#[test]
fn mmr_prefers_what_is_unlike_the_rows_above() {
    let pool = vec![
        unit(&[1.0, 0.1, 0.0, 0.0, 0.0, 0.0]).unwrap(),
        unit(&[1.0, 0.1, 0.01, 0.0, 0.0, 0.0]).unwrap(),
        unit(&[1.0, -0.5, 0.0, 0.0, 0.0, 0.0]).unwrap(),
    ];
    let profile = Profile::of(
        &[Anchor {
            id: None,
            vector: vec![1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        }],
        &[],
    )
    .unwrap();
    let order = |relevance| -> Vec<i64> {
        rank(&profile, &candidates(&pool), |_| false, 3, relevance)
            .iter()
            .map(|row| row.id.0)
            .collect()
    };
    assert_eq!(
        order(1.0),
        [0, 1, 2],
        "by score alone the near copy comes second"
    );
    assert_eq!(
        order(0.5),
        [0, 2, 1],
        "diversified, the near copy comes last"
    );
}

#[test]
fn seeds_that_cancel_out_have_no_centre() {
    let seeds = anchors(&[vec![1.0, 0.0], vec![-1.0, 0.0]], 0);
    assert_eq!(Profile::of(&seeds, &[]), None);
    assert_eq!(Profile::of(&[], &[]), None);
}

#[test]
fn shared_tags_are_those_that_stand_out_in_row_and_seeds() {
    let stats = TagStats {
        mean: &[0.6, 0.05, 0.05, 0.001],
        std: &[0.1, 0.05, 0.05, 0.001],
    };
    let row = [0.62, 0.4, 0.3, 0.01];
    let seed = [0.65, 0.5, 0.04, 0.02];
    assert_eq!(
        shared_tags(&row, &[&seed], stats),
        [1],
        "tag 0 is everywhere, tag 2 is the row's alone, tag 3 is hardly heard at all"
    );
    assert_eq!(shared_tags(&row, &[], stats), Vec::<usize>::new());
}
