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
        let malformed = |error: safetensors::SafeTensorError| LoadError::Malformed {
            checkpoint: name,
            reason: error.to_string(),
        };
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(malformed)?;
        let file = SafeTensors::deserialize(bytes).map_err(malformed)?;
        let tensors = file.iter().map(|(key, view)| {
            let stored = Stored {
                kind: view.dtype(),
                shape: view.shape().to_vec(),
                bytes: view.data().to_vec(),
            };
            (key.to_owned(), stored)
        });
        let tags = header
            .metadata()
            .as_ref()
            .and_then(|metadata| metadata.get("tags"));
        Ok(Self {
            name,
            tensors: tensors.collect(),
            tags: tags
                .map(|names| names.lines().map(str::to_owned).collect())
                .unwrap_or_default(),
        })
    }

    /// Takes the tensor `key`, which must be 32-bit float of `shape`; row-major.
    pub fn take(&mut self, key: &str, shape: &[usize]) -> Result<Vec<f32>, LoadError> {
        let stored = self.tensors.remove(key).ok_or_else(|| LoadError::Missing {
            checkpoint: self.name,
            key: key.to_owned(),
        })?;
        if stored.kind != Dtype::F32 || stored.shape != shape {
            return Err(LoadError::Mismatch {
                checkpoint: self.name,
                key: key.to_owned(),
                want: format!("{:?} {shape:?}", Dtype::F32),
                got: format!("{:?} {:?}", stored.kind, stored.shape),
            });
        }
        let (floats, _) = stored.bytes.as_chunks();
        Ok(floats
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect())
    }

    /// The names of the `count` tags, in the order of the outputs.
    pub fn tags(&self, count: usize) -> Result<Vec<String>, LoadError> {
        if self.tags.len() == count {
            Ok(self.tags.clone())
        } else {
            Err(LoadError::Tags {
                checkpoint: self.name,
                got: self.tags.len(),
                want: count,
            })
        }
    }

    /// Ends the loading: nothing may be left.
    pub fn finish(self) -> Result<(), LoadError> {
        if self.tensors.is_empty() {
            Ok(())
        } else {
            Err(LoadError::Unknown {
                checkpoint: self.name,
                keys: self.tensors.into_keys().collect(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use safetensors::serialize;
    use safetensors::tensor::TensorView;

    use super::*;
    use crate::musicnn::embedder::WEIGHTS;
    use crate::musicnn::parameters::Parameters;

    /// Loads the MSD weights after `change` was made to their tensors.
    fn load_changed(
        change: impl FnOnce(&mut BTreeMap<String, TensorView>),
    ) -> Result<Parameters, LoadError> {
        let (name, bytes) = WEIGHTS[0];
        let file = SafeTensors::deserialize(bytes).expect("the embedded weights are whole");
        let mut tensors: BTreeMap<_, _> = file.tensors().into_iter().collect();
        change(&mut tensors);
        let bytes = serialize(tensors, Some(HashMap::new())).expect("the tensors are sound");
        Parameters::load(Checkpoint::read(name, &bytes)?)
    }

    #[test]
    fn unchanged_weights_load() {
        assert!(load_changed(|_| ()).is_ok());
    }

    #[test]
    fn a_missing_tensor_is_named() {
        let error = load_changed(|tensors| drop(tensors.remove("middle.2.bias"))).unwrap_err();
        assert_eq!(
            error,
            LoadError::Missing {
                checkpoint: "msd",
                key: "middle.2.bias".to_owned()
            }
        );
    }

    #[test]
    fn a_tensor_of_another_shape_is_named() {
        let error = load_changed(|tensors| {
            let other = tensors["middle.1.bias"].clone();
            tensors.insert("back.tags.bias".to_owned(), other);
        });
        assert_eq!(
            error.unwrap_err().to_string(),
            "the tensor `back.tags.bias` of the weights `msd` is F32 [64], F32 [50] is needed"
        );
    }

    #[test]
    fn a_tensor_that_no_layer_takes_is_named() {
        let error = load_changed(|tensors| {
            let extra = tensors["middle.1.bias"].clone();
            tensors.insert("beta1_power".to_owned(), extra);
        });
        let keys = vec!["beta1_power".to_owned()];
        assert_eq!(
            error.unwrap_err(),
            LoadError::Unknown {
                checkpoint: "msd",
                keys
            }
        );
    }

    #[test]
    fn bytes_that_are_no_weights_are_refused() {
        for bytes in [&b""[..], b"not a safetensors file", &WEIGHTS[0].1[..10_000]] {
            let error = Checkpoint::read("msd", bytes).unwrap_err();
            assert!(matches!(error, LoadError::Malformed { .. }), "{error}");
        }
    }

    #[test]
    fn tags_are_named_by_the_file() {
        let tags =
            WEIGHTS.map(|(name, bytes)| Checkpoint::read(name, bytes).unwrap().tags(50).unwrap());
        assert_eq!(
            (tags[0][0].as_str(), tags[0][49].as_str()),
            ("rock", "happy")
        );
        assert_eq!(
            (tags[1][0].as_str(), tags[1][49].as_str()),
            ("guitar", "choral")
        );
        let count = Checkpoint::read("msd", WEIGHTS[0].1)
            .unwrap()
            .tags(51)
            .unwrap_err();
        assert_eq!(
            count,
            LoadError::Tags {
                checkpoint: "msd",
                got: 50,
                want: 51
            }
        );
    }
}
