//! The model that embeds, and the device it runs on: chosen once, at the edge.

use std::sync::Arc;

use throughline_core::embedding::Embedder;
use throughline_models::device::{DeviceChoice, choose};
use throughline_models::musicnn::MusiCnn;

use crate::error::Result;

/// A model on a device.
#[derive(Clone)]
pub struct Engine {
    /// The model.
    pub embedder: Arc<dyn Embedder>,
    /// The device in words.
    pub device: String,
    /// A fall-back to another device than might have been expected, to be said aloud.
    pub device_note: Option<String>,
}

impl Engine {
    /// The embedded model, `MusiCNN`, on the device chosen.
    pub fn musicnn(choice: DeviceChoice) -> Result<Self> {
        let chosen = choose(choice)?;
        let embedder = Arc::new(MusiCnn::load(&chosen.device)?);
        Ok(Self {
            embedder,
            device: chosen.label,
            device_note: chosen.note,
        })
    }
}
