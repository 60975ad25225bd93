//! Songs that are in no library: slow arpeggios that nobody has to like.

use std::{f64::consts::TAU, fs, io::Cursor, path::Path};

/// Sample rate in Hz.
const RATE: u32 = 22_050;
/// Length in seconds: enough for the model, which needs three, and quick to embed.
const SECONDS: u32 = 12;
/// An A minor seventh chord, in Hz.
pub const MINOR: [f64; 4] = [220.0, 261.63, 329.63, 392.0];
/// A C major seventh chord, in Hz.
pub const MAJOR: [f64; 4] = [261.63, 329.63, 392.0, 493.88];

/// Writes a song on the notes of a chord to `path` as a mono WAV.
pub fn write(path: &Path, chord: [f64; 4]) -> Result<(), hound::Error> {
    Ok(fs::write(path, wav(chord)?)?)
}

/// Writes the song in the file `from` at half its level, without its tags: another file of one recording.
pub fn copy_quietly(from: &Path, to: &Path) -> Result<(), hound::Error> {
    let mut song = hound::WavReader::open(from)?;
    let mut copy = hound::WavWriter::create(to, song.spec())?;
    for sample in song.samples::<i16>() {
        copy.write_sample(sample? / 2)?;
    }
    copy.finalize()
}

/// A song on the notes of a chord as a mono WAV.
pub fn wav(chord: [f64; 4]) -> Result<Vec<u8>, hound::Error> {
    let format = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut wav = hound::WavWriter::new(&mut bytes, format)?;
    for i in 0..RATE * SECONDS {
        let seconds = f64::from(i) / f64::from(RATE);
        let (beat, within) = ((seconds * 2.0) as usize, (seconds * 2.0).fract());
        let tone = (seconds * chord[beat % chord.len()] * TAU).sin();
        wav.write_sample((tone * (-3.0 * within).exp() * 16_000.0) as i16)?;
    }
    wav.finalize()?;
    Ok(bytes.into_inner())
}
