//! The catalogue on the network: what it is asked, how politely, and what its answers say.
