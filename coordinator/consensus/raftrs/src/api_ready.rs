//! What the engine wants done, and the reports that it was.
use prost::Message as _;

use crate::convert::*;
use crate::node::*;
use crate::types::*;

/// Valid handle.
#[no_mangle]
pub unsafe extern "C" fn rc_has_ready(n: *mut RcNode) -> i32 {
    unsafe { call(n, |n| n.raw.has_ready() as i32) }
}

/// Valid handle and out pointer.
#[no_mangle]
pub unsafe extern "C" fn rc_ready(n: *mut RcNode, out: *mut RcReady) -> i32 {
    unsafe {
        call(n, |n| {
            let mut rd = n.raw.ready();
            n.held_msgs.clear();
            n.c_msgs.clear();
            n.c_pmsgs.clear();
            n.c_entries.clear();
            n.c_committed.clear();
            n.c_reads.clear();
            for (msgs, dst) in [
                (rd.take_messages(), &mut n.c_msgs),
                (rd.take_persisted_messages(), &mut n.c_pmsgs),
            ] {
                for m in msgs {
                    let b = m.encode_to_vec();
                    dst.push(RcMessage {
                        to: m.to,
                        term: m.term,
                        kind: m.msg_type as u32,
                        reserved: 0,
                        bytes: RcBytes::of(&b),
                    });
                    n.held_msgs.push(b); // moving the Vec does not move its buffer
                }
            }
            n.held_snap = rd.snapshot().clone();
            n.held_entries = rd.take_entries();
            n.held_committed = rd.take_committed_entries();
            n.held_reads = rd.take_read_states();
            n.c_entries.extend(n.held_entries.iter().map(entry_out));
            n.c_committed.extend(n.held_committed.iter().map(entry_out));
            n.c_reads.extend(n.held_reads.iter().map(|r| RcReadState {
                index: r.index,
                context: RcBytes::of(&r.request_ctx),
            }));
            let o = &mut *out;
            o.number = rd.number();
            n.number = o.number;
            o.must_sync = rd.must_sync() as u8;
            o.has_hard_state = rd.hs().is_some() as u8;
            let hs = rd.hs().cloned().unwrap_or_default();
            o.hard_state = RcHardState {
                term: hs.term,
                vote: hs.vote,
                commit: hs.commit,
            };
            o.has_soft_state = rd.ss().is_some() as u8;
            o.role = rd.ss().map_or(0, |s| s.raft_state as u32);
            o.leader = rd.ss().map_or(0, |s| s.leader_id);
            o.has_snapshot = !n.held_snap.is_empty() as u8;
            let meta = n.held_snap.metadata.clone().unwrap_or_default();
            o.snapshot = RcSnapshot {
                index: meta.index,
                term: meta.term,
                conf: conf_out(&meta.conf_state.unwrap_or_default()),
                data: RcBytes::of(&n.held_snap.data),
            };
            o.entries = n.c_entries.as_ptr();
            o.n_entries = n.c_entries.len();
            o.messages = n.c_msgs.as_ptr();
            o.n_messages = n.c_msgs.len();
            o.persisted_messages = n.c_pmsgs.as_ptr();
            o.n_persisted_messages = n.c_pmsgs.len();
            o.committed = n.c_committed.as_ptr();
            o.n_committed = n.c_committed.len();
            o.reads = n.c_reads.as_ptr();
            o.n_reads = n.c_reads.len();
            // make it readable for raft at once; durability is reported later by rc_persisted
            let snap = std::mem::take(&mut n.held_snap);
            let ents = std::mem::take(&mut n.held_entries);
            let st = n.raw.mut_store();
            if !snap.is_empty() {
                st.restore(&snap);
            }
            st.append(&ents);
            n.held_snap = snap;
            n.held_entries = ents;
            n.raw.advance_append_async(rd);
            OK
        })
    }
}

/// Valid handle.
#[no_mangle]
pub unsafe extern "C" fn rc_persisted(n: *mut RcNode, number: u64) -> i32 {
    unsafe {
        call(n, |n| {
            n.raw.on_persist_ready(number);
            n.durable = n.durable.max(number);
            OK
        })
    }
}

/// Valid handle.
#[no_mangle]
pub unsafe extern "C" fn rc_applied(n: *mut RcNode, index: u64) -> i32 {
    unsafe {
        call(n, |n| {
            n.raw.advance_apply_to(index);
            OK
        })
    }
}

/// Valid pointers.
#[no_mangle]
pub unsafe extern "C" fn rc_compact(
    n: *mut RcNode,
    snap: *const RcSnapshot,
    keep_from: u64,
) -> i32 {
    unsafe {
        call(n, |n| {
            let s = snap_in(&*snap);
            let i = (*snap).index;
            if i > n.raw.raft.raft_log.applied || keep_from > i + 1 {
                return INVALID;
            }
            let st = n.raw.mut_store();
            // Also one at the same index: a server that booted there, or installed a checkpoint of
            // another's, has nothing to send until it has made its own.
            if st.snap.metadata.as_ref().map_or(0, |m| m.index) <= i {
                st.snap = s;
                st.wanted.set(0);
            }
            st.compact(keep_from);
            OK
        })
    }
}
