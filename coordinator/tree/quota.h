// Quotas (zookeeper-protocol 2.9). Limits of P stand in /zookeeper/quota<P>/zookeeper_limits, usage
// beside them in zookeeper_stats; both are nodes that clients make. Here usage follows the changes
// below P, in place: no version, no zxid, no time and no watch of the statistics' node tells of it.
//
// Nothing is kept beside the tree: the nodes below /zookeeper/quota are the index, and while it has
// no children a write looks at it alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/model/data.h"
#include "coordinator/model/request.h"
#include "coordinator/tree/overlay.h"

namespace rookery::tree {

// The text of both kinds of node: pairs of a key and a number, "count=4,bytes=5", where more keys
// follow as "=;countHardLimit=10". Unset numbers are -1. A pair that is none is left out; ZooKeeper
// ends its process there.
class QuotaNumbers {
 public:
  static constexpr absl::string_view kCount = "count";
  static constexpr absl::string_view kBytes = "bytes";
  static constexpr absl::string_view kCountHardLimit = "countHardLimit";
  static constexpr absl::string_view kByteHardLimit = "byteHardLimit";

  static QuotaNumbers Parse(const model::Data& text);
  std::string ToText() const;

  int64_t Get(absl::string_view key) const;
  // Wraps around, as Java's numbers do.
  void Add(absl::string_view key, int64_t by);
  void Set(absl::string_view key, int64_t value);

 private:
  std::map<std::string, int64_t, std::less<>> values_;
};

inline int64_t DataBytes(const model::Data& data) {
  return data.has_value() ? static_cast<int64_t>(data->size()) : 0;
}

// True if a hard limit of the deepest quota over `path` would be exceeded by `more`.
bool ExceedsQuota(absl::string_view path, const Usage& more, Overlay& tree);

// To be called after a change at `path`, which brought `change`, was put into the overlay.
void CountForQuota(absl::string_view path, const Usage& change, Overlay& tree);

// True for the node that holds a quota's statistics. When it is created, the server counts what is
// there, FillQuotaStatistics; false: more than limits::kQuotaNodesMax nodes.
bool IsQuotaStatistics(absl::string_view path);
[[nodiscard]] bool FillQuotaStatistics(absl::string_view path, Overlay& tree);

// What CountForQuota will look at for a change at `path`, as far as memory tells.
void TouchQuota(absl::string_view path, const store::NodeStore& store, store::LoadSet* set);

}  // namespace rookery::tree
