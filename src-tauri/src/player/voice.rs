//! A voice: a track being heard, decoded ahead on a thread of its own.
//!
//! The device's callback only takes samples that are ready; where there are none it takes silence.

use std::{
    num::NonZero,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
        mpsc::{Receiver, TryRecvError, sync_channel},
    },
    thread,
    time::Duration,
    vec,
};

use rodio::{ChannelCount, Sample, SampleRate, Source, mixer::Mixer};
use throughline_app::audio::Stream;

/// Blocks decoded ahead of the device, each a packet or so: about half a second.
const AHEAD: usize = 24;

/// A track being heard. It falls silent when it is dropped.
pub struct Voice {
    shared: Arc<Shared>,
    from_s: f64,
    rate: SampleRate,
}

#[derive(Default)]
struct Shared {
    paused: AtomicBool,
    dropped: AtomicBool,
    ended: AtomicBool,
    frames: AtomicU64,
    error: Mutex<Option<String>>,
}

impl Voice {
    /// Adds what is left of `stream` to the sound of `mixer`; `None` when the stream's format is
    /// none that can be played.
    pub fn start(mut stream: Stream, mixer: &Mixer) -> Option<Self> {
        let channels = NonZero::new(u16::try_from(stream.info().channels).ok()?)?;
        let rate = NonZero::new(stream.info().sample_rate)?;
        let from_s = stream.position_s();
        let shared = Arc::new(Shared::default());
        let (sender, blocks) = sync_channel(AHEAD);
        thread::spawn({
            let shared = Arc::clone(&shared);
            move || loop {
                match stream.next_block() {
                    Ok(Some(block)) => {
                        if sender.send(block.to_vec()).is_err() {
                            return;
                        }
                    }
                    Ok(None) => return,
                    Err(error) => {
                        *shared.error.lock().unwrap_or_else(PoisonError::into_inner) =
                            Some(error.to_string());
                        return;
                    }
                }
            }
        });
        mixer.add(Feed {
            shared: Arc::clone(&shared),
            blocks,
            block: Vec::new().into_iter(),
            channels,
            rate,
            left: 0,
            sounding: false,
        });
        Some(Self {
            shared,
            from_s,
            rate,
        })
    }

    /// Seconds from the start of the track to what the device takes next.
    pub fn position_s(&self) -> f64 {
        self.from_s + self.played_s()
    }

    /// Seconds that the device has taken.
    pub fn played_s(&self) -> f64 {
        self.shared.frames.load(Relaxed) as f64 / f64::from(self.rate.get())
    }

    /// Whether it is held.
    pub fn paused(&self) -> bool {
        self.shared.paused.load(Relaxed)
    }

    /// Holds it, or lets it go on.
    pub fn set_paused(&self, paused: bool) {
        self.shared.paused.store(paused, Relaxed);
    }

    /// Whether the device has taken everything there was.
    pub fn ended(&self) -> bool {
        self.shared.ended.load(Relaxed)
    }

    /// Why the decoder gave up, if it did.
    pub fn error(&self) -> Option<String> {
        self.shared
            .error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        self.shared.dropped.store(true, Relaxed);
    }
}

/// The end of a voice that the device's callback holds.
struct Feed {
    shared: Arc<Shared>,
    blocks: Receiver<Vec<f32>>,
    block: vec::IntoIter<f32>,
    channels: ChannelCount,
    rate: SampleRate,
    /// Samples left of the frame that is being handed out.
    left: u16,
    /// Whether that frame is the track's and not silence.
    sounding: bool,
}

impl Feed {
    /// Whether the next frame is the track's; `None` when there will be no more.
    fn begin_frame(&mut self) -> Option<bool> {
        if self.shared.dropped.load(Relaxed) {
            return None;
        }
        if self.shared.paused.load(Relaxed) {
            return Some(false);
        }
        if self.block.as_slice().is_empty() {
            match self.blocks.try_recv() {
                Ok(block) => self.block = block.into_iter(),
                Err(TryRecvError::Empty) => return Some(false),
                Err(TryRecvError::Disconnected) => {
                    self.shared.ended.store(true, Relaxed);
                    return None;
                }
            }
        }
        self.shared.frames.fetch_add(1, Relaxed);
        Some(true)
    }
}

impl Iterator for Feed {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        if self.left == 0 {
            self.sounding = self.begin_frame()?;
            self.left = self.channels.get();
        }
        self.left -= 1;
        Some(if self.sounding {
            self.block.next().unwrap_or(0.0)
        } else {
            0.0
        })
    }
}

impl Source for Feed {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> ChannelCount {
        self.channels
    }

    fn sample_rate(&self) -> SampleRate {
        self.rate
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}
