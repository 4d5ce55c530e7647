//! Looking at a handle.
use std::panic::{catch_unwind, AssertUnwindSafe};

use raft::ProgressState;

use crate::convert::*;
use crate::node::*;
use crate::types::*;

/// Valid pointers.
#[no_mangle]
pub unsafe extern "C" fn rc_status(n: *mut RcNode, out: *mut RcStatus) -> i32 {
    unsafe {
        let node = &*n;
        if node.dead {
            return PANIC;
        }
        match catch_unwind(AssertUnwindSafe(|| {
            let r = &node.raw.raft;
            let st = node.raw.store();
            *out = RcStatus {
                id: r.id,
                term: r.term,
                vote: r.vote,
                leader: r.leader_id,
                role: r.state as u32,
                promotable: r.promotable() as u32,
                commit: r.raft_log.committed,
                applied: r.raft_log.applied,
                persisted: r.raft_log.persisted,
                first_index: r.raft_log.first_index(),
                last_index: r.raft_log.last_index(),
                transferee: r.lead_transferee.unwrap_or(0),
                pending_conf_index: r.pending_conf_index,
                pending_reads: r.pending_read_count() as u64,
                uncommitted_bytes: r.uncommitted_size() as u64,
                cache_entries: st.ents.len() as u64,
                cache_bytes: st.bytes as u64,
                commit_in_term: r.commit_to_current_term() as u32,
                randomized_timeout: r.randomized_election_timeout() as u32,
                snapshot_wanted: st.wanted.get(),
                conf: conf_out(&r.prs().conf().to_conf_state()),
            };
        })) {
            Ok(()) => OK,
            Err(_) => PANIC,
        }
    }
}

/// Valid pointers.
#[no_mangle]
pub unsafe extern "C" fn rc_brief(
    n: *mut RcNode,
    role: *mut u32,
    term: *mut u64,
    commit: *mut u64,
    last: *mut u64,
    wanted: *mut u64,
) -> i32 {
    unsafe {
        let node = &*n;
        if node.dead {
            return PANIC;
        }
        let r = &node.raw.raft;
        *role = r.state as u32;
        *term = r.term;
        *commit = r.raft_log.committed;
        *last = r.raft_log.last_index();
        *wanted = node.raw.store().wanted.get();
        OK
    }
}

/// `out` has room for `cap`.
#[no_mangle]
pub unsafe extern "C" fn rc_progress(n: *mut RcNode, out: *mut RcProgress, cap: usize) -> usize {
    unsafe {
        let node = &*n;
        let mut v: Vec<_> = node.raw.raft.prs().iter().collect();
        v.sort_by_key(|(id, _)| **id);
        for (i, (id, p)) in v.iter().enumerate().take(cap) {
            *out.add(i) = RcProgress {
                id: **id,
                matched: p.matched,
                next: p.next_idx,
                pending_snapshot: p.pending_snapshot,
                state: match p.state {
                    ProgressState::Probe => 0,
                    ProgressState::Replicate => 1,
                    ProgressState::Snapshot => 2,
                },
                paused: p.is_paused() as u8,
                recent_active: p.recent_active as u8,
                inflight_full: p.ins.full() as u8,
                reserved: 0,
            };
        }
        v.len()
    }
}

/// `out` has room for `cap`.
#[no_mangle]
pub unsafe extern "C" fn rc_alloc_count(calls: *mut u64, bytes: *mut u64) {
    unsafe {
        #[cfg(feature = "count-alloc")]
        {
            *calls = crate::count::CALLS.load(std::sync::atomic::Ordering::Relaxed);
            *bytes = crate::count::BYTES.load(std::sync::atomic::Ordering::Relaxed);
        }
        #[cfg(not(feature = "count-alloc"))]
        {
            *calls = 0;
            *bytes = 0;
        }
    }
}
