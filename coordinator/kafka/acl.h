// Kafka's access control lists as AclAuthorizer keeps them: /kafka-acl and /kafka-acl-extended.
// Source: kafka-on-zookeeper 1.6, 3.14, 4.5.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::kafka {

enum class ResourceType { kTopic, kGroup, kCluster, kTransactionalId, kDelegationToken, kUser };
enum class PatternType { kLiteral, kPrefixed };
enum class AclOperation {
  kAll,
  kRead,
  kWrite,
  kCreate,
  kDelete,
  kAlter,
  kDescribe,
  kClusterAction,
  kDescribeConfigs,
  kAlterConfigs,
  kIdempotentWrite,
  kCreateTokens,
  kDescribeTokens,
};

inline constexpr std::array<ResourceType, 6> kResourceTypes = {
    ResourceType::kTopic,           ResourceType::kGroup,           ResourceType::kCluster,
    ResourceType::kTransactionalId, ResourceType::kDelegationToken, ResourceType::kUser};

inline constexpr absl::string_view kClusterResource = "kafka-cluster";
// A literal pattern of this name is for every resource of its type.
inline constexpr absl::string_view kAnyResource = "*";
inline constexpr absl::string_view kAnyPrincipal = "User:*";
inline constexpr absl::string_view kAnyHost = "*";

// As nodes are named ("TransactionalId"), and as tools show them ("TRANSACTIONAL_ID").
absl::string_view NodeName(ResourceType type);
absl::string_view DisplayName(ResourceType type);
absl::string_view NodeName(AclOperation operation);
absl::string_view DisplayName(AclOperation operation);
absl::string_view DisplayName(PatternType type);

// Takes both forms in any case, and the one with neither a separator ("describeconfigs").
// InvalidArgument lists what there is.
absl::StatusOr<AclOperation> ParseAclOperation(absl::string_view name);
absl::StatusOr<ResourceType> ParseResourceType(absl::string_view name);

// The operations that mean something for a resource, in the order of the enumeration, All aside.
std::vector<AclOperation> OperationsOf(ResourceType type);

struct ResourcePattern {
  ResourceType type = ResourceType::kTopic;
  std::string name;
  PatternType pattern = PatternType::kLiteral;
  auto operator<=>(const ResourcePattern&) const = default;
};

struct AclEntry {
  std::string principal;  // "User:alice"
  std::string host{kAnyHost};
  AclOperation operation = AclOperation::kAll;
  bool allow = true;
  auto operator<=>(const AclEntry&) const = default;
};
using AclEntries = std::set<AclEntry>;

// {"acls":[...],"version":1}
std::string EncodeAcls(const AclEntries& entries);
// InvalidArgument: not such a text, or of an unknown operation. Null data is "": no entries.
absl::StatusOr<AclEntries> DecodeAcls(absl::string_view json);

// Root of the patterns of one type and kind: /kafka-acl/Topic, /kafka-acl-extended/prefixed/Topic.
std::string AclTypePath(ResourceType type, PatternType pattern);
std::string AclPath(const ResourcePattern& resource);

// The notification after a change: the prefix of its sequential node, and its data.
struct AclChange {
  std::string prefix;
  std::string data;
};
AclChange EncodeAclChange(const ResourcePattern& resource);
// `extended`: data of a node below /kafka-acl-extended-changes. InvalidArgument: anything else.
absl::StatusOr<ResourcePattern> DecodeAclChange(bool extended, absl::string_view data);

inline constexpr absl::string_view kAclChangesPath = "/kafka-acl-changes";
inline constexpr absl::string_view kExtendedAclChangesPath = "/kafka-acl-extended-changes";

// The roots that a broker with an authorizer makes at its start, parents first.
std::vector<std::string> AclRootPaths();

}  // namespace rookery::kafka
