//! What lies between two tracks of the library.

use throughline_core::taste::path::{Place, path as lead};
use throughline_core::track::TrackId;

use crate::error::{AppError, Result};
use crate::shelf::Shelf;

/// At most `steps` tracks that lead from one track of `shelf` to another, without those that `excluded`
/// names.
pub(crate) fn path(
    shelf: &Shelf,
    [from, to]: [TrackId; 2],
    steps: usize,
    excluded: impl Fn(TrackId) -> bool,
) -> Result<Vec<TrackId>> {
    let place = |(id, vector, hub)| Place {
        id,
        vector,
        hub,
        artist: shelf.facts.get(id).artist,
    };
    let end = |track: TrackId| {
        let found = shelf.some([track]).next().map(place);
        found.ok_or(AppError::NotAnalysed(track.0))
    };
    let candidates: Vec<_> = shelf
        .candidates()
        .filter(|&(id, ..)| !excluded(id))
        .map(place)
        .collect();
    let steps = lead(end(from)?, end(to)?, &candidates, steps);
    Ok(steps.into_iter().map(|step| step.id).collect())
}
