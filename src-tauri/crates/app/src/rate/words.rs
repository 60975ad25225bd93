//! A throughline in words: what its seeds are to each other, what was left out, what an undo takes back.

use std::collections::BTreeMap;

use throughline_core::embedding::Recipe;
use throughline_core::feedback::{Act, Event, Knob, Standing, What};
use throughline_core::taste::thread::sentence;
use throughline_core::track::TrackId;

use crate::discover::{Listed, Spoken};
use crate::engine::name_of;
use crate::error::{AppError, Result};
use crate::session::Session;
use crate::shelf::Shelf;
use crate::view::{CheckKind, ThreadCheck, Track};

/// Tracks that a note names at most.
const NAMED: usize = 3;

impl Session {
    /// The thread check in words.
    pub(super) fn check(&self, listed: &Listed) -> Result<ThreadCheck> {
        let titles: BTreeMap<i64, String> = self
            .tracks(&listed.seeds)?
            .into_iter()
            .map(|track| (track.id, track.title))
            .collect();
        let name = |place: usize| {
            let title = titles.get(&listed.seeds[place].0);
            title.map_or("a file", String::as_str)
        };
        Ok(ThreadCheck {
            kind: CheckKind::from(listed.thread.kind),
            pockets: listed
                .thread
                .pockets
                .iter()
                .map(|pocket| pocket.iter().map(|&place| listed.seeds[place].0).collect())
                .collect(),
            sentence: sentence(&listed.thread, name),
        })
    }

    /// Says which seeds and liked tracks count for nothing, since they have no vectors of `recipe`: they
    /// failed under it, were gone when it was built, or only ever were guests.
    /// `spoken` are those of them that `shelf` does not hold, as far as they have vectors.
    pub(super) fn unheard(
        &self,
        recipe: &Recipe,
        standing: &Standing,
        spoken: &[Spoken],
        shelf: Option<&Shelf>,
    ) -> Result<Option<String>> {
        let named = standing.seeds.iter().chain(&standing.ups).copied();
        let is_heard = |track: &TrackId| {
            shelf.is_some_and(|shelf| shelf.index.vector(*track).is_some())
                || spoken.iter().any(|spoken| spoken.id == *track)
        };
        let mut unheard: Vec<TrackId> = named.filter(|track| !is_heard(track)).collect();
        if unheard.is_empty() {
            return Ok(None);
        }
        let more = unheard.len().saturating_sub(NAMED);
        unheard.truncate(NAMED);
        let mut names: Vec<_> = self
            .tracks(&unheard)?
            .into_iter()
            .map(|track| format!("“{}”", track.title))
            .collect();
        if more > 0 {
            names.push(format!("{more} more"));
        }
        Ok(Some(format!(
            "left out, since {} has not heard them: {}; build the library, or drop the file again",
            name_of(&recipe.model),
            names.join(", ")
        )))
    }

    /// What undoing `event` would take back, in words.
    pub(super) fn describe(&self, event: Event) -> Result<String> {
        let words = match event.what {
            What::Did(act, _) => match act {
                Act::Seeded => "adding the seed",
                Act::Opposed => "turning away from",
                Act::Unseeded => "taking away the seed",
                Act::Up => "thumb up for",
                Act::Down => "thumb down for",
                Act::DownFamily => "thumb down for all versions of",
                Act::Cleared => "taking back the thumb for",
                Act::Played | Act::Skipped => "playing",
                Act::Banished => "never showing",
                Act::Pardoned => "showing again",
            },
            What::Weighed(..) => "weighing the seed",
            What::DownNear(..) => "thumb down for all that sounds like",
            What::Turned(Knob::Breadth, _) => return Ok("turning the breadth".to_owned()),
            What::Turned(Knob::Explore, _) => return Ok("turning how far to explore".to_owned()),
            What::Undid(_) => {
                return Err(AppError::Internal("an undo cannot be undone".to_owned()));
            }
        };
        let track = event
            .what
            .track()
            .map(|track| self.tracks(&[track]))
            .transpose()?;
        let title = track
            .and_then(|mut tracks| tracks.pop())
            .map_or_else(String::new, |track: Track| track.title);
        Ok(format!("{words} “{title}”"))
    }
}
