//! What the loop tells the engine: time, messages, proposals, wishes.
use prost::Message as _;
use raft::eraftpb::{Entry, Message, MessageType};
use raft::{SnapshotStatus, StateRole};

use crate::node::*;
use crate::types::*;

/// Valid handle.
#[no_mangle]
pub unsafe extern "C" fn rc_tick(n: *mut RcNode) -> i32 {
    unsafe {
        call(n, |n| {
            if !n.must_not_campaign() {
                n.raw.tick();
            }
            OK
        })
    }
}

/// What a peer may say; proposals and transfers are not forwarded between servers.
fn is_peer_kind(t: MessageType) -> bool {
    use MessageType::*;
    matches!(
        t,
        MsgAppend
            | MsgAppendResponse
            | MsgRequestVote
            | MsgRequestVoteResponse
            | MsgRequestPreVote
            | MsgRequestPreVoteResponse
            | MsgSnapshot
            | MsgHeartbeat
            | MsgHeartbeatResponse
            | MsgTimeoutNow
            | MsgReadIndex
            | MsgReadIndexResp
    )
}

/// `from` 0: whoever the message names.
fn step(n: &mut RcNode, bytes: &[u8], from: u64) -> i32 {
    let m = match Message::decode(bytes) {
        Ok(m) => m,
        Err(e) => {
            n.err = e.to_string();
            return BAD_BYTES;
        }
    };
    let t = match MessageType::from_i32(m.msg_type) {
        Some(t) => t,
        None => return BAD_BYTES,
    };
    let me = n.raw.raft.id;
    if !is_peer_kind(t) || m.to != me || m.from == me || m.from == 0 {
        return REFUSED;
    }
    if from != 0 && m.from != from {
        return REFUSED;
    }
    // A term of zero makes raft treat the message as local: only reads may come without one.
    let read = t == MessageType::MsgReadIndex;
    if m.term == 0 && !read {
        return REFUSED;
    }
    if read && (m.entries.len() != 1 || m.term != 0) {
        return REFUSED;
    }
    if t == MessageType::MsgTimeoutNow && n.must_not_campaign() {
        return REFUSED;
    }
    match n.raw.step(m) {
        Ok(()) => OK,
        Err(e) => n.map(e),
    }
}

/// Valid handle and bytes.
#[no_mangle]
pub unsafe extern "C" fn rc_step(n: *mut RcNode, bytes: RcBytes) -> i32 {
    unsafe { call(n, |n| step(n, bytes.slice(), 0)) }
}

/// Valid handle and bytes.
#[no_mangle]
pub unsafe extern "C" fn rc_step_from(n: *mut RcNode, bytes: RcBytes, from: u64) -> i32 {
    unsafe { call(n, |n| step(n, bytes.slice(), from)) }
}

/// `data` points to `count` views.
#[no_mangle]
pub unsafe extern "C" fn rc_propose(n: *mut RcNode, data: *const RcBytes, count: usize) -> i32 {
    unsafe {
        call(n, |n| {
            if n.raw.raft.state != StateRole::Leader {
                return NOT_LEADER;
            }
            if count == 0 {
                return INVALID;
            }
            let mut m = Message::default();
            m.msg_type = MessageType::MsgPropose as i32;
            m.from = n.raw.raft.id;
            m.entries.reserve_exact(count);
            for i in 0..count {
                let mut e = Entry::default();
                e.data = (*data.add(i)).slice().to_vec();
                m.entries.push(e);
            }
            match n.raw.step(m) {
                Ok(()) => OK,
                Err(e) => n.map(e),
            }
        })
    }
}

/// Valid handle.
#[no_mangle]
pub unsafe extern "C" fn rc_campaign(n: *mut RcNode) -> i32 {
    unsafe {
        call(n, |n| {
            if n.must_not_campaign() {
                return REFUSED;
            }
            match n.raw.campaign() {
                Ok(()) => OK,
                Err(e) => n.map(e),
            }
        })
    }
}

/// Valid handle.
#[no_mangle]
pub unsafe extern "C" fn rc_transfer(n: *mut RcNode, to: u64) -> i32 {
    unsafe {
        call(n, |n| {
            if n.raw.raft.state != StateRole::Leader {
                return NOT_LEADER;
            }
            if !n.raw.raft.prs().conf().voters().contains(to) {
                return UNKNOWN_PEER;
            }
            n.raw.transfer_leader(to);
            OK
        })
    }
}

/// Valid handle.
#[no_mangle]
pub unsafe extern "C" fn rc_step_down(n: *mut RcNode) -> i32 {
    unsafe {
        call(n, |n| {
            if n.raw.raft.state == StateRole::Leader {
                let t = n.raw.raft.term;
                n.raw.raft.become_follower(t, 0);
            }
            OK
        })
    }
}

/// Valid handle.
#[no_mangle]
pub unsafe extern "C" fn rc_forget_leader(n: *mut RcNode) -> i32 {
    unsafe {
        call(n, |n| {
            if n.raw.raft.state == StateRole::Follower && n.raw.raft.leader_id != 0 {
                let t = n.raw.raft.term;
                n.raw.raft.become_follower(t, 0);
            }
            OK
        })
    }
}

/// Valid handle and bytes.
#[no_mangle]
pub unsafe extern "C" fn rc_read_index(n: *mut RcNode, ctx: RcBytes) -> i32 {
    unsafe {
        call(n, |n| {
            if n.raw.raft.leader_id == 0 {
                return NOT_LEADER;
            }
            if n.raw.raft.state == StateRole::Leader && !n.raw.raft.commit_to_current_term() {
                return DROPPED; // raft would swallow it
            }
            n.raw.read_index(ctx.slice().to_vec());
            OK
        })
    }
}

/// Valid handle.
#[no_mangle]
pub unsafe extern "C" fn rc_unreachable(n: *mut RcNode, id: u64) -> i32 {
    unsafe {
        call(n, |n| {
            n.raw.report_unreachable(id);
            OK
        })
    }
}

/// Valid handle.
#[no_mangle]
pub unsafe extern "C" fn rc_report_snapshot(n: *mut RcNode, id: u64, ok: u8) -> i32 {
    unsafe {
        call(n, |n| {
            n.raw.report_snapshot(
                id,
                if ok != 0 {
                    SnapshotStatus::Finish
                } else {
                    SnapshotStatus::Failure
                },
            );
            OK
        })
    }
}
