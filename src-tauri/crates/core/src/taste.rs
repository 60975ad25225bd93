//! Ranking: from seeds and thumbs to a list, and why each row is there.
//!
//! [`held`] keeps the candidates of a throughline and their similarities to all that the listener spoke of
//! ([`hubs`] says in which measure); [`score`] makes a sum of parts of them, as the [`Knobs`] and time
//! ([`recency`], [`fatigue`]) will, and [`Head`] what the thumbs teach beyond nearness; [`limits`] say what may be
//! in a list, [`diversify`] puts it in order, and exploring exchanges rows of it for less familiar ones. [`why`] says what carries a row. [`thread`] tells beforehand
//! what the seeds have in common, and [`path`](path::path) leads from one track to another.

use ndarray::Array1;

mod agreement;
mod diversify;
mod exchange;
mod head;
pub mod held;
pub mod hubs;
mod kernel;
mod knobs;
pub mod limits;
mod novelty;
pub mod path;
mod recency;
mod score;
pub mod thread;
pub mod why;

pub use agreement::{Agreement, agreement, neighbourhood, reach};
pub use diversify::{FLOOR, diversify};
pub use head::{Head, InCharge, Judged, LEAST_THUMBS, MOST_JUDGED};
pub use knobs::Knobs;
pub use novelty::REACH;
pub use recency::{FATIGUE_HALF_LIFE_DAYS, HALF_LIFE_DAYS, HALF_LIFE_EVENTS, fatigue, recency};
pub use score::{Columns, Evidence, Parts, TIREDNESS, score};
pub use why::{SHARED_TAGS, TagStats, shared_tags};

/// A unit copy of `vector`; `None` for a vector without a direction (zero, or not finite).
fn unit(vector: &[f32]) -> Option<Vec<f32>> {
    let v = Array1::from_iter(vector.iter().map(|&x| f64::from(x)));
    let norm = v.dot(&v).sqrt();
    (norm.is_finite() && norm > 0.0).then(|| v.iter().map(|x| (x / norm) as f32).collect())
}
