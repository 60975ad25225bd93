//! What a crawl will take before it runs: calls, minutes, gigabytes, hours; and what holds it up.

use serde::{Deserialize, Serialize};

/// Bytes of a preview: 30 s of AAC at 256 kbit/s, 960,000, and its container.
pub const PREVIEW_BYTES: f64 = 1e6;

/// How fast each stage goes. Each is above 0; what is not counts as not going at all.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// Calls of the catalogue a minute.
    pub calls_per_minute: f64,
    /// Bytes of previews a second.
    pub bytes_per_second: f64,
    /// Songs decoded and embedded a second, as measured on this device with this model.
    pub songs_per_second: f64,
}

/// What an order will take. The stages run side by side, so the slowest is the whole.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Calls of the catalogue.
    pub calls: usize,
    /// Songs that will be embedded.
    pub songs: usize,
    /// Minutes in all. Infinite where a stage does not go.
    pub minutes: f64,
    /// Bytes of previews to stream.
    pub bytes: u64,
    /// Hours of decoding and embedding.
    pub embed_hours: f64,
    /// The stage that all wait for.
    pub limit: Bottleneck,
}

/// The slowest stage of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bottleneck {
    /// The catalogue's calls a minute.
    Calls,
    /// The network that previews come over.
    Stream,
    /// Decoding and embedding.
    Embed,
}

impl Estimate {
    /// What `calls` calls and `songs` songs take at `pace`.
    pub fn of(calls: usize, songs: usize, pace: &Pace) -> Self {
        let bytes = songs as f64 * PREVIEW_BYTES;
        let stages = [
            (
                Bottleneck::Calls,
                took(calls as f64, pace.calls_per_minute / 60.0),
            ),
            (Bottleneck::Stream, took(bytes, pace.bytes_per_second)),
            (Bottleneck::Embed, took(songs as f64, pace.songs_per_second)),
        ];
        // The first of equals, which is the one nearest to the source.
        let (limit, seconds) = stages
            .into_iter()
            .reduce(|slowest, stage| if stage.1 > slowest.1 { stage } else { slowest })
            .unwrap_or((Bottleneck::Calls, 0.0));
        Self {
            calls,
            songs,
            minutes: seconds / 60.0,
            bytes: bytes as u64,
            embed_hours: stages[2].1 / 3600.0,
            limit,
        }
    }
}

/// Seconds for `work` at `rate` a second.
fn took(work: f64, rate: f64) -> f64 {
    if work == 0.0 {
        0.0
    } else if rate > 0.0 {
        work / rate
    } else {
        f64::INFINITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace {
        calls_per_minute: 20.0,
        bytes_per_second: 5e6,
        songs_per_second: 20.0,
    };

    #[test]
    fn the_slowest_stage_is_the_whole() {
        let calls = Estimate::of(640, 16_000, &PACE);
        assert_eq!(
            (calls.limit, calls.minutes),
            (Bottleneck::Stream, 16_000.0 / 5.0 / 60.0)
        );
        assert_eq!(calls.bytes, 16_000_000_000);
        let slow_calls = Estimate::of(1_200, 16_000, &PACE);
        assert_eq!(
            (slow_calls.limit, slow_calls.minutes),
            (Bottleneck::Calls, 60.0)
        );
        let slow_model = Pace {
            songs_per_second: 1.0,
            ..PACE
        };
        let embed = Estimate::of(640, 7_200, &slow_model);
        assert_eq!((embed.limit, embed.embed_hours), (Bottleneck::Embed, 2.0));
        assert!(
            (embed.minutes - 120.0).abs() < 1e-9,
            "{} minutes",
            embed.minutes
        );
    }

    #[test]
    fn a_stage_that_stands_still_never_ends() {
        for rate in [0.0, -1.0, f64::NAN] {
            let pace = Pace {
                bytes_per_second: rate,
                ..PACE
            };
            let estimate = Estimate::of(1, 1, &pace);
            assert_eq!(estimate.limit, Bottleneck::Stream);
            assert!(estimate.minutes.is_infinite(), "at {rate} bytes a second");
            assert_eq!(
                Estimate::of(0, 0, &pace).minutes as u64,
                0,
                "nothing to do takes no time"
            );
        }
    }
}
