//! From what the listener said to what is asked of the pool.

use std::collections::{BTreeSet, HashSet};

use throughline_core::feedback::When;
use throughline_core::taste::held::{Ask, Row, Voice};
use throughline_core::taste::limits::Limits;
use throughline_core::taste::thread::{Thread, thread};
use throughline_core::taste::{Head, InCharge, Judged, MOST_JUDGED, fatigue, recency};
use throughline_core::track::TrackId;

use super::{Pool, Spoken, Wanted, within};
use crate::error::{AppError, Result};

/// Least weight of a seed in the thread check: one that is muted has its place, and moves nothing.
const MUTED: f32 = 1e-3;

/// What the listener said, as voices of anchors that the pool knows.
pub(super) struct Asked {
    /// The seeds that have a direction, in order.
    pub seeds: Vec<TrackId>,
    /// What they are to each other.
    pub thread: Thread,
    /// The newest thumb that can be heard, and whether it is up.
    pub newest: Option<(TrackId, bool)>,
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
        let weigh = |said: Option<&When>| {
            let age = said
                .map(|&said| standing.age(said, wanted.now))
                .unwrap_or_default();
            recency(age.events, age.days)
        };
        let mut seeds = Vec::new();
        for &seed in &standing.seeds {
            if let Some(vector) = vector(pool, wanted.spoken, seed)? {
                pool.anchor(seed, &vector);
                seeds.push((seed, vector, standing.weight(seed)));
            }
        }
        if seeds.is_empty() {
            return Err(AppError::NoThread);
        }
        let weighed: Vec<(&[f32], f32)> = seeds
            .iter()
            .map(|(_, vector, weight)| (vector.as_slice(), weight.max(MUTED)))
            .collect();
        let thread = thread(&weighed, pool.shelf().pairs);
        let pockets = thread.pocket_of(seeds.len());
        let seeds: Vec<(TrackId, usize)> = seeds.iter().map(|(id, ..)| *id).zip(pockets).collect();

        let voice = |anchor, weight, pocket, seed| Voice {
            anchor,
            weight,
            pocket,
            seed,
        };
        let mut likes: Vec<Voice> = seeds
            .iter()
            .map(|&(seed, pocket)| {
                let weight = standing.weight(seed) * weigh(standing.seeded.get(&seed));
                voice(seed, weight, pocket, true)
            })
            .collect();
        for &up in standing
            .ups
            .iter()
            .filter(|up| !standing.seeds.contains(up))
        {
            if let Some(vector) = vector(pool, wanted.spoken, up)? {
                pool.anchor(up, &vector);
                let near = |seed: TrackId| {
                    pool.held()
                        .between(up, seed)
                        .map_or(-1.0, |(cosine, _)| cosine)
                };
                let nearest = seeds
                    .iter()
                    .max_by(|(a, _), (b, _)| near(*a).total_cmp(&near(*b)));
                let pocket = nearest.map_or(0, |&(_, pocket)| pocket);
                likes.push(voice(up, weigh(standing.thumbed.get(&up)), pocket, false));
            }
        }
        let mut dislikes = Vec::new();
        let opposed = standing.opposed.iter().map(|&track| {
            let weight = standing.weight(track) * weigh(standing.seeded.get(&track));
            (track, weight)
        });
        let downs = standing
            .downs
            .iter()
            .filter(|track| !standing.opposed.contains(track))
            .map(|&track| (track, weigh(standing.thumbed.get(&track))));
        for (track, weight) in opposed.chain(downs) {
            if let Some(vector) = vector(pool, wanted.spoken, track)? {
                pool.anchor(track, &vector);
                dislikes.push(voice(track, weight, 0, standing.opposed.contains(&track)));
            }
        }
        let mut heard = Vec::new();
        for (&track, plays) in &standing.heard {
            if let Some(vector) = vector(pool, wanted.spoken, track)? {
                pool.anchor(track, &vector);
                heard.push(voice(track, fatigue(plays.days_ago(wanted.now)), 0, false));
            }
        }

        let mut hidden = HashSet::new();
        for (&track, radius) in &standing.sound_downs {
            if let Some(vector) = vector(pool, wanted.spoken, track)? {
                hidden.extend(within(pool.shelf(), &vector, radius.get()));
            }
        }
        // A seed's other versions are no news; that is, unless all versions are asked for.
        let own = standing
            .seeds
            .iter()
            .filter(|_| wanted.wishes.fold_families);
        let without: BTreeSet<TrackId> = own.chain(&standing.family_downs).copied().collect();
        let shelf = pool.shelf();
        let limits = shelf.facts.limits(wanted.wishes, &shelf.tag_names, without);
        let thumbs = standing
            .thumbed
            .iter()
            .filter(|(track, _)| pool.held().knows(**track));
        let newest = thumbs.max_by_key(|(_, said)| said.after);
        let newest = newest.map(|(&track, _)| (track, standing.ups.contains(&track)));
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
        let head = head.map(|(head, judged)| {
            let columns: Vec<Vec<f32>> = judged
                .iter()
                .filter_map(|&track| held.cosines(track))
                .collect();
            head.column(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>())
        });
        let tired = |track: &TrackId| {
            let plays = wanted.standing.heard.get(track);
            plays.map_or(0.0, |plays| fatigue(plays.days_ago(wanted.now)))
        };
        let fatigue: Vec<f32> = held.ids().iter().map(tired).collect();
        let ask = Ask {
            likes: &self.likes,
            dislikes: &self.dislikes,
            heard: &self.heard,
            head: head.as_deref(),
            fatigue: Some(&fatigue),
            knobs: wanted.knobs,
            limits: &self.limits,
            facts: pool.facts(),
            rows: wanted.rows,
        };
        let excluded = |track| wanted.standing.excludes(track) || self.hidden.contains(&track);
        answer(&ask, &excluded)
    }

    /// Directions in which relevance rises from `rows`.
    pub fn headings(&self, pool: &Pool, wanted: &Wanted<'_>, rows: &[Row]) -> Vec<Vec<f32>> {
        self.over(pool, wanted, |ask, _| pool.held().headings(ask, rows))
    }

    /// What the newest judgements teach beyond nearness, and the tracks it reads, the newest last.
    fn learnt(&self, pool: &Pool, wanted: &Wanted<'_>) -> Option<(Head, Vec<TrackId>)> {
        let standing = wanted.standing;
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

/// The unit search vector of a track that was spoken of; `None` for one that was not heard, or that has no
/// direction.
pub(super) fn vector(pool: &Pool, spoken: &[Spoken], track: TrackId) -> Result<Option<Vec<f32>>> {
    let shelf = pool.shelf();
    let vector = match spoken.iter().find(|spoken| spoken.id == track) {
        Some(spoken) => Some(shelf.space.project(&spoken.raw)?),
        None => shelf.index.vector(track).map(|vector| vector.to_vec()),
    };
    Ok(vector.filter(|vector| vector.iter().any(|&x| x != 0.0)))
}
