// What the options of kafka-acls mean: resources, and entries for each. Source: kafka-on-zookeeper
// 4.5; messages are those of Kafka 3.9's tool.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/kafka/acl.h"

namespace rookery::tools::acls {

// kAny: either kind of pattern, of exactly this name; kMatch: every pattern that means this name.
enum class PatternFilter { kLiteral, kPrefixed, kAny, kMatch };
// InvalidArgument lists what there is.
absl::StatusOr<PatternFilter> ParsePatternFilter(absl::string_view name);
absl::string_view DisplayName(PatternFilter filter);

struct ResourceFilter {
  kafka::ResourceType type = kafka::ResourceType::kTopic;
  std::string name;
  PatternFilter pattern = PatternFilter::kLiteral;
  auto operator<=>(const ResourceFilter&) const = default;
};
bool Matches(const ResourceFilter& filter, const kafka::ResourcePattern& resource);

// As they stand on the command line.
struct Choice {
  std::vector<std::string> topics, groups, transactional_ids, delegation_tokens, user_principals;
  bool cluster = false;
  PatternFilter pattern = PatternFilter::kLiteral;
  std::vector<std::string> operations;  // none: All
  std::vector<std::string> allow_principals, allow_hosts, deny_principals, deny_hosts;
  bool producer = false, consumer = false, idempotent = false;
};

// The resources that were named; none: all.
std::vector<ResourceFilter> Resources(const Choice& choice);

using EntriesByFilter = std::map<ResourceFilter, kafka::AclEntries>;
// For each resource the entries that principals, hosts and operations make; none where no
// principal is named. InvalidArgument: no resource, an option that is missing or in the way, an
// operation that means nothing for its resource, a principal without a type.
absl::StatusOr<EntriesByFilter> Entries(const Choice& choice);

// What can be added: patterns and principals. InvalidArgument as above.
absl::StatusOr<std::map<kafka::ResourcePattern, kafka::AclEntries>> Additions(const Choice& choice);

}  // namespace rookery::tools::acls
