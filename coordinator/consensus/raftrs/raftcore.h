// raft-rs behind a narrow C interface: one handle is one member of one Raft group.
//
// Threads: a handle belongs to one thread at a time; different handles are independent. No
// callbacks except `log`, no I/O, no clock, no threads inside.
//
// Ownership: everything passed in is copied. Pointers handed out by rc_ready stay valid until the
// next rc_ready or rc_destroy on that handle; rc_last_error until the next call.
//
// Failure: RC_PANIC means the engine found a broken invariant. The handle is dead (every later call
// returns RC_PANIC); the only right answer is to end the process with rc_last_error in the log.
#pragma once
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

// C's names: the engine and programs from outside share them.
// NOLINTBEGIN(readability-identifier-naming)
enum { RC_MAX_PEERS = 15 };
enum {
  RC_OK = 0,
  RC_NOT_LEADER = 1,  // propose elsewhere
  // Transfer under way, uncommitted limit reached, or no own-term commit yet: retry later.
  RC_DROPPED = 2,
  RC_BAD_BYTES = 3,     // not a message
  RC_UNKNOWN_PEER = 4,  // an answer from a server outside the configuration: ignore
  RC_REFUSED = 5,       // a message or change that is not allowed
  RC_INVALID = 6,       // bad argument
  RC_PENDING_CONF = 7,  // an earlier configuration change is not applied yet
  RC_PANIC = 100
};
enum { RC_FOLLOWER = 0, RC_CANDIDATE = 1, RC_LEADER = 2, RC_PRE_CANDIDATE = 3 };
enum { RC_ENTRY_NORMAL = 0, RC_ENTRY_CONF = 1, RC_ENTRY_CONF_V2 = 2 };
enum { RC_ADD_VOTER = 0, RC_REMOVE = 1, RC_ADD_LEARNER = 2 };
enum { RC_AUTO = 0, RC_JOINT_AUTO_LEAVE = 1, RC_JOINT_EXPLICIT = 2 };
enum {
  RC_MSG_APPEND = 3,
  RC_MSG_APPEND_RESPONSE = 4,
  RC_MSG_VOTE = 5,
  RC_MSG_VOTE_RESPONSE = 6,
  RC_MSG_SNAPSHOT = 7,
  RC_MSG_HEARTBEAT = 8,
  RC_MSG_HEARTBEAT_RESPONSE = 9,
  RC_MSG_TIMEOUT_NOW = 14,
  RC_MSG_READ_INDEX = 15,
  RC_MSG_READ_INDEX_RESP = 16,
  RC_MSG_PRE_VOTE = 17,
  RC_MSG_PRE_VOTE_RESPONSE = 18
};

typedef struct rc_node rc_node;
typedef struct {
  const uint8_t* p;
  size_t n;
} rc_bytes;
typedef struct {
  uint64_t voters[RC_MAX_PEERS], outgoing[RC_MAX_PEERS], learners[RC_MAX_PEERS],
      learners_next[RC_MAX_PEERS];
  uint8_t n_voters, n_outgoing, n_learners, n_learners_next, auto_leave, reserved[3];
} rc_conf;
typedef struct {
  uint64_t term, index;
  uint32_t kind, reserved;
  rc_bytes data, context;
} rc_entry;
typedef struct {
  uint64_t to, term;
  uint32_t kind, reserved;
  rc_bytes bytes;
} rc_message;
typedef struct {
  uint64_t index;
  rc_bytes context;
} rc_read_state;
typedef struct {
  uint64_t term, vote, commit;
} rc_hard_state;
typedef struct {
  uint64_t index, term;
  rc_conf conf;  // as of index
  rc_bytes data;
} rc_snapshot;
typedef struct {
  uint32_t kind, reserved;
  uint64_t id;
} rc_conf_single;

typedef struct {
  uint64_t id;
  uint32_t election_tick, heartbeat_tick;  // randomized to [election_tick, 2 * election_tick)
  uint64_t max_size_per_msg;               // bytes of entries in one MsgAppend; 0: one entry
  uint32_t max_inflight_msgs;              // MsgAppend in flight per follower, > 0
  uint8_t pre_vote, check_quorum, skip_bcast_commit, batch_append;
  uint64_t max_uncommitted_size;          // bytes; 0: no limit; then rc_propose answers RC_DROPPED
  uint64_t max_committed_size_per_ready;  // bytes; 0: no limit
  uint64_t seed;                          // the only source of randomness
  uint32_t log_level;                     // 0 off, 1 critical .. 4 info
  uint32_t loose_snapshots;               // keep 0 (see rc_status_t.snapshot_wanted)
  void (*log)(void* ctx, uint32_t level, const char* text, size_t n);
  void* log_ctx;
} rc_config;
typedef struct {
  rc_hard_state hard_state;  // commit must be >= snapshot.index and >= applied, <= last entry
  rc_snapshot snapshot;  // index 0: none (a server that joins later boots with all of this zero)
  rc_conf conf;          // as of `applied`
  uint64_t applied;      // the state machine's durable position
  // Contiguous; may begin before snapshot.index (then the first is the anchor).
  const rc_entry* entries;
  size_t n_entries;
} rc_boot;
typedef struct {
  uint64_t number;  // for rc_persisted
  uint8_t must_sync, has_hard_state, has_snapshot, has_soft_state;
  uint32_t role;    // if has_soft_state
  uint64_t leader;  // if has_soft_state
  rc_hard_state hard_state;
  rc_snapshot snapshot;  // if has_snapshot: replaces log and state
  // Truncate the log from entries[0].index, append.
  const rc_entry* entries;
  size_t n_entries;
  // May leave now (but see the notes on a new leader).
  const rc_message* messages;
  size_t n_messages;
  // Only after this and all earlier readies are durable.
  const rc_message* persisted_messages;
  size_t n_persisted_messages;
  // Apply in order; locally durable already.
  const rc_entry* committed;
  size_t n_committed;
  // Serve when applied >= index.
  const rc_read_state* reads;
  size_t n_reads;
} rc_ready_t;
typedef struct {
  uint64_t id, term, vote, leader;
  uint32_t role, promotable;
  uint64_t commit, applied, persisted, first_index, last_index, transferee, pending_conf_index,
      pending_reads, uncommitted_bytes, cache_entries, cache_bytes;
  uint32_t commit_in_term, randomized_timeout;
  // Not 0: that server needs a snapshot, and ours is older than its membership: make one now.
  uint64_t snapshot_wanted;
  rc_conf conf;
} rc_status_t;
typedef struct {
  uint64_t id, matched, next, pending_snapshot;
  uint32_t state;  // 0 probe, 1 replicate, 2 snapshot
  uint8_t paused, recent_active, inflight_full, reserved;
} rc_progress_t;

int rc_create(const rc_config*, const rc_boot*, rc_node** out, char* error, size_t error_size);
void rc_destroy(rc_node*);
rc_bytes rc_last_error(const rc_node*);
int rc_tick(rc_node*);
int rc_step(rc_node*, rc_bytes message);
// Also refuses a message that names another sender.
int rc_step_from(rc_node*, rc_bytes message, uint64_t from);
int rc_peek(rc_bytes message, uint64_t* from, uint64_t* to, uint32_t* kind, uint64_t* term);
// Position (of the snapshot, not the message's term) and data of a snapshot message; RC_INVALID:
// `size` bytes do not fit.
int rc_peek_snapshot(rc_bytes message, uint64_t* index, uint64_t* term, uint8_t* data,
                     size_t capacity, size_t* size);
int rc_propose(rc_node*, const rc_bytes* data, size_t count);
int rc_propose_conf(rc_node*, const rc_conf_single*, size_t count, uint32_t transition,
                    rc_bytes context, uint8_t checked);
int rc_apply_conf(rc_node*, uint32_t entry_kind, rc_bytes data, rc_conf* after);
int rc_campaign(rc_node*);
int rc_transfer(rc_node*, uint64_t to);
int rc_step_down(rc_node*);
// Follower: the leader's process is known to be gone; votes are granted at once.
int rc_forget_leader(rc_node*);
int rc_read_index(rc_node*, rc_bytes context);
int rc_unreachable(rc_node*, uint64_t id);
int rc_report_snapshot(rc_node*, uint64_t id, uint8_t ok);
#ifdef ROOKERY_PLANTS
// A bug for tests that must find it: commits entries of older terms by counting (RULES.md).
int rc_plant_commit_by_counting(rc_node*);
#endif
int rc_has_ready(rc_node*);  // 1, 0 or RC_PANIC
int rc_ready(rc_node*, rc_ready_t* out);
int rc_persisted(rc_node*, uint64_t number);
int rc_applied(rc_node*, uint64_t index);
int rc_compact(rc_node*, const rc_snapshot*, uint64_t keep_from);
int rc_status(rc_node*, rc_status_t* out);
int rc_brief(rc_node*, uint32_t* role, uint64_t* term, uint64_t* commit, uint64_t* last_index,
             uint64_t* snapshot_wanted);
size_t rc_progress(rc_node*, rc_progress_t* out, size_t cap);
void rc_alloc_count(uint64_t* calls, uint64_t* bytes);
// NOLINTEND(readability-identifier-naming)
#ifdef __cplusplus
}
#endif
