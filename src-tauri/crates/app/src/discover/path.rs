//! What lies between two tracks.

use throughline_core::taste::path::{Place, path as lead};
use throughline_core::track::TrackId;

use crate::shelf::Shelf;

/// At most `steps` tracks of `shelf` that lead from one of `ends` to the other, without those that `excluded`
/// names. The ends need not be on the shelf; each comes with its unit search vector.
pub(crate) fn path(
    shelf: &Shelf,
    ends: &[(TrackId, Vec<f32>); 2],
    steps: usize,
    excluded: impl Fn(TrackId) -> bool,
) -> Vec<TrackId> {
    let artist = |id| shelf.facts.get(id).artist;
    let [from, to] = ends.each_ref().map(|(id, vector)| Place {
        id: *id,
        vector: vector.as_slice().into(),
        hub: shelf.hub(*id, vector),
        artist: artist(*id),
    });
    let candidates: Vec<_> = shelf
        .candidates()
        .filter(|&(id, ..)| !excluded(id))
        .map(|(id, vector, hub)| Place {
            id,
            vector,
            hub,
            artist: artist(id),
        })
        .collect();
    let steps = lead(from, to, &candidates, steps);
    steps.into_iter().map(|step| step.id).collect()
}
