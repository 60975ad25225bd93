//! The decoders: symphonia's own, and Opus.

use std::sync::LazyLock;

use symphonia::core::{
    audio::{Channels, layouts::CHANNEL_LAYOUT_MONO},
    codecs::{
        audio::{
            AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions,
            well_known::{
                CODEC_ID_AAC, CODEC_ID_AC3, CODEC_ID_AC4, CODEC_ID_DCA, CODEC_ID_EAC3,
                CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3, CODEC_ID_OPUS, CODEC_ID_SPEEX,
                CODEC_ID_VORBIS, CODEC_ID_WMA,
            },
        },
        registry::CodecRegistry,
    },
    errors::Error,
};

use crate::{AudioError, probe::guarded};

static REGISTRY: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut registry = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut registry);
    registry.register_audio_decoder::<symphonia_adapter_libopus::OpusDecoder>();
    registry
});

/// A decoder for a track with `params`. It trims nothing: each packet gives all its frames, or with
/// `mono_at` Hz, which [`gives_mono_at`] allows, the mean over its channels at that rate.
pub(crate) fn decoder(
    params: &AudioCodecParameters,
    mono_at: Option<u32>,
) -> Result<Box<dyn AudioDecoder>, AudioError> {
    check(
        params.sample_rate,
        params.channels.as_ref().map(Channels::count),
    )?;
    let options = AudioDecoderOptions::default().gapless(false);
    let mut params = params.clone();
    if params.codec == CODEC_ID_OPUS {
        // With its header the decoder would take the delay off the first packet that it sees, also
        // after a jump.
        params.extra_data = None;
    }
    if mono_at.is_some() {
        params.sample_rate = mono_at;
        params.channels = Some(CHANNEL_LAYOUT_MONO);
    }
    guarded(|| REGISTRY.make_audio_decoder(&params, &options))?.map_err(|error| match error {
        Error::Unsupported(what) => AudioError::Unsupported {
            codec: name(params.codec, what),
        },
        error => AudioError::Damaged {
            detail: error.to_string(),
        },
    })
}

/// Whether a decoder for a track with `params` gives the mean over its channels at `rate` Hz by itself, as
/// libopus does at these (`opus_decoder_create`): it leaves out the bands above, mixes before its transform, and
/// does not turn a channel round where the other is its opposite. `docs/performance.md` says how near that is to
/// decoding at 48 kHz, mixing and resampling.
pub(crate) fn gives_mono_at(params: &AudioCodecParameters, rate: u32) -> bool {
    params.codec == CODEC_ID_OPUS && [8_000, 12_000, 16_000, 24_000].contains(&rate)
}

/// How many frames before a position, at `rate` Hz, what is decoded there depends on: what stands by itself on
/// none. AAC and Vorbis need the block before, of 1024 frames and of 8192 at most. MPEG audio needs the bits of up to 511
/// bytes before (ISO 11172-3, 255 at half the rates), of which each frame leaves little beside its header: at 8 kbit/s and
/// 24 kHz 0.575 s were enough and 0.55 s were not. Opus needs 80 ms as far as can be heard (RFC 7845 section 4.6).
/// Measured after these: no difference any more, but for AAC, whose noise is drawn anew wherever it is decoded, and for
/// speech in Opus, whose prediction keeps one of up to 0.009 (seen up to 32 kbit/s).
pub(crate) fn warm_up(codec: AudioCodecId, rate: u32) -> u64 {
    match codec {
        CODEC_ID_AAC => 2 * 1024,
        CODEC_ID_VORBIS => 2 * 8192,
        CODEC_ID_MP3 => u64::from(rate),
        CODEC_ID_OPUS => 2 * u64::from(rate),
        _ => 0,
    }
}

/// Sample rate in Hz and number of channels that a decoder with `params` gives.
pub(crate) fn signal(params: &AudioCodecParameters) -> Result<(u32, usize), AudioError> {
    let channels = params.channels.as_ref().map(Channels::count);
    check(params.sample_rate, channels)?;
    params
        .sample_rate
        .zip(channels)
        .ok_or_else(|| AudioError::Damaged {
            detail: "it does not say its sample rate or its channels".to_owned(),
        })
}

/// Refuses what no sound has: other than 1 to 64 channels, other than 1 kHz to 768 kHz. The bounds
/// are those of the widest interfaces made (MADI: 64 channels) and of the fastest converters.
pub(crate) fn check(rate: Option<u32>, channels: Option<usize>) -> Result<(), AudioError> {
    if let Some(rate) = rate.filter(|rate| !(1_000..=768_000).contains(rate)) {
        return Err(AudioError::Unsupported {
            codec: format!("a sample rate of {rate} Hz"),
        });
    }
    match channels.filter(|channels| !(1..=64).contains(channels)) {
        Some(channels) => Err(AudioError::Unsupported {
            codec: format!("audio of {channels} channels"),
        }),
        None => Ok(()),
    }
}

fn name(codec: AudioCodecId, what: &str) -> String {
    match codec {
        CODEC_ID_AAC => "AAC other than low complexity in mono or stereo",
        CODEC_ID_AC3 => "AC-3",
        CODEC_ID_EAC3 => "E-AC-3",
        CODEC_ID_AC4 => "AC-4",
        CODEC_ID_DCA => "DTS",
        CODEC_ID_MP1 => "MPEG audio layer I",
        CODEC_ID_MP2 => "MPEG audio layer II",
        CODEC_ID_OPUS => "Opus with more than two channels",
        CODEC_ID_SPEEX => "Speex",
        CODEC_ID_WMA => "Windows Media Audio",
        _ => what,
    }
    .to_owned()
}
