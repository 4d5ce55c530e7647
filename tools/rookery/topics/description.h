// What is known of a topic, and how kafka-topics shows it. Source: kafka-on-zookeeper 4.2.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tools/rookery/metadata/topic.h"

namespace rookery::tools::topics {

using Description = metadata::Topic;

// Which partitions a description shows.
enum class Filter { kAll, kUnderReplicated, kUnavailable, kUnderMinIsr, kAtMinIsr };

// Fewer replicas in sync than assigned ones, those being added aside.
bool IsUnderReplicated(const Description& topic, int32_t partition);
// Without a leader among `live_brokers`.
bool IsUnavailable(const Description& topic, int32_t partition,
                   const std::vector<int32_t>& live_brokers);

// How many replicas are in sync: 0 for a partition that the controller has not started.
size_t InSync(const Description& topic, int32_t partition);

// The topic's line and a line for each partition; with a filter the lines of partitions alone, ""
// if there are none.
std::string DescribeText(const Description& topic, Filter filter,
                         const std::vector<int32_t>& live_brokers);
boost::json::object DescribeJson(const Description& topic, Filter filter,
                                 const std::vector<int32_t>& live_brokers);

// What `--list` shows of a topic.
std::string ListText(absl::string_view name, bool marked_for_deletion);

// True if `name` is meant by `pattern`: a regular expression as Java's tools take it, commas being
// alternatives. InvalidArgument: not a regular expression.
absl::StatusOr<std::vector<std::string>> Matching(const std::vector<std::string>& names,
                                                  const std::string& pattern);

// True if a name holds a '.' or a '_', of which metric names cannot tell.
bool NeedsCollisionWarning(absl::string_view name);

}  // namespace rookery::tools::topics
