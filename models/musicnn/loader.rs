//! Reads a checkpoint strictly: what the network takes must be there in the shape it expects, and
//! nothing may be left over.

use std::collections::BTreeMap;

use safetensors::{Dtype, SafeTensors};

/// Why a checkpoint could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The bytes are no safetensors file.
    #[error("the weights `{checkpoint}` are not a safetensors file: {reason}")]
    Malformed {
        /// Which checkpoint.
        checkpoint: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A tensor that the network needs is not there.
    #[error("the weights `{checkpoint}` lack the tensor `{key}`")]
    Missing {
        /// Which checkpoint.
        checkpoint: &'static str,
        /// Name of the tensor.
        key: String,
    },
    /// A tensor has another shape, or another type than 32-bit float.
    #[error("the tensor `{key}` of the weights `{checkpoint}` is {got}, {want} is needed")]
    Mismatch {
        /// Which checkpoint.
        checkpoint: &'static str,
        /// Name of the tensor.
        key: String,
        /// Type and shape that are needed.
        want: String,
        /// Type and shape that it has.
        got: String,
    },
    /// There are tensors that the network does not take.
    #[error("the weights `{checkpoint}` hold tensors that the network does not know: {}", keys.join(", "))]
    Unknown {
        /// Which checkpoint.
        checkpoint: &'static str,
        /// Names of the tensors.
        keys: Vec<String>,
    },
    /// The names of the tags are missing or of another number than the network's outputs.
    #[error("the weights `{checkpoint}` name {got} tags, {want} are needed")]
    Tags {
        /// Which checkpoint.
        checkpoint: &'static str,
        /// How many names there are.
        got: usize,
        /// How many the network has.
        want: usize,
    },
}

/// The tensors of one checkpoint, each to be taken once.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    name: &'static str,
    tensors: BTreeMap<String, Stored>,
    tags: Vec<String>,
}

#[derive(Debug)]
struct Stored {
    kind: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Checkpoint {
    /// Parses the safetensors file `bytes`; `name` stands for it in errors.
    pub fn read(name: &'static str, bytes: &[u8]) -> Result<Self, LoadError> {
        let malformed =
            |error: safetensors::SafeTensorError| LoadError::Malformed { checkpoint: name, reason: error.to_string() };
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(malformed)?;
        let file = SafeTensors::deserialize(bytes).map_err(malformed)?;
        let tensors = file.iter().map(|(key, view)| {
            let stored =
                Stored { kind: view.dtype(), shape: view.shape().to_vec(), bytes: view.data().to_vec() };
            (key.to_owned(), stored)
        });
        let tags = header.metadata().as_ref().and_then(|metadata| metadata.get("tags"));
        Ok(Self {
            name,
            tensors: tensors.collect(),
            tags: tags.map(|names| names.lines().map(str::to_owned).collect()).unwrap_or_default(),
        })
    }

    /// Takes the tensor `key`, which must be 32-bit float of `shape`; row-major.
    pub fn take(&mut self, key: &str, shape: &[usize]) -> Result<Vec<f32>, LoadError> {
        let stored = self
            .tensors
            .remove(key)
            .ok_or_else(|| LoadError::Missing { checkpoint: self.name, key: key.to_owned() })?;
        if stored.kind != Dtype::F32 || stored.shape != shape {
            return Err(LoadError::Mismatch {
                checkpoint: self.name,
                key: key.to_owned(),
                want: format!("{:?} {shape:?}", Dtype::F32),
                got: format!("{:?} {:?}", stored.kind, stored.shape),
            });
        }
        let (floats, _) = stored.bytes.as_chunks();
        Ok(floats.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }

    /// The names of the `count` tags, in the order of the outputs.
    pub fn tags(&self, count: usize) -> Result<Vec<String>, LoadError> {
        if self.tags.len() == count {
            Ok(self.tags.clone())
        } else {
            Err(LoadError::Tags { checkpoint: self.name, got: self.tags.len(), want: count })
        }
    }

    /// Ends the loading: nothing may be left.
    pub fn finish(self) -> Result<(), LoadError> {
        if self.tensors.is_empty() {
            Ok(())
        } else {
            Err(LoadError::Unknown { checkpoint: self.name, keys: self.tensors.into_keys().collect() })
        }
    }
}
