//! The engine's values <-> the structs of the border.
use raft::eraftpb::{ConfState, Entry, Snapshot, SnapshotMetadata};

use crate::types::*;

fn put(ids: &[u64], a: &mut [u64; MAX_PEERS], n: &mut u8) {
    let mut v = ids.to_vec();
    v.sort_unstable();
    assert!(v.len() <= MAX_PEERS, "more than {} peers", MAX_PEERS);
    a[..v.len()].copy_from_slice(&v);
    *n = v.len() as u8;
}
pub fn conf_out(cs: &ConfState) -> RcConf {
    let mut c = RcConf {
        voters: [0; MAX_PEERS],
        outgoing: [0; MAX_PEERS],
        learners: [0; MAX_PEERS],
        learners_next: [0; MAX_PEERS],
        n_voters: 0,
        n_outgoing: 0,
        n_learners: 0,
        n_learners_next: 0,
        auto_leave: cs.auto_leave as u8,
        reserved: [0; 3],
    };
    put(&cs.voters, &mut c.voters, &mut c.n_voters);
    put(&cs.voters_outgoing, &mut c.outgoing, &mut c.n_outgoing);
    put(&cs.learners, &mut c.learners, &mut c.n_learners);
    put(
        &cs.learners_next,
        &mut c.learners_next,
        &mut c.n_learners_next,
    );
    c
}
pub fn conf_in(c: &RcConf) -> ConfState {
    let mut cs = ConfState::default();
    cs.voters = c.voters[..c.n_voters as usize].to_vec();
    cs.voters_outgoing = c.outgoing[..c.n_outgoing as usize].to_vec();
    cs.learners = c.learners[..c.n_learners as usize].to_vec();
    cs.learners_next = c.learners_next[..c.n_learners_next as usize].to_vec();
    cs.auto_leave = c.auto_leave != 0;
    cs
}

pub fn entry_out(e: &Entry) -> RcEntry {
    RcEntry {
        term: e.term,
        index: e.index,
        kind: e.entry_type as u32,
        reserved: 0,
        data: RcBytes::of(&e.data),
        context: RcBytes::of(&e.context),
    }
}
/// # Safety
/// The views in `e` are valid.
pub unsafe fn entry_in(e: &RcEntry) -> Entry {
    let mut x = Entry::default();
    x.entry_type = e.kind as i32;
    x.term = e.term;
    x.index = e.index;
    x.data = unsafe { e.data.slice() }.to_vec();
    x.context = unsafe { e.context.slice() }.to_vec();
    x
}
/// # Safety
/// The view in `s` is valid.
pub unsafe fn snap_in(s: &RcSnapshot) -> Snapshot {
    let mut x = Snapshot::default();
    if s.index > 0 {
        let mut m = SnapshotMetadata::default();
        m.index = s.index;
        m.term = s.term;
        m.conf_state = Some(conf_in(&s.conf));
        x.metadata = Some(m);
        x.data = unsafe { s.data.slice() }.to_vec();
    }
    x
}
