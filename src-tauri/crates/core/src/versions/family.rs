//! Families: tracks that are kin, each family standing for one row of a list.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::Track;
use super::agreement::{Agreement, Windows};
use super::kinship::{Kinship, Known, kinship};
use crate::track::TrackId;

/// Families of one title and artist that a track is compared with at most. More of them than this are
/// no versions of one song.
const MOST_NAMESAKES: usize = 16;

/// A track's place in its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The track that stands for the family; itself, if it is the one.
    pub family: TrackId,
    /// How many tracks the family has, itself included.
    pub versions: usize,
    /// What it is to the track that stands for the family; `None` for that one.
    pub kinship: Option<Kinship>,
}

/// Puts `tracks` into families, `[tracks]`.
///
/// `neighbours` are pairs of places in `tracks` whose search vectors lie near each other, in any order;
/// pairs of one title and artist need not be among them. `windows` gives the windows of the track at a
/// place, if it has any; it is asked for pairs of about one length alone.
///
/// Every member is kin to the track that stands for its family, and not only to some other member:
/// nothing chains. That track is the one that a listener would pick: an own file before a preview; one
/// with a name before one without; the plain title before a remaster, an edition, a cut, another
/// recording (acoustic, live, demo, instrumental, remix, karaoke); then the longest; then the smallest
/// id. Tracks are taken in this order, and each joins the family whose first it is closest kin to, or
/// founds one; so neither the order of `tracks` nor that of `neighbours` matters.
pub fn families(
    tracks: &[Track<'_>],
    neighbours: &[(usize, usize)],
    windows: impl FnMut(usize) -> Option<Windows>,
) -> Vec<Member> {
    families_watched(tracks, neighbours, windows, |_| true).unwrap_or_default()
}

/// The same. `go_on` is told before each track how many have their place, and answers whether to go on;
/// `None` when not.
pub fn families_watched(
    tracks: &[Track<'_>],
    neighbours: &[(usize, usize)],
    mut windows: impl FnMut(usize) -> Option<Windows>,
    mut go_on: impl FnMut(usize) -> bool,
) -> Option<Vec<Member>> {
    let known: Vec<Known> = tracks.iter().map(Known::of).collect();
    let near = near(tracks.len(), neighbours);
    let mut order: Vec<usize> = (0..tracks.len()).collect();
    order.sort_by(|&a, &b| standing(&known[a], &known[b]).then(tracks[a].id.cmp(&tracks[b].id)));

    // Founder of each track that has its place, and what the track is to it.
    let mut placed: Vec<Option<(usize, Option<Kinship>)>> = vec![None; tracks.len()];
    let mut rank = vec![0; tracks.len()];
    let mut namesakes: HashMap<&(String, String), Vec<usize>> = HashMap::new();
    for (place, &track) in order.iter().enumerate() {
        if !go_on(place) {
            return None;
        }
        rank[track] = place;
        let key = known[track].name.telling();
        let named = key.and_then(|key| namesakes.get(key));
        let mut founders: Vec<usize> = named.into_iter().flatten().copied().collect();
        let heard = near[track].iter().filter_map(|&other| placed[other]);
        founders.extend(heard.map(|(founder, _)| founder));
        founders.sort_by_key(|&founder| rank[founder]);
        founders.dedup();
        let mut own: Option<Option<Windows>> = None;
        let closest = founders
            .into_iter()
            .filter_map(|founder| {
                let agreement = || {
                    let own = own.get_or_insert_with(|| windows(track)).as_ref()?;
                    Agreement::of(&windows(founder)?, own)
                };
                let kinship = kinship(&known[founder], &known[track], agreement)?;
                Some((kinship, founder))
            })
            .min_by_key(|&(kinship, founder)| (kinship, rank[founder]));
        placed[track] = Some(match closest {
            Some((kinship, founder)) => (founder, Some(kinship)),
            None => (track, None),
        });
        if let (None, Some(key)) = (closest, key) {
            let founders = namesakes.entry(key).or_default();
            if founders.len() < MOST_NAMESAKES {
                founders.push(track);
            }
        }
    }
    Some(members(tracks, &placed))
}

/// Which of two tracks stands for both: the lesser.
fn standing(a: &Known, b: &Known) -> Ordering {
    let length = |known: &Known| known.duration_s.unwrap_or(0.0);
    let named = |known: &Known| known.name.telling().is_some();
    b.owned
        .cmp(&a.owned)
        .then(named(b).cmp(&named(a)))
        .then(a.name.version.cmp(&b.name.version))
        .then(length(b).total_cmp(&length(a)))
}

/// The neighbours of each of `n` tracks; pairs that name no track are left out.
fn near(n: usize, neighbours: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut near = vec![Vec::new(); n];
    for &(a, b) in neighbours {
        if a < n && b < n && a != b {
            near[a].push(b);
            near[b].push(a);
        }
    }
    near
}

fn members(tracks: &[Track<'_>], placed: &[Option<(usize, Option<Kinship>)>]) -> Vec<Member> {
    let mut versions = vec![0_usize; tracks.len()];
    for &(founder, _) in placed.iter().flatten() {
        versions[founder] += 1;
    }
    placed
        .iter()
        .flatten()
        .map(|&(founder, kinship)| Member {
            family: tracks[founder].id,
            versions: versions[founder],
            kinship,
        })
        .collect()
}

#[cfg(test)]
mod tests;
