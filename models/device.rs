//! Where models run. The choice is made once, at the edge, and said aloud: a fall-back is never
//! silent.

mod check;
mod choice;
#[cfg(feature = "cuda")]
mod cuda;
mod machine;

use std::path::PathBuf;

use burn::tensor::{Device, FloatDType};

pub use self::check::{Check, Unusable};
use self::check::{Driver, examine};
pub use self::choice::{DeviceChoice, DeviceRequest, Precision, PrecisionChoice};
use self::machine::Machine;

/// Bytes of a card's memory that are taken before the first clip: weights, kernels, room to move them.
/// Estimated for `MusicFM` to its layer 7 (0.7 GB of weights in 16 bits, 1.3 GB in 32).
const RESERVED: u64 = 2_000_000_000;

/// Bytes of a card's memory that a window of 30 s takes in 16 bits; twice that in 32. Estimated from the
/// front end, whose activations of `[512, 64, 1500]` take 98 MB each, and 0.9 GB where a convolution
/// unrolls them.
const WINDOW: u64 = 1_000_000_000;

/// Windows of 30 s at once on a card whose free memory is not known.
const CARD_BATCH: usize = 8;

/// Windows of 30 s at once on any card: more keep it no busier.
const LARGEST_BATCH: usize = 16;

/// A device that models can run on.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The device, in burn's terms.
    pub device: Device,
    /// Whether it is the processor.
    pub is_processor: bool,
    /// The numbers that a foundation model is computed in there.
    pub precision: Precision,
    /// What it is, in words, as in `CPU (flex), 2 threads`.
    pub label: String,
    /// Why it is not the device that might have been expected; to be shown and logged.
    pub note: Option<String>,
    /// Bytes of a card's memory that nobody used when it was chosen.
    free: Option<u64>,
    /// Folder where what was compiled and measured for a card is kept.
    kept: Option<PathBuf>,
}

/// What was found on the way to a device.
#[derive(Clone, Debug)]
pub struct Survey {
    /// What a CUDA card needs, as far as it was looked at; empty when the processor was asked for.
    pub checks: Vec<Check>,
    /// The device.
    pub chosen: Result<Chosen, DeviceError>,
}

/// Why a device cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// A CUDA card was asked for, and cannot be used.
    #[error("CUDA cannot be used: {0}; {advice}, or choose `cpu` or `auto`", advice = .0.advice())]
    Cuda(Unusable),
    /// The device does not compute in the numbers asked for.
    #[error("{device} does not compute in {precision}; choose another precision, or `auto`")]
    Precision {
        /// The numbers.
        precision: Precision,
        /// The device, in words.
        device: String,
    },
    /// The device was had, and a model failed on it.
    #[error("{device} fails to run the model: {reason}; choose another precision, or `cpu`")]
    Fails {
        /// The device, in words.
        device: String,
        /// What went wrong there.
        reason: String,
    },
    /// Not one of the words that stand for a device.
    #[error("unknown device `{0}`; choose `auto`, `cpu`, `cuda` or `cuda:N` for card N")]
    Unknown(String),
    /// Not one of the words that stand for numbers.
    #[error("unknown precision `{0}`; choose `auto`, `f32`, `f16` or `bf16`")]
    UnknownPrecision(String),
}

/// Finds the device for `request`. [`DeviceChoice::Auto`] always finds one that computes in
/// [`PrecisionChoice::Auto`].
pub fn choose(request: impl Into<DeviceRequest>) -> Result<Chosen, DeviceError> {
    survey(request).chosen
}

/// Finds the device for `request`, and says what was looked at for it. A card is woken by this, and
/// computes something small.
pub fn survey(request: impl Into<DeviceRequest>) -> Survey {
    let request = request.into();
    if request.device == DeviceChoice::Cpu {
        return decide(request, &Machine::default(), None);
    }
    #[cfg(feature = "cuda")]
    let driver = Some(cuda::DRIVER);
    #[cfg(not(feature = "cuda"))]
    let driver = None;
    let found = decide(request, &Machine::here(), driver);
    #[cfg(feature = "cuda")]
    let found = cuda::keeping(found);
    found
}

impl Chosen {
    /// Whether what `model` needs on this device was compiled and measured before. The first time this
    /// takes a minute or more, which a person should be told.
    pub fn is_tuned(&self, model: &str) -> bool {
        self.mark(model).is_none_or(|mark| mark.exists())
    }

    /// Notes that `model` ran on this device. Where that cannot be kept, it is not: the next person to ask
    /// is told of a wait that there is not.
    pub fn set_tuned(&self, model: &str) {
        if let Some(mark) = self.mark(model) {
            let _ = std::fs::write(mark, "");
        }
    }

    /// Windows of 30 s that a foundation model takes at once to begin with.
    pub(crate) fn batch(&self) -> usize {
        if self.is_processor {
            return 1;
        }
        let Some(free) = self.free else {
            return CARD_BATCH;
        };
        let fit = free.saturating_sub(RESERVED) / self.precision.window();
        usize::try_from(fit).map_or(LARGEST_BATCH, |fit| fit.clamp(1, LARGEST_BATCH))
    }

    fn mark(&self, model: &str) -> Option<PathBuf> {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let name: String = format!("{model} {} {}", self.label, self.precision)
            .chars()
            .map(plain)
            .collect();
        let kept = self.kept.as_ref()?;
        Some(kept.join(format!("{name}.tuned")))
    }
}

impl Precision {
    /// What burn calls these numbers.
    pub(crate) fn dtype(self) -> FloatDType {
        match self {
            Self::F32 => FloatDType::F32,
            Self::F16 => FloatDType::F16,
            Self::Bf16 => FloatDType::BF16,
        }
    }

    /// Bytes of a card's memory that a window of 30 s takes.
    fn window(self) -> u64 {
        match self {
            Self::F32 => 2 * WINDOW,
            Self::F16 | Self::Bf16 => WINDOW,
        }
    }
}

/// The device for `request` on `machine`.
fn decide(request: DeviceRequest, machine: &Machine, driver: Option<Driver>) -> Survey {
    let number = match request.device {
        DeviceChoice::Cpu => {
            return Survey {
                checks: Vec::new(),
                chosen: processor(request.precision, None),
            };
        }
        DeviceChoice::Auto => 0,
        DeviceChoice::Cuda(number) => number,
    };
    let least = match request.precision {
        PrecisionChoice::Auto => Precision::F16,
        PrecisionChoice::Only(precision) => precision,
    };
    let (checks, outcome) = examine(machine, driver, number, RESERVED + least.window());
    let chosen = match outcome {
        Ok(card) => {
            let label = format!("{} (CUDA {number})", card.name);
            settle(
                Chosen {
                    device: card.device,
                    is_processor: false,
                    precision: Precision::F16,
                    label,
                    note: None,
                    free: Some(card.free),
                    kept: None,
                },
                request.precision,
            )
        }
        Err(trouble) if request.device == DeviceChoice::Auto => {
            processor(request.precision, note(&trouble, machine))
        }
        Err(trouble) => Err(DeviceError::Cuda(trouble)),
    };
    Survey { checks, chosen }
}

fn processor(precision: PrecisionChoice, note: Option<String>) -> Result<Chosen, DeviceError> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let plural = if threads == 1 { "" } else { "s" };
    let chosen = Chosen {
        device: Device::flex(),
        is_processor: true,
        precision: Precision::F32,
        label: format!("CPU (flex), {threads} thread{plural}"),
        note,
        free: None,
        kept: None,
    };
    settle(chosen, precision)
}

/// `chosen` with the numbers asked for.
fn settle(mut chosen: Chosen, choice: PrecisionChoice) -> Result<Chosen, DeviceError> {
    let computes_in = |precision: Precision| chosen.device.supports_dtype(precision.dtype());
    chosen.precision = match choice {
        PrecisionChoice::Auto if computes_in(chosen.precision) => chosen.precision,
        PrecisionChoice::Auto => Precision::F32,
        PrecisionChoice::Only(precision) if computes_in(precision) => precision,
        PrecisionChoice::Only(precision) => {
            return Err(DeviceError::Precision {
                precision,
                device: chosen.label,
            });
        }
    };
    Ok(chosen)
}

/// What is said of a card that nobody asked for by name and that cannot be used: nothing where there is
/// neither a card nor a driver.
fn note(trouble: &Unusable, machine: &Machine) -> Option<String> {
    let advice = trouble.advice();
    match trouble {
        Unusable::NotBuilt => machine
            .has_driver()
            .then(|| format!("this build cannot use the NVIDIA card: {trouble}; {advice}")),
        _ => (machine.card || machine.has_driver())
            .then(|| format!("the processor is used and not the NVIDIA card: {trouble}; {advice}")),
    }
}

/// What a panic said.
pub(crate) fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it panicked")
        .to_owned()
}

#[cfg(test)]
mod tests;
