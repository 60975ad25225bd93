//! Questions to the list of events: how it stood then, and what goes on from there.

use super::standing::undone;
use super::{Event, EventId, What};

/// The events of `events` from before `time`, Unix milliseconds, in their order:
/// [`Standing::of`](super::Standing::of) them is how the throughline stood then. What was undone only
/// later counts as it did then.
pub fn before(events: &[Event], time: i64) -> Vec<Event> {
    events
        .iter()
        .filter(|event| event.at < time)
        .copied()
        .collect()
}

/// What a new throughline begins with that branches off behind the event `at`: the acts up to and with it
/// that counted then, in their order, undone ones and their undoing left out. Acts on the whole library
/// are left out as well, since they hold in the branch as they are.
pub fn branch(events: &[Event], at: EventId) -> Vec<Event> {
    let until: Vec<Event> = events
        .iter()
        .filter(|event| event.id <= at)
        .copied()
        .collect();
    let undone = undone(&until);
    until
        .into_iter()
        .filter(|event| !undone.contains(&event.id))
        .filter(|event| !matches!(event.what, What::Undid(_)) && !event.what.is_everywhere())
        .collect()
}
