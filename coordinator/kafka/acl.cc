#include "coordinator/kafka/acl.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/json.h"

namespace rookery::kafka {
namespace {

struct Names {
  absl::string_view node, display;
};

constexpr Names kTypeNames[] = {{"Topic", "TOPIC"},
                                {"Group", "GROUP"},
                                {"Cluster", "CLUSTER"},
                                {"TransactionalId", "TRANSACTIONAL_ID"},
                                {"DelegationToken", "DELEGATION_TOKEN"},
                                {"User", "USER"}};
constexpr Names kOperationNames[] = {{"All", "ALL"},
                                     {"Read", "READ"},
                                     {"Write", "WRITE"},
                                     {"Create", "CREATE"},
                                     {"Delete", "DELETE"},
                                     {"Alter", "ALTER"},
                                     {"Describe", "DESCRIBE"},
                                     {"ClusterAction", "CLUSTER_ACTION"},
                                     {"DescribeConfigs", "DESCRIBE_CONFIGS"},
                                     {"AlterConfigs", "ALTER_CONFIGS"},
                                     {"IdempotentWrite", "IDEMPOTENT_WRITE"},
                                     {"CreateTokens", "CREATE_TOKENS"},
                                     {"DescribeTokens", "DESCRIBE_TOKENS"}};

constexpr absl::string_view kLiteralRoot = "/kafka-acl";
constexpr absl::string_view kExtendedRoot = "/kafka-acl-extended";
constexpr absl::string_view kPrefixedRoot = "/kafka-acl-extended/prefixed";
constexpr absl::string_view kChangeNode = "/acl_changes_";

// Place of `name` in `names`, case and underscores aside; -1: nowhere.
template <size_t N>
int Find(const Names (&names)[N], absl::string_view name) {
  const std::string plain = absl::StrReplaceAll(name, {{"_", ""}});
  for (size_t i = 0; i < N; ++i) {
    if (absl::EqualsIgnoreCase(names[i].node, plain)) return static_cast<int>(i);
  }
  return -1;
}

template <size_t N>
std::string List(const Names (&names)[N]) {
  return absl::StrJoin(
      names, ", ", [](std::string* out, const Names& name) { absl::StrAppend(out, name.node); });
}

boost::json::string_view ToJson(absl::string_view text) { return {text.data(), text.size()}; }

absl::StatusOr<AclEntry> DecodeEntry(const boost::json::value& value) {
  if (!value.is_object()) return absl::InvalidArgumentError("expected objects under 'acls'");
  const boost::json::object& object = value.get_object();
  AclEntry entry;
  ROOKERY_ASSIGN_OR_RETURN(entry.principal, StringOf(object, "principal"));
  ROOKERY_ASSIGN_OR_RETURN(entry.host, StringOf(object, "host"));
  ROOKERY_ASSIGN_OR_RETURN(const std::string operation, StringOf(object, "operation"));
  ROOKERY_ASSIGN_OR_RETURN(entry.operation, ParseAclOperation(operation));
  ROOKERY_ASSIGN_OR_RETURN(const std::string permission, StringOf(object, "permissionType"));
  entry.allow = absl::EqualsIgnoreCase(permission, "Allow");
  if (!entry.allow && !absl::EqualsIgnoreCase(permission, "Deny")) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected Allow or Deny under 'permissionType', found '", permission, "'"));
  }
  return entry;
}

}  // namespace

absl::string_view NodeName(ResourceType type) { return kTypeNames[static_cast<int>(type)].node; }
absl::string_view DisplayName(ResourceType type) {
  return kTypeNames[static_cast<int>(type)].display;
}
absl::string_view NodeName(AclOperation operation) {
  return kOperationNames[static_cast<int>(operation)].node;
}
absl::string_view DisplayName(AclOperation operation) {
  return kOperationNames[static_cast<int>(operation)].display;
}
absl::string_view DisplayName(PatternType type) {
  return type == PatternType::kLiteral ? "LITERAL" : "PREFIXED";
}

absl::StatusOr<AclOperation> ParseAclOperation(absl::string_view name) {
  const int found = Find(kOperationNames, name);
  if (found >= 0) return static_cast<AclOperation>(found);
  return absl::InvalidArgumentError(
      absl::StrCat("unknown ACL operation '", name, "': expected one of ", List(kOperationNames)));
}

absl::StatusOr<ResourceType> ParseResourceType(absl::string_view name) {
  const int found = Find(kTypeNames, name);
  if (found >= 0) return static_cast<ResourceType>(found);
  return absl::InvalidArgumentError(
      absl::StrCat("unknown resource type '", name, "': expected one of ", List(kTypeNames)));
}

std::vector<AclOperation> OperationsOf(ResourceType type) {
  using Op = AclOperation;
  switch (type) {
    case ResourceType::kTopic:
      return {Op::kRead,  Op::kWrite,    Op::kCreate,          Op::kDelete,
              Op::kAlter, Op::kDescribe, Op::kDescribeConfigs, Op::kAlterConfigs};
    case ResourceType::kGroup:
      return {Op::kRead, Op::kDelete, Op::kDescribe};
    case ResourceType::kCluster:
      return {Op::kCreate,          Op::kAlter,        Op::kDescribe,       Op::kClusterAction,
              Op::kDescribeConfigs, Op::kAlterConfigs, Op::kIdempotentWrite};
    case ResourceType::kTransactionalId:
      return {Op::kWrite, Op::kDescribe};
    case ResourceType::kDelegationToken:
      return {Op::kDescribe};
    case ResourceType::kUser:
      return {Op::kCreateTokens, Op::kDescribeTokens};
  }
  return {};
}

std::string EncodeAcls(const AclEntries& entries) {
  boost::json::array acls;
  for (const AclEntry& entry : entries) {
    boost::json::object object;
    object["principal"] = entry.principal;
    object["permissionType"] = entry.allow ? "Allow" : "Deny";
    object["host"] = entry.host;
    object["operation"] = ToJson(NodeName(entry.operation));
    acls.push_back(std::move(object));
  }
  boost::json::object object;
  object["acls"] = std::move(acls);
  object["version"] = 1;
  return boost::json::serialize(object);
}

absl::StatusOr<AclEntries> DecodeAcls(absl::string_view json) {
  AclEntries entries;
  if (json.empty()) return entries;
  ROOKERY_ASSIGN_OR_RETURN(const boost::json::object object, ParseObject(json, "an ACL node"));
  const boost::json::value* acls = object.if_contains("acls");
  if (acls == nullptr || !acls->is_array()) {
    return absl::InvalidArgumentError("expected a list under 'acls'");
  }
  for (const boost::json::value& value : acls->get_array()) {
    ROOKERY_ASSIGN_OR_RETURN(AclEntry entry, DecodeEntry(value));
    entries.insert(std::move(entry));
  }
  return entries;
}

std::string AclTypePath(ResourceType type, PatternType pattern) {
  return absl::StrCat(pattern == PatternType::kLiteral ? kLiteralRoot : kPrefixedRoot, "/",
                      NodeName(type));
}

std::string AclPath(const ResourcePattern& resource) {
  return absl::StrCat(AclTypePath(resource.type, resource.pattern), "/", resource.name);
}

AclChange EncodeAclChange(const ResourcePattern& resource) {
  if (resource.pattern == PatternType::kLiteral) {
    return {.prefix = absl::StrCat(kAclChangesPath, kChangeNode),
            .data = absl::StrCat(DisplayName(resource.type), ":", resource.name)};
  }
  boost::json::object object;
  object["version"] = 1;
  object["resourceType"] = ToJson(DisplayName(resource.type));
  object["name"] = resource.name;
  object["patternType"] = ToJson(DisplayName(resource.pattern));
  return {.prefix = absl::StrCat(kExtendedAclChangesPath, kChangeNode),
          .data = boost::json::serialize(object)};
}

absl::StatusOr<ResourcePattern> DecodeAclChange(bool extended, absl::string_view data) {
  ResourcePattern resource;
  if (!extended) {
    const size_t colon = data.find(':');
    if (colon == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected TYPE:name in an ACL change, found '", data.substr(0, 80), "'"));
    }
    ROOKERY_ASSIGN_OR_RETURN(resource.type, ParseResourceType(data.substr(0, colon)));
    resource.name = std::string(data.substr(colon + 1));
    return resource;
  }
  ROOKERY_ASSIGN_OR_RETURN(const boost::json::object object, ParseObject(data, "an ACL change"));
  ROOKERY_ASSIGN_OR_RETURN(const std::string type, StringOf(object, "resourceType"));
  ROOKERY_ASSIGN_OR_RETURN(resource.type, ParseResourceType(type));
  ROOKERY_ASSIGN_OR_RETURN(resource.name, StringOf(object, "name"));
  ROOKERY_ASSIGN_OR_RETURN(const std::string pattern, StringOf(object, "patternType"));
  if (!absl::EqualsIgnoreCase(pattern, DisplayName(PatternType::kPrefixed))) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected PREFIXED under 'patternType', found '", pattern, "'"));
  }
  resource.pattern = PatternType::kPrefixed;
  return resource;
}

std::vector<std::string> AclRootPaths() {
  std::vector<std::string> paths = {std::string(kLiteralRoot), std::string(kAclChangesPath),
                                    std::string(kExtendedRoot), std::string(kPrefixedRoot),
                                    std::string(kExtendedAclChangesPath)};
  for (const PatternType pattern : {PatternType::kLiteral, PatternType::kPrefixed}) {
    for (const ResourceType type : kResourceTypes) paths.push_back(AclTypePath(type, pattern));
  }
  return paths;
}

}  // namespace rookery::kafka
