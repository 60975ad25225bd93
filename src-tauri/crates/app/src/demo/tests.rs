//! The collection as a whole.

use super::*;
