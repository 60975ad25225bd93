//! Tests of the index against the exact scan.
