//! What lies between two tracks: a few steps from one to the other.

use ndarray::ArrayView1;

use super::hubs::csls;
use crate::track::TrackId;

/// A track that a path may lead over, or from or to.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The track.
    pub id: TrackId,
    /// Its unit search vector, `[dimension]`.
    pub vector: ArrayView1<'a, f32>,
    /// Its hub term, as in [`hubs`](super::hubs).
    pub hub: f32,
    /// Its artist, by a number of the caller's; `None` where unknown. The unknown are not one artist.
    pub artist: Option<u32>,
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The track.
    pub id: TrackId,
    /// How far along it lies: its angle from the start, as a share of its angles from both ends, `0..=1`.
    pub along: f32,
}

/// At most `steps` tracks of `candidates` that lead from `from` to `to`, in order; neither end is among
/// them, no track comes twice, and no artist, those of the ends included. As many as the candidates'
/// artists allow.
///
/// Even steps are marked on the arc between both ends (slerp: Shoemake, SIGGRAPH 1985); of all marks and
/// candidates, the pair with the greatest hub-corrected similarity is taken first, then the next, until
/// every mark has its track. The steps are then put in the order in which they lie along the way. Equal
/// input gives an equal path: ties fall to the earlier mark and the smaller id.
pub fn path(from: Place<'_>, to: Place<'_>, candidates: &[Place<'_>], steps: usize) -> Vec<Step> {
    let arc = angle(&from, &to);
    let free: Vec<_> = candidates
        .iter()
        .filter(|candidate| candidate.id != from.id && candidate.id != to.id)
        .map(|candidate| {
            let near = |end: &Place<'_>| end.vector.dot(&candidate.vector).clamp(-1.0, 1.0);
            (candidate, near(&from), near(&to))
        })
        .filter(|(_, a, b)| a.is_finite() && b.is_finite())
        .collect();
    let steps = steps.min(free.len());
    let mut pairs: Vec<(f32, usize, usize)> = Vec::with_capacity(steps * free.len());
    for mark in 0..steps {
        let (a, b) = slerp(arc, (mark + 1) as f32 / (steps + 1) as f32);
        for (place, (candidate, near_from, near_to)) in free.iter().enumerate() {
            let cosine = a * near_from + b * near_to;
            pairs.push((csls(cosine, 0.0, candidate.hub), mark, place));
        }
    }
    pairs.sort_unstable_by(|(x, i, p), (y, j, q)| {
        let id = |place: usize| free[place].0.id;
        y.total_cmp(x).then(i.cmp(j)).then(id(*p).cmp(&id(*q)))
    });
    let mut marked = vec![false; steps];
    let mut artists: Vec<u32> = from.artist.into_iter().chain(to.artist).collect();
    let mut path: Vec<Step> = Vec::with_capacity(steps);
    for (_, mark, place) in pairs {
        let (candidate, near_from, near_to) = free[place];
        let taken = path.iter().any(|step| step.id == candidate.id)
            || candidate
                .artist
                .is_some_and(|artist| artists.contains(&artist));
        if marked[mark] || taken {
            continue;
        }
        marked[mark] = true;
        artists.extend(candidate.artist);
        path.push(Step {
            id: candidate.id,
            along: along(near_from, near_to),
        });
    }
    path.sort_by(|x, y| x.along.total_cmp(&y.along).then(x.id.cmp(&y.id)));
    path
}

/// The angle between both ends, in radians.
fn angle(from: &Place<'_>, to: &Place<'_>) -> f32 {
    from.vector.dot(&to.vector).clamp(-1.0, 1.0).acos()
}

/// What both ends weigh in the point at `share` of an arc of `arc` radians. Where the ends lie at one
/// point, or opposite each other, so that no arc or every arc joins them, the chord stands in.
fn slerp(arc: f32, share: f32) -> (f32, f32) {
    let sine = arc.sin();
    // Below this the quotients would be rounding alone.
    if sine < 1e-3 {
        return (1.0 - share, share);
    }
    let (a, b) = (((1.0 - share) * arc).sin(), (share * arc).sin());
    (a / sine, b / sine)
}

/// Share of the way at which a track of these cosines to both ends lies; the middle where it is at both.
fn along(near_from: f32, near_to: f32) -> f32 {
    let (a, b) = (near_from.acos(), near_to.acos());
    if a + b > 0.0 { a / (a + b) } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::taste::unit;

    fn place(id: i64, vector: &[f32], artist: Option<u32>) -> Place<'_> {
        Place {
            id: TrackId(id),
            vector: vector.into(),
            hub: 0.0,
            artist,
        }
    }

    fn at(degrees: f32) -> Vec<f32> {
        let angle = degrees.to_radians();
        vec![angle.cos(), angle.sin(), 0.0]
    }

    #[test]
    fn steps_are_even_where_the_library_allows() {
        let vectors: Vec<_> = (0..=90).map(|degrees| at(degrees as f32)).collect();
        let library: Vec<_> = (0..)
            .zip(&vectors)
            .map(|(id, v)| place(id, v, None))
            .collect();
        let path = path(library[0], library[90], &library, 5);
        let ids: Vec<_> = path.iter().map(|step| step.id.0).collect();
        assert_eq!(ids, [15, 30, 45, 60, 75]);
        for (step, want) in path.iter().zip([1.0, 2.0, 3.0, 4.0, 5.0]) {
            assert!(
                (step.along - want / 6.0).abs() < 1e-3,
                "{step:?} is not at {want} of 6"
            );
        }
    }

    #[test]
    fn an_artist_comes_once_and_the_ends_count() {
        let vectors: Vec<_> = (0..=9).map(|step| at(10.0 * step as f32)).collect();
        let artists = [1, 2, 2, 2, 3, 3, 3, 1, 4, 5];
        let library: Vec<_> = vectors
            .iter()
            .zip(artists)
            .enumerate()
            .map(|(id, (v, artist))| place(id as i64, v, Some(artist)))
            .collect();
        let path = path(library[0], library[9], &library, 8);
        let ids: Vec<_> = path.iter().map(|step| step.id.0).collect();
        assert_eq!(ids.len(), 3, "only three artists are left: {ids:?}");
        let found: BTreeSet<_> = ids.iter().map(|&id| artists[id as usize]).collect();
        assert_eq!(found, [2, 3, 4].into());
    }

    proptest! {
        #[test]
        fn a_path_is_full_ordered_and_without_repeats(
            vectors in prop::collection::vec(prop::collection::vec(-1.0_f32..1.0, 5), 2..40),
            steps in 0..12_usize,
            artists in 1..20_u32,
        ) {
            let vectors: Vec<_> = vectors.iter().filter_map(|v| unit(v)).collect();
            prop_assume!(vectors.len() >= 2);
            let library: Vec<_> = vectors
                .iter()
                .enumerate()
                .map(|(id, v)| place(id as i64, v, Some(id as u32 % artists)))
                .collect();
            let (from, to) = (library[0], library[1]);
            let found = path(from, to, &library, steps);
            prop_assert!(found.windows(2).all(|pair| pair[0].along <= pair[1].along));
            prop_assert!(found.iter().all(|step| step.id != from.id && step.id != to.id));
            let artist = |step: &Step| step.id.0 as u32 % artists;
            let distinct: BTreeSet<_> = found.iter().map(artist).collect();
            prop_assert_eq!(distinct.len(), found.len(), "an artist comes once");
            let left: BTreeSet<_> = library[2..]
                .iter()
                .filter_map(|place| place.artist)
                .filter(|artist| Some(*artist) != from.artist && Some(*artist) != to.artist)
                .collect();
            prop_assert_eq!(found.len(), steps.min(left.len()), "full whenever the library allows");
            let mut turned = library.clone();
            turned.reverse();
            prop_assert_eq!(path(from, to, &turned, steps), found, "order of candidates is irrelevant");
        }

        #[test]
        fn ends_at_one_point_or_opposite_are_answered(
            vector in prop::collection::vec(-1.0_f32..1.0, 4),
            sign in prop::bool::ANY,
        ) {
            prop_assume!(unit(&vector).is_some());
            let from = unit(&vector).unwrap();
            let to: Vec<_> = from.iter().map(|x| if sign { -x } else { *x }).collect();
            let middle = [0.5_f32; 4];
            let found = path(place(0, &from, None), place(1, &to, None), &[place(2, &middle, None)], 3);
            prop_assert_eq!(found.len(), 1);
            prop_assert!((0.0..=1.0).contains(&found[0].along));
        }
    }
}
