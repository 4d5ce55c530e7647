// Bugs planted on purpose, each at the place where the mistake would be made, so that the tests can
// show that they would find it. They exist only in a build of their own (preset `plants`, CMake's
// ROOKERY_PLANTS), in which at most one is active; in all others ROOKERY_PLANTED(...) is the
// constant false and nothing of it is left.
//
//   if (!ROOKERY_PLANTED(kAckBeforeSync)) Sync();
#pragma once

#ifdef ROOKERY_PLANTS

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#define ROOKERY_PLANTED(plant) (::rookery::plants::IsActive(::rookery::plants::Plant::plant))

namespace rookery::plants {

// Row: name in code, name for people, what goes wrong.
// clang-format off
#define ROOKERY_PLANTS_LIST(ROW)                                                                   \
  ROW(kAckBeforeSync, "ack-before-sync", "entries count as durable before the log is synced")      \
  ROW(kApplyTwice, "apply-twice", "what a server sends again is taken again and done again") \
  ROW(kSkippedWatch, "skipped-watch", "setWatches after a reconnect does not tell what has changed") \
  ROW(kEphemeralLeftBehind, "ephemeral-left-behind", "a session's end forgets one of its nodes")   \
  ROW(kDeposedExpiry, "deposed-expiry", "a deposed leader expires sessions, and is believed")             \
  ROW(kStaleSync, "stale-sync", "sync and linearizable reads do not wait for the barrier")         \
  ROW(kCommitByCounting, "commit-by-counting", "a leader commits entries of older terms by counting") \
  ROW(kCheckpointMissingFile, "checkpoint-missing-file", "a checkpoint is sent without its last file") \
  ROW(kForgottenVote, "forgotten-vote", "a restart forgets whom the server has voted for")         \
  ROW(kSnapshotConfiguration, "snapshot-configuration", "a checkpoint carries its learners as voters") \
  ROW(kNewerConfiguration, "newer-configuration", "a server boots with a configuration newer than its state") \
  ROW(kKeptCursor, "kept-cursor", "a leader's cursor for tickets lives on into its next term")     \
  ROW(kStaleLoad, "stale-load", "a list loaded before a flush enters the cache behind it")         \
  ROW(kMissingDirectorySync, "missing-directory-sync", "a new name of a file is not synced")       \
  ROW(kGraceForgetsReturn, "grace-forgets-return", "who came back within the grace counts as away") \
  ROW(kStayingForgotten, "staying-forgotten", "setWatches2 after a reconnect forgets the watches that stay")
// Of the client library's recipes.
#define ROOKERY_RECIPE_PLANTS_LIST(ROW)                                                            \
  ROW(kLockByNews, "lock-by-news", "who waits holds when the one before it goes, and does not ask again") \
  ROW(kWriterOvertakes, "writer-overtakes", "a writer waits for the writers before it alone")      \
  ROW(kLeadsOn, "leads-on", "a leader whose node was deleted goes on leading")                     \
  ROW(kTakenUnasked, "taken-unasked", "an item whose deletion found nothing counts as taken")      \
  ROW(kTakenForGood, "taken-for-good", "a confirmed queue removes an item when it is taken")       \
  ROW(kBarrierByNews, "barrier-by-news", "any news of a barrier's node counts as its removal")     \
  ROW(kBarrierShort, "barrier-short", "a double barrier opens when one member is still missing")   \
  ROW(kSetUnread, "set-unread", "a counter is set whatever its version is")                        \
  ROW(kBlockGuessed, "block-guessed", "a block of ids whose answer was lost counts as ours")       \
  ROW(kWatchBehindRead, "watch-behind-read", "a value's watch is asked for behind the read")       \
  ROW(kJoinedByName, "joined-by-name", "a member whose name is there counts as joined")            \
  ROW(kLastInstanceKept, "last-instance-kept", "a resolver keeps the instances that went last")    \
  ROW(kDeafWhileReading, "deaf-while-reading", "a cache forgets what it is told of a node that it reads")
// clang-format on

enum class Plant {
#define ROW(plant, name, what) plant,
  ROOKERY_PLANTS_LIST(ROW) ROOKERY_RECIPE_PLANTS_LIST(ROW)
#undef ROW
};

bool IsActive(Plant plant);

struct Description {
  absl::string_view name;
  absl::string_view what;
  bool recipe = false;  // of the client library's recipes
};
const std::vector<Description>& All();

// Makes this plant the active one; "" none. False: no plant has this name. Before that the one that
// the environment names in ROOKERY_PLANT is active.
bool Activate(absl::string_view name);

}  // namespace rookery::plants

#else

#define ROOKERY_PLANTED(plant) false

#endif
