//! Whole files through the public interface: every codec and container, damaged ones too.

mod damage;
mod decode;
mod fixtures;
mod hostile;
mod lengths;
mod memory;
mod spans;
mod stream;
mod tags;
