//! The sound device: asked whether it is there, and opened at the rate of the track.

use std::{
    any::Any,
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rodio::{
    CpalError, CpalErrorKind, DeviceSinkBuilder, DeviceSinkError, DeviceTrait, MixerDeviceSink,
    cpal::{default_host, traits::HostTrait},
    mixer::Mixer,
};

/// Why there is no sound on a machine without a card, a server or a driver for it.
const NONE: &str = "no device was found";

/// An open device.
pub struct Output {
    /// Where voices are added.
    pub mixer: Mixer,
    /// Sample rate in Hz that it was opened for.
    pub rate: u32,
    /// Set when the device has gone away.
    pub lost: Arc<AtomicBool>,
    /// Closes the device when it is dropped.
    #[expect(dead_code, reason = "it is there to be dropped")]
    pub guard: Box<dyn Any>,
}

/// Why there is no sound device. It is looked at, and not opened for playing.
pub fn probe() -> Result<(), String> {
    let device = default_host().default_output_device().ok_or(NONE)?;
    device
        .default_output_config()
        .map(|_| ())
        .map_err(|error| words(&error))
}

/// Opens the default device at `rate` Hz, or at its own rate where it refuses that one.
///
/// The track's own rate comes first because the system's resampler is better than the mixer's,
/// which interpolates linearly.
pub fn open(rate: u32) -> Result<Output, String> {
    let lost = Arc::new(AtomicBool::new(false));
    let sink = open_at(NonZero::new(rate), &lost)
        .or_else(|_| open_at(None, &lost))
        .map_err(|error| match error {
            DeviceSinkError::PlayError(error)
            | DeviceSinkError::DefaultSinkConfigError(error)
            | DeviceSinkError::BuildError(error)
            | DeviceSinkError::SupportedConfigsError(error) => words(&error),
            DeviceSinkError::NoDevice => NONE.to_owned(),
            DeviceSinkError::UnsupportedSampleFormat => error.to_string(),
        })?;
    Ok(Output {
        mixer: sink.mixer().clone(),
        rate,
        lost,
        guard: Box::new(sink),
    })
}

fn open_at(
    rate: Option<NonZero<u32>>,
    lost: &Arc<AtomicBool>,
) -> Result<MixerDeviceSink, DeviceSinkError> {
    let lost = Arc::clone(lost);
    let mut builder = DeviceSinkBuilder::from_default_device()?;
    if let Some(rate) = rate {
        builder = builder.with_sample_rate(rate);
    }
    let mut sink = builder
        .with_error_callback(move |error: CpalError| match error.kind() {
            CpalErrorKind::DeviceNotAvailable | CpalErrorKind::StreamInvalidated => {
                lost.store(true, Ordering::Relaxed);
            }
            _ => tracing::debug!(%error, "sound device"),
        })
        .open_stream()?;
    sink.log_on_drop(false);
    Ok(sink)
}

/// What the system said, plainer where it is what most machines without sound say.
fn words(error: &CpalError) -> String {
    match error.kind() {
        CpalErrorKind::DeviceNotAvailable | CpalErrorKind::HostUnavailable => NONE.to_owned(),
        _ => error.to_string(),
    }
}
