//! Loops in the processor's widest vectors.

use pulp::{Arch, NullaryFnOnce};

/// Runs a loop as it was compiled for the vector units that this processor has. What `run` does must be
/// inlined into it (`#[inline(always)]`), down to the loop: what is merely called keeps the least vectors.
pub(crate) fn in_vectors(run: impl NullaryFnOnce<Output = ()>) {
    Arch::new().dispatch(run);
}
