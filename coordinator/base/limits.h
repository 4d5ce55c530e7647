// Every bound of a queue or a batch, by name and with its reason. What a client sees when one is
// hit is an answer or a pause in reading, never a silent close, unless the ZooKeeper protocol
// demands one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rookery::limits {

// --- Log entries. One entry is replicated and applied as a whole: large enough that its own cost
// vanishes, small enough that it delays no heartbeat. A single larger request goes alone.
inline constexpr size_t kEntryBytesMax = 512u << 10;
inline constexpr size_t kEntryRequestsMax = 4096;

// --- From a server to the leader.
// Bytes of one message: a message is copied and checked as a whole.
inline constexpr size_t kForwardBytesMax = 512u << 10;
// Sent and not yet taken by the leader; above this a server waits. It bounds what the leader keeps
// for one server while its log is busy.
inline constexpr size_t kForwardWindowBytes = 8u << 20;

// --- Requests taken from clients and not yet answered.
// Of one connection: its door stops reading above this. Room for several of the largest frames.
inline constexpr size_t kConnectionPendingBytesMax = 4u << 20;
// Of all connections of a server: doors stop reading from connections that wait for answers.
inline constexpr size_t kServerPendingBytesMax = 64u << 20;
// The same by number, as ZooKeeper's globalOutstandingLimit (which is 1000; ours are batched).
inline constexpr size_t kServerPendingRequestsMax = 100'000;

// --- Answers to a client that does not read them.
// Above this its requests are not read either, so that it can only hurt itself.
inline constexpr size_t kConnectionOutputBytesPause = 4u << 20;
// Above this (events alone can get here) the connection is closed: a gap in events would break
// the promise that every change is told.
inline constexpr size_t kConnectionOutputBytesMax = 64u << 20;

// --- Applying.
// Requests applied before other work of the core executor gets its turn.
inline constexpr int kRequestsPerTurn = 256;
// Entries whose nodes are brought into memory ahead of their turn.
inline constexpr size_t kLoadAheadBytesMax = 8u << 20;
// Nodes that the creation of a quota's statistics may have to count: all of them are in memory at
// once, on every server, while nothing else is applied.
inline constexpr size_t kQuotaNodesMax = 250'000;
// Reads behind writes of their session whose nodes are brought in before their turn; what they hold
// may be large, and a few at a time hide the disk.
inline constexpr size_t kReadsLoadedAheadMax = 64;

// --- HTTP: the head of a request of the administration port; bodies are not taken.
inline constexpr size_t kHttpHeadBytesMax = 16u << 10;

}  // namespace rookery::limits
