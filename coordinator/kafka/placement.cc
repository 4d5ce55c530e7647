#include "coordinator/kafka/placement.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"

namespace rookery::kafka {
namespace {

struct Draw {
  int64_t start;
  int64_t shift;
};

// The j-th further replica (from 0) after the first one at `first`, skipping the first one itself.
size_t FurtherIndex(int64_t first, int64_t shift, int64_t j, int64_t brokers) {
  const int64_t distance = 1 + (shift + j) % (brokers - 1);
  return static_cast<size_t>((first + distance) % brokers);
}

Replicas PlaceWithoutRacks(const std::vector<PlacementBroker>& brokers, int64_t first,
                           int64_t shift, int32_t replication_factor) {
  const auto n = static_cast<int64_t>(brokers.size());
  Replicas replicas = {brokers[first].id};
  for (int32_t j = 0; j < replication_factor - 1; ++j) {
    replicas.push_back(brokers[FurtherIndex(first, shift, j, n)].id);
  }
  return replicas;
}

// Goes round the alternating list and skips a broker while its rack has a replica and another rack
// has none, or while it is used itself and some broker is not.
Replicas PlaceOverRacks(const std::vector<PlacementBroker>& brokers, size_t racks, int64_t first,
                        int64_t shift, int32_t replication_factor) {
  const auto n = static_cast<int64_t>(brokers.size());
  Replicas replicas = {brokers[first].id};
  std::set<std::string> used_racks = {*brokers[first].rack};
  std::set<int32_t> used = {brokers[first].id};
  int64_t k = 0;
  while (replicas.size() < static_cast<size_t>(replication_factor)) {
    const PlacementBroker& broker =
        brokers[FurtherIndex(first, shift * static_cast<int64_t>(racks), k++, n)];
    const bool rack_taken = used_racks.contains(*broker.rack) && used_racks.size() < racks;
    const bool broker_taken = used.contains(broker.id) && used.size() < brokers.size();
    if (rack_taken || broker_taken) continue;
    replicas.push_back(broker.id);
    used_racks.insert(*broker.rack);
    used.insert(broker.id);
  }
  return replicas;
}

// One broker of each rack in turn: racks by name, brokers by id.
std::vector<PlacementBroker> AlternateRacks(const std::vector<PlacementBroker>& sorted,
                                            size_t* racks) {
  std::map<std::string, std::vector<PlacementBroker>> by_rack;
  for (const PlacementBroker& broker : sorted) by_rack[*broker.rack].push_back(broker);
  *racks = by_rack.size();
  std::vector<PlacementBroker> result;
  for (size_t round = 0; result.size() < sorted.size(); ++round) {
    for (const auto& [rack, members] : by_rack) {
      if (round < members.size()) result.push_back(members[round]);
    }
  }
  return result;
}

// `draw` is asked for once the brokers stand in order.
template <typename DrawOf>
absl::StatusOr<std::map<int32_t, Replicas>> Place(std::vector<PlacementBroker> brokers,
                                                  int32_t count, int32_t replication_factor,
                                                  int32_t first_partition, DrawOf draw_of) {
  if (count <= 0) {
    return absl::InvalidArgumentError("Number of partitions must be larger than 0.");
  }
  if (replication_factor <= 0) {
    return absl::InvalidArgumentError("Replication factor must be larger than 0.");
  }
  if (static_cast<size_t>(replication_factor) > brokers.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("Replication factor: ", replication_factor,
                     " larger than available brokers: ", brokers.size(), "."));
  }
  std::sort(brokers.begin(), brokers.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  const auto named =
      std::count_if(brokers.begin(), brokers.end(),
                    [](const PlacementBroker& broker) { return broker.rack.has_value(); });
  if (named != 0 && static_cast<size_t>(named) != brokers.size()) {
    return absl::InvalidArgumentError(
        "Not all brokers have rack information for replica rack aware assignment.");
  }
  size_t racks = 0;
  if (named != 0) brokers = AlternateRacks(brokers, &racks);

  const auto n = static_cast<int64_t>(brokers.size());
  const Draw draw = draw_of(brokers);
  int64_t shift = draw.shift;
  std::map<int32_t, Replicas> placement;
  for (int32_t partition = first_partition; partition < first_partition + count; ++partition) {
    if (partition > 0 && partition % n == 0) ++shift;
    const int64_t first = (partition + draw.start) % n;
    placement[partition] = racks == 0
                               ? PlaceWithoutRacks(brokers, first, shift, replication_factor)
                               : PlaceOverRacks(brokers, racks, first, shift, replication_factor);
  }
  return placement;
}

}  // namespace

absl::StatusOr<std::map<int32_t, Replicas>> PlaceReplicas(std::vector<PlacementBroker> brokers,
                                                          int32_t count, int32_t replication_factor,
                                                          Random& random, int32_t first_partition) {
  return Place(std::move(brokers), count, replication_factor, first_partition,
               [&random](const std::vector<PlacementBroker>& in_order) {
                 const auto start = static_cast<int64_t>(random.Below(in_order.size()));
                 return Draw{start, static_cast<int64_t>(random.Below(in_order.size()))};
               });
}

// Kafka counts the place of the first replica's broker by ids, and takes it for one in the order of
// racks.
absl::StatusOr<std::map<int32_t, Replicas>> PlaceMoreReplicas(std::vector<PlacementBroker> brokers,
                                                              int32_t first_partition,
                                                              int32_t count,
                                                              const Replicas& of_partition_0) {
  if (of_partition_0.empty()) {
    return absl::InvalidArgumentError("expected a topic whose first partition has replicas");
  }
  const auto factor = static_cast<int32_t>(of_partition_0.size());
  const bool any = std::any_of(brokers.begin(), brokers.end(), [&](const auto& broker) {
    return broker.id >= of_partition_0.front();
  });
  const auto before = std::count_if(brokers.begin(), brokers.end(), [&](const auto& broker) {
    return broker.id < of_partition_0.front();
  });
  const int64_t index = any ? before : 0;
  return Place(std::move(brokers), count, factor, first_partition,
               [index](const std::vector<PlacementBroker>&) { return Draw{index, index}; });
}

}  // namespace rookery::kafka
