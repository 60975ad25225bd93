//! From the held columns to a list with its whys.

use super::Held;
use crate::taste::agreement::agreement;
use crate::taste::diversify::{FLOOR, diversify};
use crate::taste::limits::{Facts, Limits};
use crate::taste::score::{Columns, Evidence, Knobs, Parts, score, shares};
use crate::taste::why::{InCharge, Share, Why};
use crate::track::TrackId;

/// What one anchor says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Voice {
    /// The anchor; one that the pool does not know says nothing.
    pub anchor: TrackId,
    /// What it weighs: its weight as a seed times its recency. Positive.
    pub weight: f32,
    /// The pocket of the thread that it lies in.
    pub pocket: usize,
    /// Whether it is a seed, and not a thumb.
    pub seed: bool,
}

/// What is asked of the pool.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Seeds and thumbs up.
    pub likes: &'a [Voice],
    /// Negative seeds and thumbs down.
    pub dislikes: &'a [Voice],
    /// What a learnt head adds to each candidate, `[candidates]`.
    pub head: Option<&'a [f32]>,
    /// How unfamiliar each candidate is, `[candidates]`: see [`Held::novelty`].
    pub novelty: Option<&'a [f32]>,
    /// Where the knobs stand.
    pub knobs: Knobs,
    /// What the listener wants in a list.
    pub limits: &'a Limits,
    /// What the limits ask of each candidate, `[candidates]`.
    pub facts: &'a [Facts],
    /// Rows at most.
    pub rows: usize,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The track.
    pub id: TrackId,
    /// Its place in the pool.
    pub place: usize,
    /// Its rank by relevance among all candidates that may be in the list, from 1.
    pub rank: usize,
    /// Why it is there.
    pub why: Why,
}

impl Held {
    /// The list for `ask`, best first, without the tracks that `excluded` names.
    ///
    /// Candidates are scored; those that the limits admit are taken from the most relevant on, until the
    /// floor is reached ([`FLOOR`] times the rows); and these are put in order by their whole score and
    /// by how unlike each other they are. Equal input gives an
    /// equal list, in whatever order candidates and anchors came: ties fall to the smaller id.
    ///
    /// # Panics
    /// When `facts`, `head` or `novelty` are fewer than the candidates.
    pub fn list(&self, ask: &Ask<'_>, excluded: impl Fn(TrackId) -> bool) -> Vec<Row> {
        let likes = self.evidence(ask.likes);
        let dislikes = self.evidence(ask.dislikes);
        let parts = self.parts(ask, &likes, &dislikes);
        if parts.is_empty() {
            return Vec::new();
        }
        let ranked = self.ranked(ask, &parts, &excluded);
        let mut count = ask.limits.count();
        let window: Vec<(usize, usize)> = (1..)
            .zip(ranked)
            .filter(|&(_, place)| count.takes(&ask.facts[place]))
            .take(ask.rows.saturating_mul(FLOOR))
            .collect();
        // The floor is one of relevance alone; above it, what is unfamiliar counts as well.
        let scores: Vec<f32> = window
            .iter()
            .map(|&(_, place)| parts[place].total())
            .collect();
        let likeness = |a: usize, b: usize| self.likeness(window[a].1, window[b].1);
        let picked = diversify(&scores, likeness, ask.rows, ask.knobs.explore);

        let mut nearness: Vec<f32> = parts.iter().map(|parts| parts.anchors).collect();
        nearness.sort_unstable_by(f32::total_cmp);
        picked
            .into_iter()
            .map(|at| {
                let (rank, place) = window[at];
                let nearer = nearness.len()
                    - nearness.partition_point(|x| x.total_cmp(&parts[place].anchors).is_le());
                Row {
                    id: self.ids[place],
                    place,
                    rank,
                    why: self.why(ask, &likes, parts[place], place, nearer),
                }
            })
            .collect()
    }

    /// The rank that each of `rows` would have without the seed `without`, from 1; in the order of
    /// `rows`. Rows are those of a list for the same `ask`.
    ///
    /// # Panics
    /// As [`Held::list`].
    pub fn ranks_without(
        &self,
        ask: &Ask<'_>,
        excluded: impl Fn(TrackId) -> bool,
        without: TrackId,
        rows: &[Row],
    ) -> Vec<usize> {
        let left: Vec<Voice> = ask
            .likes
            .iter()
            .filter(|voice| voice.anchor != without)
            .copied()
            .collect();
        let parts = self.parts(ask, &self.evidence(&left), &self.evidence(ask.dislikes));
        if parts.is_empty() {
            return rows.iter().map(|row| row.rank).collect();
        }
        let mut ranks = vec![0; self.ids.len()];
        // The candidates are the same ones, those that came in for `without` included: only the score
        // is another.
        for (rank, place) in (1..).zip(self.ranked(ask, &parts, &excluded)) {
            ranks[place] = rank;
        }
        rows.iter().map(|row| ranks[row.place]).collect()
    }

    /// Evidence of the voices whose anchors are known, with each the anchor and its reach if it is a
    /// seed. In an order of their own, so that the order of voices cannot even change rounding.
    fn evidence(&self, voices: &[Voice]) -> Vec<(Voice, Evidence<'_>, f32)> {
        let mut evidence: Vec<_> = voices
            .iter()
            .filter_map(|voice| {
                let column = self.anchors.get(&voice.anchor)?;
                let said = Evidence {
                    weight: voice.weight,
                    pocket: voice.pocket,
                    similarity: &column.similarity,
                };
                Some((*voice, said, column.reach))
            })
            .collect();
        evidence.sort_by_key(|(voice, ..)| voice.anchor);
        evidence
    }

    fn parts(
        &self,
        ask: &Ask<'_>,
        likes: &[(Voice, Evidence<'_>, f32)],
        dislikes: &[(Voice, Evidence<'_>, f32)],
    ) -> Vec<Parts> {
        let (likes, dislikes) = (said(likes), said(dislikes));
        let columns = Columns {
            likes: &likes,
            dislikes: &dislikes,
            head: ask.head,
            novelty: ask.novelty,
        };
        score(&columns, ask.knobs)
    }

    /// Places of the candidates that may be in the list, the most relevant first, what is no number last.
    fn ranked(
        &self,
        ask: &Ask<'_>,
        parts: &[Parts],
        excluded: &impl Fn(TrackId) -> bool,
    ) -> Vec<usize> {
        let asked = |anchor: &TrackId| ask.likes.iter().any(|voice| voice.anchor == *anchor);
        let here = |place: usize| {
            let brought = &self.brought[place];
            brought.is_empty() || brought.iter().any(asked)
        };
        let mut scored: Vec<(f32, usize)> = self
            .ids
            .iter()
            .enumerate()
            .filter(|&(place, &id)| {
                here(place) && !excluded(id) && ask.limits.admits(&ask.facts[place])
            })
            .map(|(place, _)| {
                let score = parts[place].relevance();
                (
                    if score.is_nan() {
                        f32::NEG_INFINITY
                    } else {
                        score
                    },
                    place,
                )
            })
            .collect();
        scored.sort_unstable_by(|(a, p), (b, q)| {
            b.total_cmp(a).then(self.ids[*p].cmp(&self.ids[*q]))
        });
        scored.into_iter().map(|(_, place)| place).collect()
    }

    fn why(
        &self,
        ask: &Ask<'_>,
        likes: &[(Voice, Evidence<'_>, f32)],
        parts: Parts,
        place: usize,
        nearer: usize,
    ) -> Why {
        let mut anchors: Vec<Share> = likes
            .iter()
            .zip(shares(&said(likes), ask.knobs, place))
            .map(|((voice, ..), share)| Share {
                id: voice.anchor,
                share,
            })
            .collect();
        anchors.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.id.cmp(&b.id)));
        let others = self.library.max(self.ids.len()).saturating_sub(1).max(1);
        let seeds = likes
            .iter()
            .filter(|(voice, ..)| voice.seed)
            .map(|(_, evidence, reach)| (evidence.similarity[place], *reach));
        Why {
            parts,
            anchors,
            percentile: 1.0 - nearer as f32 / others as f32,
            agreement: agreement(seeds),
            novelty: ask.novelty.map_or(0.0, |novelty| novelty[place]),
            in_charge: if ask.head.is_some() {
                InCharge::Head
            } else {
                InCharge::Anchors
            },
        }
    }
}

fn said<'a>(evidence: &[(Voice, Evidence<'a>, f32)]) -> Vec<Evidence<'a>> {
    evidence.iter().map(|(_, said, _)| *said).collect()
}
