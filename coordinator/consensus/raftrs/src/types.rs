//! The structs and codes of raftcore.h; layouts must stay equal to it.
use std::os::raw::{c_char, c_void};

pub const MAX_PEERS: usize = 15;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct RcBytes {
    pub p: *const u8,
    pub n: usize,
}
impl RcBytes {
    pub fn of(v: &[u8]) -> Self {
        RcBytes {
            p: v.as_ptr(),
            n: v.len(),
        }
    }
    /// # Safety
    /// The view is valid for as long as the result is used.
    pub unsafe fn slice<'a>(&self) -> &'a [u8] {
        if self.n == 0 {
            &[]
        } else {
            unsafe { std::slice::from_raw_parts(self.p, self.n) }
        }
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct RcConf {
    pub voters: [u64; MAX_PEERS],
    pub outgoing: [u64; MAX_PEERS],
    pub learners: [u64; MAX_PEERS],
    pub learners_next: [u64; MAX_PEERS],
    pub n_voters: u8,
    pub n_outgoing: u8,
    pub n_learners: u8,
    pub n_learners_next: u8,
    pub auto_leave: u8,
    pub reserved: [u8; 3],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct RcEntry {
    pub term: u64,
    pub index: u64,
    pub kind: u32, // 0 normal, 1 conf change, 2 conf change v2
    pub reserved: u32,
    pub data: RcBytes,
    pub context: RcBytes,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RcMessage {
    pub to: u64,
    pub term: u64,
    pub kind: u32,
    pub reserved: u32,
    pub bytes: RcBytes,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RcReadState {
    pub index: u64,
    pub context: RcBytes,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RcHardState {
    pub term: u64,
    pub vote: u64,
    pub commit: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RcSnapshot {
    pub index: u64,
    pub term: u64,
    pub conf: RcConf,
    pub data: RcBytes,
}
#[repr(C)]
pub struct RcReady {
    pub number: u64,
    pub must_sync: u8,
    pub has_hard_state: u8,
    pub has_snapshot: u8,
    pub has_soft_state: u8,
    pub role: u32,
    pub leader: u64,
    pub hard_state: RcHardState,
    pub snapshot: RcSnapshot,
    pub entries: *const RcEntry,
    pub n_entries: usize,
    pub messages: *const RcMessage,
    pub n_messages: usize,
    pub persisted_messages: *const RcMessage,
    pub n_persisted_messages: usize,
    pub committed: *const RcEntry,
    pub n_committed: usize,
    pub reads: *const RcReadState,
    pub n_reads: usize,
}
#[repr(C)]
pub struct RcConfig {
    pub id: u64,
    pub election_tick: u32,
    pub heartbeat_tick: u32,
    pub max_size_per_msg: u64,
    pub max_inflight_msgs: u32,
    pub pre_vote: u8,
    pub check_quorum: u8,
    pub skip_bcast_commit: u8,
    pub batch_append: u8,
    pub max_uncommitted_size: u64,
    pub max_committed_size_per_ready: u64,
    pub seed: u64,
    pub log_level: u32, // 0 off, 1 crit .. 4 info (debug and trace are compiled out)
    pub loose_snapshots: u32, // 1: offer a snapshot also to a server that is not in its configuration (it will refuse it)
    pub log: Option<extern "C" fn(*mut c_void, u32, *const c_char, usize)>,
    pub log_ctx: *mut c_void,
}
#[repr(C)]
pub struct RcBoot {
    pub hard_state: RcHardState,
    pub snapshot: RcSnapshot, // index 0: none
    pub conf: RcConf,         // configuration as of `applied`
    pub applied: u64,
    pub entries: *const RcEntry,
    pub n_entries: usize,
}
#[repr(C)]
pub struct RcStatus {
    pub id: u64,
    pub term: u64,
    pub vote: u64,
    pub leader: u64,
    pub role: u32,
    pub promotable: u32,
    pub commit: u64,
    pub applied: u64,
    pub persisted: u64,
    pub first_index: u64,
    pub last_index: u64,
    pub transferee: u64,
    pub pending_conf_index: u64,
    pub pending_reads: u64,
    pub uncommitted_bytes: u64,
    pub cache_entries: u64,
    pub cache_bytes: u64,
    pub commit_in_term: u32,
    pub randomized_timeout: u32,
    pub snapshot_wanted: u64,
    pub conf: RcConf,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RcProgress {
    pub id: u64,
    pub matched: u64,
    pub next: u64,
    pub pending_snapshot: u64,
    pub state: u32, // 0 probe 1 replicate 2 snapshot
    pub paused: u8,
    pub recent_active: u8,
    pub inflight_full: u8,
    pub reserved: u8,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RcConfSingle {
    pub kind: u32, // 0 add voter, 1 remove, 2 add learner
    pub reserved: u32,
    pub id: u64,
}

pub const OK: i32 = 0;
pub const NOT_LEADER: i32 = 1;
pub const DROPPED: i32 = 2;
pub const BAD_BYTES: i32 = 3;
pub const UNKNOWN_PEER: i32 = 4;
pub const REFUSED: i32 = 5;
pub const INVALID: i32 = 6;
pub const PENDING_CONF: i32 = 7;
pub const PANIC: i32 = 100;
