//! Changes of the configuration (R7: nothing is proposed that could not be applied).
use prost::Message as _;
use raft::eraftpb::{ConfChange, ConfChangeSingle, ConfChangeV2, EntryType};
use raft::StateRole;

use crate::convert::*;
use crate::node::*;
use crate::types::*;

/// # Safety
/// `changes` points to `count` structs.
unsafe fn conf_change(changes: *const RcConfSingle, count: usize, transition: u32) -> ConfChangeV2 {
    unsafe {
        let mut cc = ConfChangeV2::default();
        cc.transition = transition as i32;
        for i in 0..count {
            let s = &*changes.add(i);
            let mut x = ConfChangeSingle::default();
            x.change_type = s.kind as i32;
            x.node_id = s.id;
            cc.changes.push(x);
        }
        cc
    }
}

/// `changes` points to `count` structs.
#[no_mangle]
pub unsafe extern "C" fn rc_propose_conf(
    n: *mut RcNode,
    changes: *const RcConfSingle,
    count: usize,
    transition: u32,
    context: RcBytes,
    checked: u8,
) -> i32 {
    unsafe {
        call(n, |n| {
            if n.raw.raft.state != StateRole::Leader {
                return NOT_LEADER;
            }
            let cc = conf_change(changes, count, transition);
            if checked != 0 {
                if n.raw.raft.has_pending_conf() {
                    return PENDING_CONF;
                }
                let cs = n.raw.raft.prs().conf().to_conf_state();
                let joint = !cs.voters_outgoing.is_empty();
                if joint != cc.changes.is_empty() {
                    return REFUSED;
                }
                let mut ids: Vec<u64> = cc.changes.iter().map(|c| c.node_id).collect();
                ids.sort_unstable();
                ids.dedup();
                if ids.len() != cc.changes.len() || ids.contains(&0) {
                    return INVALID;
                }
                if !joint {
                    let mut v: std::collections::BTreeSet<u64> =
                        cs.voters.iter().copied().collect();
                    for c in &cc.changes {
                        if c.change_type == 0 {
                            v.insert(c.node_id);
                        } else {
                            v.remove(&c.node_id);
                        }
                    }
                    if v.is_empty() {
                        return INVALID;
                    }
                }
            }
            match n.raw.propose_conf_change(context.slice().to_vec(), cc) {
                Ok(()) => OK,
                Err(e) => n.map(e),
            }
        })
    }
}

/// Valid pointers.
#[no_mangle]
pub unsafe extern "C" fn rc_apply_conf(
    n: *mut RcNode,
    kind: u32,
    data: RcBytes,
    out: *mut RcConf,
) -> i32 {
    unsafe {
        call(n, |n| {
            let r = if kind == EntryType::EntryConfChange as u32 {
                match ConfChange::decode(data.slice()) {
                    Ok(cc) => n.raw.apply_conf_change(&cc),
                    Err(_) => return BAD_BYTES,
                }
            } else {
                match ConfChangeV2::decode(data.slice()) {
                    Ok(cc) => n.raw.apply_conf_change(&cc),
                    Err(_) => return BAD_BYTES,
                }
            };
            let code = match r {
                Ok(_) => OK,
                Err(e) => {
                    n.err = e.to_string();
                    REFUSED
                }
            };
            let cs = n.raw.raft.prs().conf().to_conf_state();
            *out = conf_out(&cs);
            n.raw.mut_store().conf = cs;
            code
        })
    }
}
