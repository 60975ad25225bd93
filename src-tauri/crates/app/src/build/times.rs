//! How long the stages of a build are busy.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use throughline_library::StageTime;

use crate::view::{Stage, StageName};

/// Stages in the order in which a song goes through them, with their stable names and words.
const STAGES: [(StageName, &str, &str); 5] = [
    (StageName::Crawl, "crawl", "asking the catalogue"),
    (StageName::Fetch, "fetch", "streaming previews"),
    (StageName::Decode, "decode", "decoding"),
    (StageName::Embed, "embed", "embedding"),
    (StageName::Store, "store", "writing to the library"),
];

/// How long the stages of a build were busy so far, each summed over its threads.
#[derive(Debug, Default)]
pub(crate) struct Times([AtomicU64; STAGES.len()]);

impl Times {
    /// Does `work`, which is part of `stage`.
    pub fn of<T>(&self, stage: StageName, work: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = work();
        self.add(stage, begun.elapsed());
        done
    }

    /// Notes that `stage` was busy for `time`.
    pub fn add(&self, stage: StageName, time: Duration) {
        self.0[stage as usize].fetch_add(time.as_nanos() as u64, Ordering::Relaxed);
    }

    /// What is kept of them; `threads` says how many each stage had.
    pub fn kept(&self, threads: impl Fn(StageName) -> usize) -> Vec<StageTime> {
        let stages = STAGES.iter().zip(&self.0);
        stages
            .map(|((stage, name, _), ns)| StageTime {
                name: (*name).to_owned(),
                seconds: Duration::from_nanos(ns.load(Ordering::Relaxed)).as_secs_f64(),
                threads: u32::try_from(threads(*stage)).unwrap_or(u32::MAX),
            })
            .collect()
    }
}

/// What was kept, as it is shown: in the order of the stages, the one marked that was busiest a thread.
pub(crate) fn shown(kept: &[StageTime]) -> Vec<Stage> {
    let each = |time: &StageTime| time.seconds / f64::from(time.threads.max(1));
    let most = kept.iter().map(each).fold(0.0, f64::max);
    let of = |name: &str| kept.iter().find(|time| time.name == name);
    let stages = STAGES.iter().filter_map(|&(name, stable, words)| {
        let time = of(stable)?;
        Some(Stage {
            name,
            words: words.to_owned(),
            seconds: time.seconds,
            busiest: most > 0.0 && each(time) >= most,
        })
    });
    stages.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_stage_is_busiest_for_its_threads() {
        let times = Times::default();
        for (stage, seconds) in [
            (StageName::Crawl, 3),
            (StageName::Fetch, 8),
            (StageName::Embed, 4),
        ] {
            times.add(stage, Duration::from_secs(seconds));
        }
        assert_eq!(times.of(StageName::Store, || 7), 7);
        let kept = times.kept(|stage| if stage == StageName::Fetch { 4 } else { 1 });
        let shown = shown(&kept);
        let names: Vec<_> = shown.iter().map(|stage| stage.name).collect();
        assert_eq!(names, STAGES.map(|(name, ..)| name));
        let busiest: Vec<_> = shown.iter().filter(|stage| stage.busiest).collect();
        assert_eq!(busiest.len(), 1);
        assert_eq!(
            busiest[0].name,
            StageName::Embed,
            "8 s of four are 2 s each"
        );
        assert!((shown[1].seconds - 8.0).abs() < 1e-9);
        assert!(super::shown(&[]).is_empty());
    }
}
