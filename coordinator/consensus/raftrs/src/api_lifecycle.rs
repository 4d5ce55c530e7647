//! A handle's beginning and end.
use std::collections::VecDeque;
use std::os::raw::c_char;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;

use raft::eraftpb::{HardState, Snapshot};
use raft::{Config, RawNode, ReadOnlyOption};

use crate::cache::Cache;
use crate::convert::*;
use crate::logging::LogDrain;
use crate::node::*;
use crate::types::*;

/// Pointers as described in raftcore.h.
#[no_mangle]
pub unsafe extern "C" fn rc_create(
    c: *const RcConfig,
    b: *const RcBoot,
    out: *mut *mut RcNode,
    err: *mut c_char,
    err_n: usize,
) -> i32 {
    unsafe {
        quiet_hook();
        *out = ptr::null_mut();
        let r = catch_unwind(AssertUnwindSafe(|| -> Result<Box<RcNode>, String> {
            let (c, b) = (&*c, &*b);
            let snap = snap_in(&b.snapshot);
            let mut hs = HardState::default();
            hs.term = b.hard_state.term;
            hs.vote = b.hard_state.vote;
            hs.commit = b.hard_state.commit;
            let mut cache = Cache {
                ents: VecDeque::new(),
                first: b.snapshot.index + 1,
                prev_term: b.snapshot.term,
                bytes: 0,
                snap,
                hs,
                conf: conf_in(&b.conf),
                loose: c.loose_snapshots != 0,
                wanted: std::cell::Cell::new(0),
            };
            for i in 0..b.n_entries {
                let e = entry_in(&*b.entries.add(i));
                if i == 0 && e.index < cache.first {
                    // entries kept from before the snapshot; the dummy entry is the first one
                    cache.first = e.index + 1;
                    cache.prev_term = e.term;
                    continue;
                }
                if e.index != cache.last() + 1 {
                    return Err(format!("hole in boot entries at {}", e.index));
                }
                cache.bytes += e.data.len();
                cache.ents.push_back(e);
            }
            let cfg = Config {
                id: c.id,
                election_tick: c.election_tick as usize,
                heartbeat_tick: c.heartbeat_tick as usize,
                applied: b.applied,
                max_size_per_msg: c.max_size_per_msg,
                max_inflight_msgs: c.max_inflight_msgs as usize,
                check_quorum: c.check_quorum != 0,
                pre_vote: c.pre_vote != 0,
                min_election_tick: 0,
                max_election_tick: 0,
                read_only_option: ReadOnlyOption::Safe,
                skip_bcast_commit: c.skip_bcast_commit != 0,
                batch_append: c.batch_append != 0,
                priority: 0,
                max_uncommitted_size: if c.max_uncommitted_size == 0 {
                    u64::MAX
                } else {
                    c.max_uncommitted_size
                },
                max_committed_size_per_ready: if c.max_committed_size_per_ready == 0 {
                    u64::MAX
                } else {
                    c.max_committed_size_per_ready
                },
            };
            let logger = match c.log {
                Some(f) if c.log_level > 0 => slog::Logger::root(
                    LogDrain {
                        f,
                        ctx: c.log_ctx,
                        level: c.log_level as usize,
                    },
                    slog::o!(),
                ),
                _ => slog::Logger::root(slog::Discard, slog::o!()),
            };
            let raw = RawNode::new(&cfg, cache, &logger).map_err(|e| e.to_string())?;
            let mut n = Box::new(RcNode {
                raw,
                rng: c.seed ^ c.id.wrapping_mul(0x2545f4914f6cdd1d),
                lo: c.election_tick as u64,
                hi: 2 * c.election_tick as u64,
                number: 0,
                durable: 0,
                dead: false,
                err: String::new(),
                held_entries: vec![],
                held_committed: vec![],
                held_msgs: vec![],
                held_reads: vec![],
                held_snap: Snapshot::default(),
                c_entries: vec![],
                c_committed: vec![],
                c_msgs: vec![],
                c_pmsgs: vec![],
                c_reads: vec![],
            });
            n.reseed();
            Ok(n)
        }));
        let (code, text) = match r {
            Ok(Ok(n)) => {
                *out = Box::into_raw(n);
                return OK;
            }
            Ok(Err(s)) => (INVALID, s),
            Err(p) => (PANIC, panic_text(&*p) + &LAST.with(|s| s.borrow().clone())),
        };
        if err_n > 0 {
            let n = text.len().min(err_n - 1);
            ptr::copy_nonoverlapping(text.as_ptr() as *const c_char, err, n);
            *err.add(n) = 0;
        }
        code
    }
}

/// `n` from rc_create, or null.
#[no_mangle]
pub unsafe extern "C" fn rc_destroy(n: *mut RcNode) {
    unsafe {
        if !n.is_null() {
            let _ = catch_unwind(AssertUnwindSafe(|| drop(Box::from_raw(n))));
        }
    }
}

/// Valid handle.
#[no_mangle]
pub unsafe extern "C" fn rc_last_error(n: *const RcNode) -> RcBytes {
    unsafe { RcBytes::of((*n).err.as_bytes()) }
}
