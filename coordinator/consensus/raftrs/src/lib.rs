//! raft-rs `RawNode` behind a narrow C interface. See raftcore.h for the contract.
//! No threads, no I/O, no clock. Bytes in, bytes out; every call is caught at the border.
#![deny(unsafe_op_in_unsafe_fn)]
// The structs of raft are filled field by field, as their generated defaults ask for.
#![allow(clippy::field_reassign_with_default)]

mod api_input;
mod api_lifecycle;
mod api_members;
mod api_peek;
#[cfg(feature = "plants")]
mod api_plant;
mod api_ready;
mod api_status;
mod cache;
mod convert;
#[cfg(feature = "count-alloc")]
mod count;
mod logging;
mod node;
mod types;
