//! From what the listener said to what is asked of the pool.

use std::collections::{BTreeSet, HashSet};

use throughline_core::taste::held::{Ask, Learnt, Voice};
use throughline_core::taste::limits::{Facts, Limits};
use throughline_core::taste::thread::{Thread, thread};
use throughline_core::taste::{Head, InCharge, Judged, LEAST_THUMBS, MOST_JUDGED, fatigue};
use throughline_core::track::TrackId;

use super::{Pool, Wanted, within};
use crate::error::{AppError, Result};

/// Least weight of a seed in the thread check: one that is muted has its place, and moves nothing.
const MUTED: f32 = 1e-3;

/// Fatigue below which a play is forgotten: what is left of one after six weeks.
const FORGOTTEN: f32 = 0.01;

/// Tracks heard of late that count at most, the most tiring first.
const MOST_HEARD: usize = 200;

/// What the listener said, as voices of anchors that the pool knows.
pub(super) struct Asked {
    /// The seeds that have a direction, in order.
    pub seeds: Vec<TrackId>,
    /// What they are to each other.
    pub thread: Thread,
    /// The newest thumb that can be heard.
    pub newest: Option<TrackId>,
    likes: Vec<Voice>,
    dislikes: Vec<Voice>,
    heard: Vec<Voice>,
    head: Option<(Head, Vec<TrackId>)>,
    hidden: HashSet<TrackId>,
    limits: Limits,
}

impl Asked {
    /// What `wanted` asks; its tracks become anchors of `pool`. [`AppError::NoThread`] when no seed has
    /// a direction.
    pub fn of(pool: &mut Pool, wanted: &Wanted<'_>) -> Result<Self> {
        let standing = wanted.standing;
        pool.forget(wanted);
        let (seeds, thread) = checked(pool, wanted)?;
        let mut likes: Vec<Voice> = seeds
            .iter()
            .map(|&(seed, pocket)| Voice {
                anchor: seed,
                weight: standing.weight(seed) * wanted.fresh(standing.seeded.get(&seed)),
                pocket,
                seed: true,
            })
            .collect();
        for &up in standing
            .ups
            .iter()
            .filter(|up| !standing.seeded.contains_key(up))
        {
            if anchored(pool, wanted, up)?.is_some() {
                likes.push(Voice {
                    anchor: up,
                    weight: wanted.fresh(standing.thumbed.get(&up)),
                    pocket: nearest_pocket(pool, &seeds, up),
                    seed: false,
                });
            }
        }
        let dislikes = dislikes(pool, wanted)?;
        let mut tired: Vec<(f32, TrackId)> = standing
            .heard
            .iter()
            .map(|(&track, plays)| (fatigue(plays.days_ago(wanted.now)), track))
            .filter(|&(tired, _)| tired >= FORGOTTEN)
            .collect();
        tired.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
        let mut heard = Vec::new();
        for (weight, track) in tired.into_iter().take(MOST_HEARD) {
            if anchored(pool, wanted, track)?.is_some() {
                heard.push(thumb(track, weight));
            }
        }
        let mut hidden = HashSet::new();
        for (&track, radius) in &standing.sound_downs {
            if let Some(vector) = anchored(pool, wanted, track)? {
                hidden.extend(within(pool.shelf(), &vector, radius.get()));
            }
        }
        // A seed's other versions are no news, unless all versions are asked for.
        let own = standing
            .seeds
            .iter()
            .filter(|_| wanted.wishes.fold_families);
        let without: BTreeSet<TrackId> = own.chain(&standing.family_downs).copied().collect();
        let shelf = pool.shelf();
        let limits = shelf.facts.limits(wanted.wishes, &shelf.tag_names, without);
        let known = |track: &TrackId| pool.held().knows(*track);
        let thumbs = standing.thumbed.iter().filter(|(track, _)| known(track));
        let newest = thumbs.max_by_key(|(_, said)| said.after);
        let newest = newest.map(|(&track, _)| track);
        if likes.iter().all(|like| like.weight <= 0.0) {
            return Err(AppError::NoThread);
        }
        let mut asked = Self {
            seeds: seeds.into_iter().map(|(seed, _)| seed).collect(),
            thread,
            newest,
            likes,
            dislikes,
            heard,
            head: None,
            hidden,
            limits,
        };
        asked.head = asked.learnt(pool, wanted);
        Ok(asked)
    }

    /// Seeds and thumbs up.
    pub fn likes(&self) -> impl Iterator<Item = TrackId> {
        self.likes.iter().map(|voice| voice.anchor)
    }

    /// What decides.
    pub fn in_charge(&self) -> InCharge {
        self.head
            .as_ref()
            .map_or(InCharge::Anchors, |(head, _)| head.in_charge())
    }

    /// Asks `answer` over the candidates of `pool`; it is given which tracks are left out, too.
    pub fn over<T>(
        &self,
        pool: &Pool,
        wanted: &Wanted<'_>,
        answer: impl FnOnce(&Ask<'_>, &dyn Fn(TrackId) -> bool) -> T,
    ) -> T {
        let held = pool.held();
        let head = self
            .head
            .as_ref()
            .filter(|(head, _)| head.in_charge() == InCharge::Head);
        let tired = |track: &TrackId| {
            let plays = wanted.standing.heard.get(track);
            plays.map_or(0.0, |plays| fatigue(plays.days_ago(wanted.now)))
        };
        let fatigue: Vec<f32> = held.ids().iter().map(tired).collect();
        let ask = Ask {
            likes: &self.likes,
            dislikes: &self.dislikes,
            heard: &self.heard,
            head: head.map(|(head, judged)| Learnt { head, judged }),
            fatigue: Some(&fatigue),
            knobs: wanted.knobs,
            limits: &self.limits,
            facts: pool.facts(),
            rows: wanted.rows,
        };
        let excluded = |track| wanted.standing.excludes(track) || self.hidden.contains(&track);
        answer(&ask, &excluded)
    }

    /// Directions in which relevance rises from the rows that are the most relevant.
    pub fn headings(&self, pool: &Pool, wanted: &Wanted<'_>) -> Vec<Vec<f32>> {
        self.over(pool, wanted, |ask, excluded| {
            pool.held().headings(ask, excluded)
        })
    }

    /// The places of `pool`'s candidates from `since` on that are among the best.
    pub fn contenders(&self, pool: &Pool, wanted: &Wanted<'_>, since: usize) -> Vec<usize> {
        self.over(pool, wanted, |ask, _| pool.held().contenders(ask, since))
    }

    /// Whether a track with these `facts` may be in the list.
    pub fn admits(&self, facts: &Facts) -> bool {
        self.limits.admits(facts)
    }

    /// What the newest judgements teach beyond nearness, and the tracks it reads, the newest last.
    fn learnt(&self, pool: &Pool, wanted: &Wanted<'_>) -> Option<(Head, Vec<TrackId>)> {
        let standing = wanted.standing;
        if standing.ups.len() + standing.downs.len() < LEAST_THUMBS {
            return None;
        }
        let said = |track: &TrackId| {
            let thumbed = standing.thumbed.get(track);
            thumbed
                .or_else(|| standing.seeded.get(track))
                .map_or(0, |said| said.after)
        };
        let likes = self.likes.iter().map(|voice| (voice, true));
        let dislikes = self.dislikes.iter().map(|voice| (voice, false));
        let mut judged: Vec<(&Voice, bool)> = likes.chain(dislikes).collect();
        judged.sort_by_key(|(voice, _)| (said(&voice.anchor), voice.anchor));
        judged.drain(..judged.len().saturating_sub(MOST_JUDGED));
        let columns: Vec<(Vec<f32>, Vec<f32>)> = judged
            .iter()
            .map(|(one, _)| {
                let to = judged
                    .iter()
                    .map(|(other, _)| pool.held().between(one.anchor, other.anchor));
                to.map(Option::unwrap_or_default).unzip()
            })
            .collect();
        let fitted: Vec<Judged<'_>> = judged
            .iter()
            .zip(&columns)
            .map(|((voice, liked), (cosine, similarity))| Judged {
                liked: *liked,
                thumb: !voice.seed,
                weight: voice.weight,
                similarity,
                cosine,
            })
            .collect();
        let head = Head::fit(&fitted)?;
        Some((head, judged.iter().map(|(voice, _)| voice.anchor).collect()))
    }
}

/// The seeds that have a direction, each with its pocket, and what they are to each other.
fn checked(pool: &mut Pool, wanted: &Wanted<'_>) -> Result<(Vec<(TrackId, usize)>, Thread)> {
    let mut seeds = Vec::new();
    for &seed in &wanted.standing.seeds {
        if let Some(vector) = anchored(pool, wanted, seed)? {
            seeds.push((seed, vector, wanted.standing.weight(seed).max(MUTED)));
        }
    }
    if seeds.is_empty() {
        return Err(AppError::NoThread);
    }
    let weighed: Vec<(&[f32], f32)> = seeds
        .iter()
        .map(|(_, vector, weight)| (vector.as_slice(), *weight))
        .collect();
    let thread = thread(&weighed, pool.shelf().pairs);
    let pockets = thread.pocket_of(seeds.len());
    Ok((
        seeds.iter().map(|(seed, ..)| *seed).zip(pockets).collect(),
        thread,
    ))
}

/// The pocket of the seed that `track` is most like.
fn nearest_pocket(pool: &Pool, seeds: &[(TrackId, usize)], track: TrackId) -> usize {
    let near = |seed| {
        pool.held()
            .between(track, seed)
            .map_or(-1.0, |(cosine, _)| cosine)
    };
    let nearest = seeds
        .iter()
        .max_by(|(a, _), (b, _)| near(*a).total_cmp(&near(*b)));
    nearest.map_or(0, |&(_, pocket)| pocket)
}

/// Negative seeds and thumbs down.
fn dislikes(pool: &mut Pool, wanted: &Wanted<'_>) -> Result<Vec<Voice>> {
    let standing = wanted.standing;
    let mut dislikes = Vec::new();
    for &track in &standing.opposed {
        if anchored(pool, wanted, track)?.is_some() {
            let weight = standing.weight(track) * wanted.fresh(standing.seeded.get(&track));
            dislikes.push(Voice {
                seed: true,
                ..thumb(track, weight)
            });
        }
    }
    for &track in standing
        .downs
        .iter()
        .filter(|track| !standing.seeded.contains_key(track))
    {
        if anchored(pool, wanted, track)?.is_some() {
            dislikes.push(thumb(track, wanted.fresh(standing.thumbed.get(&track))));
        }
    }
    Ok(dislikes)
}

fn thumb(anchor: TrackId, weight: f32) -> Voice {
    Voice {
        anchor,
        weight,
        pocket: 0,
        seed: false,
    }
}

/// The unit search vector of a track that was spoken of, which becomes an anchor of `pool`; `None` for
/// one that was not heard, or that has no direction.
fn anchored(pool: &mut Pool, wanted: &Wanted<'_>, track: TrackId) -> Result<Option<Vec<f32>>> {
    let shelf = pool.shelf();
    let vector = match wanted.spoken.iter().find(|spoken| spoken.id == track) {
        Some(spoken) => Some(shelf.space.project(&spoken.raw)?),
        None => shelf.index.vector(track).map(|vector| vector.to_vec()),
    };
    let vector = vector.filter(|vector| vector.iter().any(|&x| x != 0.0));
    if let Some(vector) = &vector {
        pool.anchor(track, vector);
    }
    Ok(vector)
}
