//! Looking into a message without a node.
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;

use prost::Message as _;
use raft::eraftpb::{Message, MessageType};

use crate::types::*;

/// Valid bytes and out pointers.
#[no_mangle]
pub unsafe extern "C" fn rc_peek(
    bytes: RcBytes,
    from: *mut u64,
    to: *mut u64,
    kind: *mut u32,
    term: *mut u64,
) -> i32 {
    unsafe {
        match catch_unwind(AssertUnwindSafe(|| Message::decode(bytes.slice()))) {
            Ok(Ok(m)) => {
                *from = m.from;
                *to = m.to;
                *kind = m.msg_type as u32;
                *term = m.term;
                OK
            }
            _ => BAD_BYTES,
        }
    }
}

/// Valid bytes and out pointers; `data` has room for `capacity`.
#[no_mangle]
pub unsafe extern "C" fn rc_peek_snapshot(
    bytes: RcBytes,
    index: *mut u64,
    term: *mut u64,
    data: *mut u8,
    capacity: usize,
    size: *mut usize,
) -> i32 {
    unsafe {
        let decoded = catch_unwind(AssertUnwindSafe(|| Message::decode(bytes.slice())));
        let m = match decoded {
            Ok(Ok(m)) if m.msg_type == MessageType::MsgSnapshot as i32 => m,
            _ => return BAD_BYTES,
        };
        let snapshot = m.snapshot.unwrap_or_default();
        let position = snapshot.metadata.unwrap_or_default();
        *index = position.index;
        *term = position.term;
        *size = snapshot.data.len();
        if snapshot.data.len() > capacity {
            return INVALID;
        }
        ptr::copy_nonoverlapping(snapshot.data.as_ptr(), data, snapshot.data.len());
        OK
    }
}
