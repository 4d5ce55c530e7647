#include "coordinator/kafka/authorize.h"

#include <algorithm>
#include <vector>

namespace rookery::kafka {
namespace {

// Entries of every pattern that means the resource.
std::vector<const AclEntries*> EntriesFor(const AclsByResource& acls,
                                          const AuthorizerRequest& request) {
  std::vector<const AclEntries*> entries;
  const auto add = [&](absl::string_view name, PatternType pattern) {
    const auto found =
        acls.find({.type = request.type, .name = std::string(name), .pattern = pattern});
    if (found != acls.end() && !found->second.empty()) entries.push_back(&found->second);
  };
  add(request.name, PatternType::kLiteral);
  if (request.name != kAnyResource) add(kAnyResource, PatternType::kLiteral);
  for (size_t size = 1; size <= request.name.size(); ++size) {
    add(request.name.substr(0, size), PatternType::kPrefixed);
  }
  return entries;
}

bool Matches(const AclEntry& entry, const AuthorizerRequest& request, AclOperation operation) {
  return (entry.principal == request.principal || entry.principal == kAnyPrincipal) &&
         (entry.host == request.host || entry.host == kAnyHost) &&
         (entry.operation == operation || entry.operation == AclOperation::kAll);
}

// The operations an Allow of which allows `operation` too.
std::vector<AclOperation> Implying(AclOperation operation) {
  switch (operation) {
    case AclOperation::kDescribe:
      return {AclOperation::kDescribe, AclOperation::kRead, AclOperation::kWrite,
              AclOperation::kDelete, AclOperation::kAlter};
    case AclOperation::kDescribeConfigs:
      return {AclOperation::kDescribeConfigs, AclOperation::kAlterConfigs};
    default:
      return {operation};
  }
}

}  // namespace

bool Authorize(const AclsByResource& acls, const AuthorizerSettings& settings,
               const AuthorizerRequest& request) {
  if (settings.super_users.contains(std::string(request.principal))) return true;
  const std::vector<const AclEntries*> sets = EntriesFor(acls, request);
  if (sets.empty()) return settings.allow_everyone_if_no_acl_found;
  const auto any = [&](bool allow, AclOperation operation) {
    return std::any_of(sets.begin(), sets.end(), [&](const AclEntries* entries) {
      return std::any_of(entries->begin(), entries->end(), [&](const AclEntry& entry) {
        return entry.allow == allow && Matches(entry, request, operation);
      });
    });
  };
  if (any(false, request.operation)) return false;
  const std::vector<AclOperation> implying = Implying(request.operation);
  return std::any_of(implying.begin(), implying.end(),
                     [&](AclOperation operation) { return any(true, operation); });
}

}  // namespace rookery::kafka
