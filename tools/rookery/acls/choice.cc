#include "tools/rookery/acls/choice.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"

namespace rookery::tools::acls {
namespace {

using kafka::AclEntries;
using kafka::AclOperation;
using kafka::ResourceType;

constexpr absl::string_view kNoResource =
    "You must provide at least one resource: --topic <topic> or --cluster or --group <group> or "
    "--delegation-token <Delegation Token ID>";

absl::Status CheckPrincipal(const std::string& principal) {
  const size_t colon = principal.find(':');
  if (colon != std::string::npos && colon > 0 && colon + 1 < principal.size()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("expected a string in format principalType:principalName but got ", principal));
}

// One entry for each principal, host and operation; every host unless some are named.
void Combine(const std::vector<std::string>& principals, const std::vector<std::string>& hosts,
             const std::vector<AclOperation>& operations, bool allow, AclEntries* entries) {
  const std::vector<std::string> any_host = {std::string(kafka::kAnyHost)};
  for (const std::string& principal : principals) {
    for (const std::string& host : hosts.empty() ? any_host : hosts) {
      for (const AclOperation operation : operations) {
        entries->insert(
            {.principal = principal, .host = host, .operation = operation, .allow = allow});
      }
    }
  }
}

AclEntries EntriesOf(const Choice& choice, const std::vector<AclOperation>& operations) {
  AclEntries entries;
  Combine(choice.allow_principals, choice.allow_hosts, operations, true, &entries);
  Combine(choice.deny_principals, choice.deny_hosts, operations, false, &entries);
  return entries;
}

absl::Status CheckRoles(const Choice& choice) {
  if (choice.producer && choice.topics.empty()) {
    return absl::InvalidArgumentError("With --producer you must specify a --topic");
  }
  if (choice.idempotent && !choice.producer) {
    return absl::InvalidArgumentError(
        "The --idempotent option is only available if --producer is set");
  }
  if (choice.consumer &&
      (choice.topics.empty() || choice.groups.empty() ||
       (!choice.producer && (choice.cluster || !choice.transactional_ids.empty())))) {
    return absl::InvalidArgumentError(
        "With --consumer you must specify a --topic and a --group and no --cluster or "
        "--transactional-id option should be specified.");
  }
  if (!choice.producer && !choice.consumer) return absl::OkStatus();
  const char* role = choice.producer ? "producer" : "consumer";
  const std::pair<const char*, bool> in_the_way[] = {
      {"operation", !choice.operations.empty()},
      {"deny-principal", !choice.deny_principals.empty()},
      {"deny-host", !choice.deny_hosts.empty()}};
  for (const auto& [option, given] : in_the_way) {
    if (!given) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("Option \"[", role, "]\" can't be used with option \"[", option, "]\""));
  }
  return absl::OkStatus();
}

absl::Status CheckOperations(const ResourceFilter& resource,
                             const std::vector<std::string>& operations) {
  std::vector<AclOperation> meaningful = kafka::OperationsOf(resource.type);
  meaningful.push_back(AclOperation::kAll);
  for (const std::string& name : operations) {
    const auto operation = kafka::ParseAclOperation(name);
    if (operation.ok() &&
        std::find(meaningful.begin(), meaningful.end(), *operation) != meaningful.end()) {
      continue;
    }
    return absl::InvalidArgumentError(absl::StrCat(
        "ResourceType ", kafka::DisplayName(resource.type), " only supports operations ",
        absl::StrJoin(meaningful, ", ", [](std::string* out, AclOperation known) {
          absl::StrAppend(out, kafka::NodeName(known));
        })));
  }
  return absl::OkStatus();
}

void AddProducer(const Choice& choice, EntriesByFilter* entries) {
  const AclEntries on_topic =
      EntriesOf(choice, {AclOperation::kWrite, AclOperation::kDescribe, AclOperation::kCreate});
  for (const std::string& name : choice.topics) {
    (*entries)[{ResourceType::kTopic, name, choice.pattern}].insert(on_topic.begin(),
                                                                    on_topic.end());
  }
  const AclEntries on_transaction =
      EntriesOf(choice, {AclOperation::kWrite, AclOperation::kDescribe});
  for (const std::string& name : choice.transactional_ids) {
    (*entries)[{ResourceType::kTransactionalId, name, choice.pattern}] = on_transaction;
  }
  if (choice.idempotent) {
    (*entries)[{ResourceType::kCluster, std::string(kafka::kClusterResource)}] =
        EntriesOf(choice, {AclOperation::kIdempotentWrite});
  }
}

void AddConsumer(const Choice& choice, EntriesByFilter* entries) {
  const AclEntries on_topic = EntriesOf(choice, {AclOperation::kRead, AclOperation::kDescribe});
  for (const std::string& name : choice.topics) {
    (*entries)[{ResourceType::kTopic, name, choice.pattern}].insert(on_topic.begin(),
                                                                    on_topic.end());
  }
  const AclEntries on_group = EntriesOf(choice, {AclOperation::kRead});
  for (const std::string& name : choice.groups) {
    (*entries)[{ResourceType::kGroup, name, choice.pattern}] = on_group;
  }
}

}  // namespace

absl::StatusOr<PatternFilter> ParsePatternFilter(absl::string_view name) {
  for (const PatternFilter filter : {PatternFilter::kLiteral, PatternFilter::kPrefixed,
                                     PatternFilter::kAny, PatternFilter::kMatch}) {
    if (absl::EqualsIgnoreCase(DisplayName(filter), name)) return filter;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("unknown pattern type '", name, "': expected literal, prefixed, any or match"));
}

absl::string_view DisplayName(PatternFilter filter) {
  switch (filter) {
    case PatternFilter::kLiteral:
      return "LITERAL";
    case PatternFilter::kPrefixed:
      return "PREFIXED";
    case PatternFilter::kAny:
      return "ANY";
    case PatternFilter::kMatch:
      return "MATCH";
  }
  return "";
}

bool Matches(const ResourceFilter& filter, const kafka::ResourcePattern& resource) {
  if (filter.type != resource.type) return false;
  const bool literal = resource.pattern == kafka::PatternType::kLiteral;
  switch (filter.pattern) {
    case PatternFilter::kLiteral:
      return literal && resource.name == filter.name;
    case PatternFilter::kPrefixed:
      return !literal && resource.name == filter.name;
    case PatternFilter::kAny:
      return resource.name == filter.name;
    case PatternFilter::kMatch:
      if (!literal) return absl::StartsWith(filter.name, resource.name);
      return resource.name == filter.name || resource.name == kafka::kAnyResource;
  }
  return false;
}

std::vector<ResourceFilter> Resources(const Choice& choice) {
  std::vector<ResourceFilter> resources;
  const auto add = [&](ResourceType type, const std::vector<std::string>& names) {
    for (const std::string& name : names) resources.push_back({type, name, choice.pattern});
  };
  add(ResourceType::kTopic, choice.topics);
  add(ResourceType::kGroup, choice.groups);
  add(ResourceType::kTransactionalId, choice.transactional_ids);
  add(ResourceType::kDelegationToken, choice.delegation_tokens);
  add(ResourceType::kUser, choice.user_principals);
  if (choice.cluster) {
    resources.push_back({ResourceType::kCluster, std::string(kafka::kClusterResource)});
  }
  return resources;
}

absl::StatusOr<EntriesByFilter> Entries(const Choice& choice) {
  for (const auto* principals : {&choice.allow_principals, &choice.deny_principals}) {
    for (const std::string& principal : *principals) {
      ROOKERY_RETURN_IF_ERROR(CheckPrincipal(principal));
    }
  }
  ROOKERY_RETURN_IF_ERROR(CheckRoles(choice));
  EntriesByFilter entries;
  if (choice.producer) AddProducer(choice, &entries);
  if (choice.consumer) AddConsumer(choice, &entries);
  if (choice.producer || choice.consumer) return entries;

  const std::vector<ResourceFilter> resources = Resources(choice);
  if (resources.empty()) return absl::InvalidArgumentError(kNoResource);
  std::vector<AclOperation> operations;
  for (const ResourceFilter& resource : resources) {
    ROOKERY_RETURN_IF_ERROR(CheckOperations(resource, choice.operations));
  }
  for (const std::string& name : choice.operations) {
    ROOKERY_ASSIGN_OR_RETURN(const AclOperation operation, kafka::ParseAclOperation(name));
    operations.push_back(operation);
  }
  if (operations.empty()) operations.push_back(AclOperation::kAll);
  const AclEntries chosen = EntriesOf(choice, operations);
  for (const ResourceFilter& resource : resources) entries[resource] = chosen;
  return entries;
}

absl::StatusOr<std::map<kafka::ResourcePattern, AclEntries>> Additions(const Choice& choice) {
  if (choice.pattern != PatternFilter::kLiteral && choice.pattern != PatternFilter::kPrefixed) {
    return absl::InvalidArgumentError(absl::StrCat("A '--resource-pattern-type' value of '",
                                                   DisplayName(choice.pattern),
                                                   "' is not valid when adding acls."));
  }
  ROOKERY_ASSIGN_OR_RETURN(const EntriesByFilter entries, Entries(choice));
  if (choice.allow_principals.empty() && choice.deny_principals.empty()) {
    return absl::InvalidArgumentError(
        "You must specify one of: --allow-principal, --deny-principal when trying to add ACLs.");
  }
  std::map<kafka::ResourcePattern, AclEntries> additions;
  for (const auto& [filter, chosen] : entries) {
    const auto pattern = filter.pattern == PatternFilter::kPrefixed ? kafka::PatternType::kPrefixed
                                                                    : kafka::PatternType::kLiteral;
    additions[{filter.type, filter.name, pattern}] = chosen;
  }
  return additions;
}

}  // namespace rookery::tools::acls
