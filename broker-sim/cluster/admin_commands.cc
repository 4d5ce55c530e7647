// What tools do to a cluster. Configurations and ACLs are altered over the simulation's own
// session, by the plans of coordinator/kafka.
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "broker-sim/cluster/cluster.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/acl.h"

namespace rookery::broker_sim {
namespace {

using Type = kafka::ConfigEntity::Type;

constexpr int kTries = 10;

absl::StatusOr<kafka::ConfigEntity> ParseEntity(const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, '/');
  kafka::ConfigEntity entity;
  for (size_t i = 0; i + 1 < words.size(); i += 2) {
    kafka::ConfigEntity::Part part;
    part.is_default = words[i + 1] == kafka::kDefaultEntity;
    if (!part.is_default) part.name = words[i + 1];
    if (words[i] == "topics") {
      part.type = Type::kTopic;
    } else if (words[i] == "clients") {
      part.type = Type::kClient;
    } else if (words[i] == "users") {
      part.type = Type::kUser;
    } else if (words[i] == "brokers") {
      part.type = Type::kBroker;
    } else if (words[i] == "ips") {
      part.type = Type::kIp;
    } else {
      entity.parts.clear();
      break;
    }
    entity.parts.push_back(std::move(part));
  }
  if (entity.parts.empty() || words.size() % 2 != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "expected an entity as in clients/shop or users/alice/clients/<default>, found '", text,
        "'"));
  }
  return entity;
}

absl::StatusOr<kafka::AlterConfig> ParseAlter(const std::vector<std::string>& words) {
  kafka::AlterConfig alter;
  ROOKERY_ASSIGN_OR_RETURN(alter.entity, ParseEntity(words[0]));
  for (size_t i = 1; i < words.size(); ++i) {
    const size_t equals = words[i].find('=');
    if (absl::StartsWith(words[i], "-")) {
      alter.remove.push_back(words[i].substr(1));
    } else if (equals != std::string::npos) {
      alter.add[words[i].substr(0, equals)] = words[i].substr(equals + 1);
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("expected KEY=VALUE or -KEY, found '", words[i], "'"));
    }
  }
  return alter;
}

}  // namespace

absl::Status Cluster::RunAdmin(const Command& command) {
  const std::vector<std::string>& words = command.words;
  timeline_->Tell({.name = absl::StrCat(kFaultPrefix, command.verb),
                   .text = absl::StrCat("--- ", command.text)});
  int32_t number = 0;
  if (command.verb == "topic") {
    kafka::CreateTopic topic = {.name = words[0]};
    if (!absl::SimpleAtoi(words[1], &topic.partitions) ||
        !absl::SimpleAtoi(words[2], &topic.replication_factor)) {
      return absl::InvalidArgumentError("expected: topic NAME PARTITIONS REPLICAS");
    }
    return CreateTopic(std::move(topic));
  }
  if (command.verb == "delete-topic") {
    scope_.Spawn(DeleteTopicNow(words[0]));
    return absl::OkStatus();
  }
  if (command.verb == "config") {
    ROOKERY_ASSIGN_OR_RETURN(kafka::AlterConfig alter, ParseAlter(words));
    ROOKERY_RETURN_IF_ERROR(kafka::ValidateConfig(alter.entity, alter.add));
    scope_.Spawn(PlanAndRun(
        kafka::PathsForAlterConfig(alter.entity),
        [alter](const kafka::TreeView& view) { return kafka::PlanAlterConfig(view, alter); }));
    return absl::OkStatus();
  }
  if (command.verb == "acl") {
    kafka::AclEntry entry;
    entry.principal = absl::StrCat("User:", words[2]);
    entry.allow = words[1] == "allow";
    ROOKERY_ASSIGN_OR_RETURN(entry.operation, kafka::ParseAclOperation(words[3]));
    kafka::AlterAcls alter;
    alter.resource.name = words[4];
    (words[0] == "add" ? alter.add : alter.remove).insert(std::move(entry));
    scope_.Spawn(PlanAndRun(
        kafka::PathsForAlterAcls(alter.resource),
        [alter](const kafka::TreeView& view) { return kafka::PlanAlterAcls(view, alter); }));
    return absl::OkStatus();
  }
  if (command.verb == "partitions") {
    if (!absl::SimpleAtoi(words[1], &number)) {
      return absl::InvalidArgumentError("expected: partitions TOPIC COUNT");
    }
    scope_.Spawn(AddPartitionsNow(words[0], number));
    return absl::OkStatus();
  }
  Broker* controller = ControllerBroker();
  if (controller == nullptr) {
    return absl::FailedPreconditionError("there is no controller at the moment");
  }
  Controller* active = controller->controller();
  if (command.verb == "elect-preferred") {
    active->ElectPreferred();
    return absl::OkStatus();
  }
  kafka::Replicas targets;
  for (const absl::string_view id : absl::StrSplit(words[2], ',')) {
    int32_t target = 0;
    if (!absl::SimpleAtoi(id, &target)) {
      return absl::InvalidArgumentError("expected: reassign TOPIC PARTITION ID,ID,...");
    }
    targets.push_back(target);
  }
  if (!absl::SimpleAtoi(words[1], &number)) {
    return absl::InvalidArgumentError("expected: reassign TOPIC PARTITION ID,ID,...");
  }
  active->Reassign({words[0], number}, std::move(targets));
  return absl::OkStatus();
}

Async<> Cluster::PlanAndRun(std::vector<std::string> paths, Planner planner) {
  for (int attempt = 0; attempt < kTries; ++attempt) {
    kafka::TreeView view;
    for (const std::string& path : paths) {
      const auto node = co_await admin_->GetData(path);
      if (node.ok()) {
        kafka::ExistingNode seen = {node.value.data, node.value.stat.version,
                                    node.value.stat.num_children};
        view[path] = std::move(seen);
      }
    }
    absl::StatusOr<kafka::Plan> plan = planner(view);
    if (!plan.ok()) {
      timeline_->Tell({.name = "error", .text = std::string(plan.status().message())});
      co_return;
    }
    if (plan->parts.empty()) co_return;
    const auto result = co_await admin_->Multi(*std::move(plan));
    if (result.ok()) co_return;
  }
  timeline_->Tell({.name = "error",
                   .text = absl::StrCat("others changed ", paths.empty() ? "" : paths.front(),
                                        " again and again; it is not altered")});
}

}  // namespace rookery::broker_sim
