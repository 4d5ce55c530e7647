//! One member of a group: the engine with the guards that must not be forgotten (R4, R5), its seeded
//! randomness, and what the last rc_ready handed out.
use std::panic::{catch_unwind, AssertUnwindSafe};

use raft::eraftpb::{Entry, Snapshot};
use raft::{Error, RawNode, StateRole};

use crate::cache::Cache;
use crate::types::*;

pub struct RcNode {
    pub raw: RawNode<Cache>,
    pub rng: u64,
    pub lo: u64,
    pub hi: u64,
    pub number: u64,  // of the last Ready taken
    pub durable: u64, // highest number reported by rc_persisted
    pub dead: bool,
    pub err: String,
    // what the last rc_ready handed out; valid until the next rc_ready or rc_destroy
    pub held_entries: Vec<Entry>,
    pub held_committed: Vec<Entry>,
    pub held_msgs: Vec<Vec<u8>>,
    pub held_reads: Vec<raft::ReadState>,
    pub held_snap: Snapshot,
    pub c_entries: Vec<RcEntry>,
    pub c_committed: Vec<RcEntry>,
    pub c_msgs: Vec<RcMessage>,
    pub c_pmsgs: Vec<RcMessage>,
    pub c_reads: Vec<RcReadState>,
}

fn splitmix(s: &mut u64) -> u64 {
    *s = s.wrapping_add(0x9e3779b97f4a7c15);
    let mut z = *s;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
    z ^ (z >> 31)
}

impl RcNode {
    /// raft draws the election timeout from the thread's generator in every reset; each reset also
    /// zeroes election_elapsed. So: whenever it is zero after a call, draw again from our own.
    pub fn reseed(&mut self) {
        if self.raw.raft.election_elapsed == 0 {
            let t = self.lo + splitmix(&mut self.rng) % (self.hi - self.lo);
            self.raw.raft.set_randomized_election_timeout(t as usize);
        }
    }
    /// R4: a received snapshot is not installed yet. R5: a lone voter's writes are in flight. Neither may campaign.
    pub fn must_not_campaign(&self) -> bool {
        let r = &self.raw.raft;
        let installing = r.raft_log.unstable.snapshot.is_some()
            || r.raft_log.applied + 1 < self.raw.store().first;
        let conf = r.prs().conf().to_conf_state();
        let lone = conf
            .voters
            .iter()
            .chain(conf.voters_outgoing.iter())
            .all(|v| *v == r.id);
        installing || (lone && r.state != StateRole::Leader && self.durable < self.number)
    }
    pub fn map(&mut self, e: Error) -> i32 {
        let code = match &e {
            Error::ProposalDropped => DROPPED,
            Error::StepPeerNotFound => UNKNOWN_PEER,
            Error::StepLocalMsg => REFUSED,
            Error::CodecError(_) => BAD_BYTES,
            _ => INVALID,
        };
        self.err = e.to_string();
        code
    }
}

thread_local! {
    pub static LAST: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
}
pub fn panic_text(p: &(dyn std::any::Any + Send)) -> String {
    if let Some(s) = p.downcast_ref::<&str>() {
        s.to_string()
    } else if let Some(s) = p.downcast_ref::<String>() {
        s.clone()
    } else {
        "panic".into()
    }
}
pub fn quiet_hook() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|i| {
            let at = i.location().map(|l| {
                let f = l.file();
                format!(" [{}:{}]", f.rsplit('/').next().unwrap_or(f), l.line())
            });
            LAST.with(|s| *s.borrow_mut() = at.unwrap_or_default());
        }))
    });
}
/// Runs `f` on a live handle; a panic poisons the handle.
/// # Safety
/// `n` is a handle that nobody else uses now.
pub unsafe fn call(n: *mut RcNode, f: impl FnOnce(&mut RcNode) -> i32) -> i32 {
    let node = unsafe { &mut *n };
    if node.dead {
        return PANIC;
    }
    match catch_unwind(AssertUnwindSafe(|| {
        let r = f(node);
        node.reseed();
        r
    })) {
        Ok(r) => r,
        Err(p) => {
            let node = unsafe { &mut *n };
            node.dead = true;
            node.err = panic_text(&*p) + &LAST.with(|s| s.borrow().clone());
            PANIC
        }
    }
}
