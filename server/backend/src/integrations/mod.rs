//! Handing what is logged on to other systems.
#![cfg_attr(not(test), expect(dead_code, reason = "what hands it on comes next"))]

pub(crate) mod transports;
