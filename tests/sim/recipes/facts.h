// What the parties of a run with recipes did and were told, as values: the only thing, beside the
// history of the tree, that the recipes' checkers look at. Orders are those of the history.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/sim/history/history.h"

namespace rookery::sim {

// Names of NameOf() and places below kRecipesRoot.
enum class Recipe {
  kLock,
  kSharedLock,
  kElection,
  kQueue,
  kConfirmedQueue,
  kBarrier,
  kDoubleBarrier,
  kCounter,
  kIds,
  kSubscription,
  kGroup,
  kDiscovery,
  kTreeCache,
  kCount
};
absl::string_view NameOf(Recipe recipe);  // "shared-lock"
std::string PathOf(Recipe recipe);        // "/recipes/shared-lock"

// What an operation of a recipe came to.
enum class Fate {
  kOpen,     // it has not returned: its process died, or its object went
  kDone,     // Ok
  kUnknown,  // once or not at all
  kRefused,  // surely not
  kLate,     // not in time
  kEnded,    // the session was over, so perhaps
};

// A process stood still.
struct Slept {
  uint32_t party = 0;
  int64_t from_us = 0;
  int64_t to_us = 0;
};

// A party learned that it holds a lock, or leads.
struct Hold {
  Recipe recipe = Recipe::kLock;
  uint32_t party = 0;
  std::string node;  // path
  bool reads = false;
  model::Zxid token = 0;
  Order granted = 0;
};

// A holder's access to what its lock protects, which looks at the token.
struct Access {
  Recipe recipe = Recipe::kLock;
  uint32_t party = 0;
  std::string node;
  bool reads = false;
  model::Zxid token = 0;
  Order sent = 0;
  int64_t sent_us = 0;
  Order arrived = 0;  // 0: it has not
  bool accepted = false;
};

// An item was put.
struct Put {
  Recipe recipe = Recipe::kQueue;
  uint32_t party = 0;
  std::string item;
  Fate fate = Fate::kOpen;
};
// An item was given to a consumer, and what it did with it (of confirmed queues).
struct Taken {
  Recipe recipe = Recipe::kQueue;
  uint32_t party = 0;
  model::SessionId session = 0;
  std::string item;
  Order order = 0;
  bool confirms = false;  // Confirm() was called
  Order confirmed = 0;    // it was done
  Fate fate = Fate::kOpen;
};

// A write of a client that was not answered: it may have been applied.
struct Unanswered {
  uint32_t party = 0;
  std::string path;
};

// A wait at a barrier that its session had seen standing at `stood`.
struct Waited {
  uint32_t party = 0;
  model::Zxid stood = 0;
  Order returned = 0;
  Fate fate = Fate::kOpen;
};

// A party's Enter() of a double barrier.
struct Entered {
  uint32_t party = 0;
  model::SessionId session = 0;
  bool connected = false;  // all the time
  Order asked = 0;
  Order returned = 0;
  Fate fate = Fate::kOpen;
};

// A counter was raised by one.
struct Added {
  uint32_t party = 0;
  Fate fate = Fate::kOpen;
  int64_t value = 0;  // after it
};

struct IdGiven {
  uint32_t party = 0;
  int64_t id = 0;
};

// A party takes itself for listed: a member of a group, a registered instance.
struct Listed {
  Recipe recipe = Recipe::kGroup;
  uint32_t party = 0;
  model::SessionId session = 0;
  std::string path;
  Order since = 0;
  Order until = 0;  // it asked to be removed, or its session was over for it; 0: to the run's end
};

// Something that a follower was told of a node.
struct Shown {
  enum class Kind { kAdded, kChanged, kRemoved, kMissing, kUnparsed };
  Recipe recipe = Recipe::kTreeCache;
  uint32_t party = 0;
  uint64_t follower = 0;  // one object of one session
  Kind kind = Kind::kAdded;
  std::string path;
  std::string data;
  model::Zxid czxid = 0;
  model::Zxid mzxid = 0;
};
// What a follower held when the run had come to rest.
struct Copy {
  Recipe recipe = Recipe::kTreeCache;
  uint32_t party = 0;
  int depth = 0;
  bool settled = false;
  std::map<std::string, std::string> nodes;  // data by path
};

struct RecipeFacts {
  size_t barrier_members = 0;
  int64_t notice_us = 0;  // within this a party that runs has learned of what it lost
  std::vector<Slept> slept;
  std::vector<Hold> holds;
  std::vector<Access> accesses;
  std::vector<Put> puts;
  std::vector<Taken> taken;
  std::vector<Unanswered> unanswered;
  std::map<std::string, std::string> item_paths;  // as somebody was shown them
  std::vector<Waited> waited;
  std::vector<Entered> entered;
  std::vector<Added> added;
  std::vector<IdGiven> ids;
  std::vector<Listed> listed;
  std::map<std::string, std::vector<std::string>> written;  // by path: data that somebody wrote
  std::vector<Shown> shown;
  std::vector<Copy> copies;
};

}  // namespace rookery::sim
