//! Steering a throughline beyond thumbs: knobs, weights, negative seeds, what is hidden, what was heard.

use throughline_core::feedback::{Act, Knob, Thousandths, What};
use throughline_core::track::TrackId;

use super::standing;
use crate::discover;
use crate::error::{AppError, Result};
use crate::session::Session;
use crate::view::{Thread, Track};

/// Weight of a seed at most: four voices drown most others, and a listener who wants more takes the
/// others away.
const MOST_WEIGHT: f32 = 4.0;

/// Share of a track after which it counts as played; what is left sooner was skipped.
const PLAYED: f64 = 0.5;

/// Steps of a path at most: more than a listener walks, and every track is looked at for each.
const MOST_STEPS: usize = 50;

impl Session {
    /// Turns a knob of the open throughline to `value`, `0..=1`.
    pub fn turn_knob(&self, knob: Knob, value: f32, now: i64) -> Result<Thread> {
        let place = Thousandths::of(value.clamp(0.0, 1.0));
        self.say(What::Turned(knob, place), now)?;
        self.thread(now)
    }

    /// Lets a seed of either kind weigh `weight`, `0..=4`, beside the others, which weigh one.
    pub fn weigh_seed(&self, id: i64, weight: f32, now: i64) -> Result<Thread> {
        let weight = Thousandths::of(weight.clamp(0.0, MOST_WEIGHT));
        self.say(What::Weighed(TrackId(id), weight), now)?;
        self.thread(now)
    }

    /// Makes tracks negative seeds: the list turns away from them.
    pub fn oppose(&self, ids: &[i64], now: i64) -> Result<Thread> {
        for &id in ids {
            self.must_have_vectors(TrackId(id))?;
        }
        for &id in ids {
            self.act(Act::Opposed, id, now)?;
        }
        self.thread(now)
    }

    /// Thumb down for a track and all its versions.
    pub fn rate_family(&self, id: i64, now: i64) -> Result<Thread> {
        self.act(Act::DownFamily, id, now)?;
        self.thread(now)
    }

    /// How many tracks of the library a thumb down with this `radius`, `0..=2`, would hide: those whose cosine
    /// to the track is at least one less the radius, itself included.
    pub fn would_hide(&self, id: i64, radius: f32) -> Result<usize> {
        let shelf = self.shelf()?;
        let vector = shelf
            .index
            .vector(TrackId(id))
            .ok_or(AppError::NotAnalysed(id))?;
        Ok(discover::within(
            &shelf,
            &vector.to_vec(),
            Thousandths::of(radius.clamp(0.0, 2.0)).get(),
        )
        .len())
    }

    /// Thumb down for a track and all that sounds like it.
    pub fn down_near(&self, id: i64, radius: f32, now: i64) -> Result<Thread> {
        let radius = Thousandths::of(radius.clamp(0.0, 2.0));
        self.say(What::DownNear(TrackId(id), radius), now)?;
        self.thread(now)
    }

    /// The versions of a track that the library has, the one that stands for them first; that track alone
    /// where there are none.
    pub fn versions(&self, id: i64) -> Result<Vec<Track>> {
        self.track(id)?;
        let shelf = self.shelf()?;
        self.tracks(&shelf.facts.family(TrackId(id)))
    }

    /// Remembers that `seconds` of a track that is `of` seconds long were heard in the open throughline.
    pub fn listened(&self, id: i64, seconds: f64, of: f64, now: i64) -> Result<()> {
        let played = of > 0.0 && seconds / of >= PLAYED;
        self.act(if played { Act::Played } else { Act::Skipped }, id, now)
    }

    /// At most `steps` tracks, 50 whatever is asked, that lead from one track to another, in order; neither is among
    /// them. The ends may be guests, or tracks whose files are gone.
    pub fn path(&self, from: i64, to: i64, steps: usize) -> Result<Vec<Track>> {
        let banished = {
            let library = self.library();
            standing(&library, &library.throughlines().open()?)?.banished
        };
        let shelf = self.shelf()?;
        let ids = [from, to].map(TrackId);
        let stored = self.library().vectors().some(&shelf.recipe, &ids)?;
        let end = |id: TrackId| {
            let vector = stored.iter().find(|vector| vector.track == id);
            let vector = vector.ok_or(AppError::NotAnalysed(id.0))?;
            Ok::<_, AppError>((id, shelf.space.project(&vector.raw())?))
        };
        let ends = [end(ids[0])?, end(ids[1])?];
        let steps = steps.min(MOST_STEPS);
        let found = discover::path(&shelf, &ends, steps, |track| banished.contains(&track));
        self.tracks(&found)
    }
}
