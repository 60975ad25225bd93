//! What a processor does faster than burn's stock operations, in 32-bit floats: the front end's
//! convolutions, three quarters of the work, and the activations between matrix products.
//!
//! Products are faer's (`matrix`); numbers are arranged around them by loops that the compiler turns into the
//! processor's widest vectors (`crate::vector`), spread over its cores.

mod activation;
mod matrix;
mod planes;
mod strided;
#[cfg(test)]
mod tests;
mod winograd;

pub(crate) use activation::{glu, silu};
pub(crate) use matrix::Affine;
pub(crate) use planes::{Kernel, Planes, Spare};
pub(crate) use strided::Strided;
pub(crate) use winograd::Winograd;
