//! The score of the held candidates: of all of them, or of those that what is asked brought in.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Ask, Column, Held, Learnt, Voice};
use crate::taste::kernel::Voices;
use crate::taste::score::{Columns, Evidence, Parts, scored};
use crate::track::TrackId;

impl Held {
    /// The voices whose anchors are known, with what is known of these, by ascending id.
    pub(super) fn known(&self, voices: &[Voice]) -> Vec<(Voice, &Column)> {
        let mut known: Vec<_> = voices
            .iter()
            .filter_map(|voice| Some((*voice, self.anchors.get(&voice.anchor)?)))
            .collect();
        known.sort_by_key(|(voice, _)| voice.anchor);
        known
    }

    /// The places of the candidates that are there for good, or came in for what is asked.
    pub(super) fn here(&self, ask: &Ask<'_>) -> Vec<usize> {
        let voices = ask.likes.iter().chain(ask.dislikes);
        let asked: BTreeSet<TrackId> = voices.map(|voice| voice.anchor).collect();
        let here = |brought: &[TrackId]| {
            brought.is_empty() || brought.iter().any(|anchor| asked.contains(anchor))
        };
        let brought = self.brought.iter().enumerate();
        brought
            .filter_map(|(place, brought)| here(brought).then_some(place))
            .collect()
    }

    /// The parts of every candidate's score, `[candidates]`, with all that was said but of the like `without`.
    /// Candidates that are not `here` have none of the score, and no say in what is near or far.
    pub(super) fn scored(
        &self,
        ask: &Ask<'_>,
        here: &[usize],
        without: Option<TrackId>,
    ) -> (Vec<Parts>, Voices) {
        let mut likes = self.known(ask.likes);
        likes.retain(|(voice, _)| Some(voice.anchor) != without);
        let (likes, dislikes, heard) = (
            self.columns(likes, here),
            self.columns(self.known(ask.dislikes), here),
            self.columns(self.known(ask.heard), here),
        );
        let head = ask.head.map(|learnt| self.taught(learnt));
        let head = head.as_deref().map(|column| self.at(column, here));
        let fatigue = ask.fatigue.map(|column| self.at(column, here));
        let columns = Columns {
            likes: &evidence(&likes),
            dislikes: &evidence(&dislikes),
            heard: &evidence(&heard),
            head: head.as_deref(),
            fatigue: fatigue.as_deref(),
        };
        let (parts, voices) = scored(&columns, ask.knobs);
        if parts.is_empty() || parts.len() == self.ids.len() {
            return (parts, voices);
        }
        let nothing = Parts {
            anchors: f32::NEG_INFINITY,
            ..Parts::default()
        };
        let mut all = vec![nothing; self.ids.len()];
        for (&place, parts) in here.iter().zip(parts) {
            all[place] = parts;
        }
        (all, voices)
    }

    /// What a head adds to each candidate, `[candidates]`.
    fn taught(&self, learnt: Learnt<'_>) -> Vec<f32> {
        let places = 0..self.ids.len();
        let cosines = |id: &TrackId| -> Vec<f32> {
            let column = self.anchors.get(id);
            let cosine = |place| column.map_or(0.0, |column| self.cosine(column, place));
            places.clone().map(cosine).collect()
        };
        let columns: Vec<Vec<f32>> = learnt.judged.iter().map(cosines).collect();
        let columns: Vec<&[f32]> = columns.iter().map(Vec::as_slice).collect();
        learnt.head.column(&columns)
    }

    /// A column at the places `here`: itself where these are all of them, as they are until something is taken
    /// back.
    fn at<'a>(&self, column: &'a [f32], here: &[usize]) -> Cow<'a, [f32]> {
        if here.len() == self.ids.len() {
            Cow::Borrowed(column)
        } else {
            here.iter().map(|&place| column[place]).collect()
        }
    }

    pub(super) fn columns<'a>(
        &self,
        known: Vec<(Voice, &'a Column)>,
        here: &[usize],
    ) -> Vec<(Voice, Cow<'a, [f32]>)> {
        known
            .into_iter()
            .map(|(voice, column)| (voice, self.at(&column.similarity, here)))
            .collect()
    }
}

/// Voices with their columns, as the score asks for them.
pub(super) fn evidence<C: AsRef<[f32]>>(spoken: &[(Voice, C)]) -> Vec<Evidence<'_>> {
    let evidence = spoken.iter().map(|(voice, column)| Evidence {
        weight: voice.weight,
        pocket: voice.pocket,
        similarity: column.as_ref(),
    });
    evidence.collect()
}

impl AsRef<[f32]> for Column {
    fn as_ref(&self) -> &[f32] {
        &self.similarity
    }
}
