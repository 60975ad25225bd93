//! The network on a processor, in 32-bit floats: a window at a time, each on a core of its own, so that
//! windows share nothing and no core waits for another.
//!
//! Channels are the first axis everywhere, frames the last.

#![expect(
    clippy::inline_always,
    reason = "only inlined do the loops see the vectors they are dispatched for"
)]

mod back;
mod points;
#[cfg(test)]
mod tests;
mod toom;

use self::back::Back;
use self::toom::ToomCook;
use super::config::{FRAMES, FRONT_CHANNELS, MIDDLE_CHANNELS, N_MELS};
use super::parameters::{Norm, Parameters, TimeConv};

/// One checkpoint of `MusiCNN`.
#[derive(Debug)]
pub(crate) struct Network {
    input: Norm,
    banks: Vec<ToomCook>,
    /// `[FRONT_CHANNELS]`
    channels: Vec<Channel>,
    middle: [Middle; 3],
    back: Back,
}

/// How a channel of the front end is made of the filters' answers.
#[derive(Clone, Copy, Debug)]
struct Channel {
    /// Which live filter's it is; none of a dead one.
    place: Option<usize>,
    sign: f32,
    finish: Finish,
}

/// What comes after a convolution: `relu(x + bias) · scale + shift`.
#[derive(Clone, Copy, Debug)]
struct Finish {
    bias: f32,
    scale: f32,
    shift: f32,
}

/// A convolution of the middle.
#[derive(Debug)]
struct Middle {
    conv: ToomCook,
    /// One an output channel.
    finish: Vec<Finish>,
}

/// What the network makes of a window.
#[derive(Debug)]
pub(crate) struct Output {
    /// The penultimate layer after its batch norm, `[FEATURES]`.
    pub features: Vec<f32>,
    /// Probabilities in `0..=1`, `[TAGS]`.
    pub tags: Vec<f32>,
}

impl Network {
    /// Lays out a checkpoint; transforms its filters.
    pub fn new(parameters: &Parameters) -> Self {
        let front = &parameters.front;
        let finish = finish(&front.bias, &front.norm);
        let channels = front.place.iter().zip(&front.sign).zip(finish);
        Self {
            input: parameters.input.clone(),
            banks: front.banks.iter().map(ToomCook::new).collect(),
            channels: channels
                .map(|((&place, &sign), finish)| Channel {
                    place,
                    sign,
                    finish,
                })
                .collect(),
            middle: parameters.middle.each_ref().map(Middle::new),
            back: Back::new(parameters),
        }
    }

    /// A log-mel window, `[FRAMES, N_MELS]`, to features and tags.
    pub fn forward(&self, mel: &[f32]) -> Output {
        let front = self.front(mel);
        let middle = self.middle(&front);
        self.back.forward(&front, &middle)
    }

    /// `[FRAMES, N_MELS] -> [FRONT_CHANNELS, FRAMES]`
    pub fn front(&self, mel: &[f32]) -> Vec<f32> {
        let (scale, shift) = (self.input.scale[0], self.input.shift[0]);
        let band = |band: usize| mel.iter().skip(band).step_by(N_MELS);
        let bands = (0..N_MELS).flat_map(|b| band(b).map(|x| x * scale + shift));
        let x: Vec<f32> = bands.collect();
        let answers = self.banks.iter().flat_map(|bank| bank.peaks(&x, FRAMES));
        let answers: Vec<f32> = answers.collect();
        let mut out = vec![0.0; FRONT_CHANNELS * FRAMES];
        for (row, channel) in out.chunks_exact_mut(FRAMES).zip(&self.channels) {
            if let Some(place) = channel.place {
                let answers = &answers[place * FRAMES..][..FRAMES];
                for (x, answer) in row.iter_mut().zip(answers) {
                    *x = channel.sign * answer;
                }
            }
            channel.finish.on(row);
        }
        out
    }

    /// `[FRONT_CHANNELS, FRAMES] -> [3 · MIDDLE_CHANNELS, FRAMES]`: each convolution adds to what came
    /// before it, and all three go on.
    pub fn middle(&self, front: &[f32]) -> Vec<f32> {
        let [one, two, three] = &self.middle;
        let mut out = one.forward(front);
        for (conv, before) in [(two, 0), (three, 1)] {
            let size = MIDDLE_CHANNELS * FRAMES;
            let before = &out[before * size..][..size];
            let mut next = conv.forward(before);
            for (x, before) in next.iter_mut().zip(before) {
                *x += before;
            }
            out.append(&mut next);
        }
        out
    }

    /// Pools over time and classifies: see [`Back::forward`].
    #[cfg(test)]
    pub fn back(&self, front: &[f32], middle: &[f32]) -> Output {
        self.back.forward(front, middle)
    }
}

impl Middle {
    fn new(conv: &TimeConv) -> Self {
        Self {
            conv: ToomCook::new(&conv.kernel),
            finish: finish(&conv.bias, &conv.norm),
        }
    }

    /// `[inputs, FRAMES] -> [outputs, FRAMES]`
    fn forward(&self, x: &[f32]) -> Vec<f32> {
        let mut out = self.conv.peaks(x, FRAMES);
        for (row, finish) in out.chunks_exact_mut(FRAMES).zip(&self.finish) {
            finish.on(row);
        }
        out
    }
}

impl Finish {
    fn on(self, row: &mut [f32]) {
        for x in row {
            *x = (*x + self.bias).max(0.0) * self.scale + self.shift;
        }
    }
}

fn finish(bias: &[f32], norm: &Norm) -> Vec<Finish> {
    let parts = bias.iter().zip(&norm.scale).zip(&norm.shift);
    parts
        .map(|((&bias, &scale), &shift)| Finish { bias, scale, shift })
        .collect()
}
