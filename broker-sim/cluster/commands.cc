#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "broker-sim/cluster/cluster.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

int32_t Cluster::LeaderOf(const std::string& topic, int32_t partition) const {
  const Broker* controller = ControllerBroker();
  if (controller == nullptr) return -1;
  const auto& partitions = controller->controller()->context().partitions;
  const auto known = partitions.find({topic, partition});
  return known == partitions.end() ? -1 : known->second.state.leader;
}

absl::StatusOr<std::vector<int32_t>> Cluster::BrokersOf(const Target& target) const {
  std::vector<int32_t> ids;
  switch (target.kind) {
    case Target::Kind::kId:
      if (!States().contains(target.id)) {
        return absl::InvalidArgumentError(absl::StrCat(
            "expected a broker's id (", absl::StrJoin(Ids(), ", "), "), found ", target.id));
      }
      return std::vector<int32_t>{target.id};
    case Target::Kind::kController: {
      const int32_t id = ControllerId();
      if (id < 0) return absl::FailedPreconditionError("there is no controller at the moment");
      return std::vector<int32_t>{id};
    }
    case Target::Kind::kLeader: {
      const int32_t id = LeaderOf(target.name, target.partition);
      if (!States().contains(id)) {
        return absl::FailedPreconditionError(absl::StrCat(
            "partition ", target.partition, " of ", target.name, " has no leader at the moment"));
      }
      return std::vector<int32_t>{id};
    }
    case Target::Kind::kRack:
      for (const auto& [place, member] : members_) {
        if (member.broker->options().rack == target.name) ids.push_back(member.broker->id());
      }
      if (ids.empty()) {
        return absl::InvalidArgumentError(absl::StrCat("expected one of the racks ",
                                                       absl::StrJoin(options_.spec.racks, ", "),
                                                       ", found '", target.name, "'"));
      }
      return ids;
    case Target::Kind::kAll:
      return Ids();
  }
  return ids;
}

std::vector<int32_t> Cluster::Ids() const {
  std::vector<int32_t> ids;
  for (const auto& [id, state] : States()) ids.push_back(id);
  return ids;
}

absl::Status Cluster::Run(const Command& command) {
  if (command.verb == "state") {
    TellState();
    return absl::OkStatus();
  }
  if (command.own_ensemble) {
    return absl::FailedPreconditionError(
        absl::StrCat("'", command.verb, "' is for servers that a scenario has started itself"));
  }
  if (command.takes_words) return RunAdmin(command);
  ROOKERY_ASSIGN_OR_RETURN(std::vector<int32_t> ids, BrokersOf(command.target));
  std::erase_if(ids, [&](int32_t id) { return !Concerns(command.verb, *FindMember(id)); });
  const int32_t controller = ControllerId();
  std::vector<std::string> names;
  names.reserve(ids.size());
  for (const int32_t id : ids) {
    names.push_back(absl::StrCat(id, id == controller ? " (the controller)" : ""));
  }
  timeline_->Tell({.name = absl::StrCat(kFaultPrefix, command.verb),
                   .text = absl::StrCat("--- ", command.verb, " broker ",
                                        names.empty() ? "none" : absl::StrJoin(names, ", "))});
  for (const int32_t id : ids) RunOn(command.verb, *FindMember(id));
  return absl::OkStatus();
}

// Whether the command changes anything about it.
bool Cluster::Concerns(const std::string& verb, const Member& member) {
  if (verb == "start") return !member.broker->running();
  if (verb == "resume") return member.executor->paused();
  return member.broker->running();
}

void Cluster::RunOn(const std::string& verb, Member& member) {
  if (verb == "kill") {
    member.broker->Kill();
    if (member.executor->paused()) member.executor->Resume();  // the next life is not halted
  } else if (verb == "stop") {
    member.broker->Stop([] {});
  } else if (verb == "pause") {
    member.executor->Pause();
  } else if (verb == "resume") {
    if (member.executor->paused()) member.executor->Resume();
  } else {
    member.broker->Start();
  }
}

void Cluster::TellState() {
  const Broker* controller = ControllerBroker();
  std::vector<std::string> words;
  for (const auto& [id, state] : States()) {
    const char* name = state == BrokerState::kDown     ? "down"
                       : state == BrokerState::kPaused ? "paused"
                       : state == BrokerState::kUp     ? "up"
                                                       : "starting";
    int led = 0;
    if (controller != nullptr) {
      for (const auto& [partition, known] : controller->controller()->context().partitions) {
        led += known.state.leader == id ? 1 : 0;
      }
    }
    words.push_back(absl::StrCat(id, id == ControllerId() ? "*" : "", " ", name, " leads ", led));
  }
  timeline_->Tell({.name = "state",
                   .text = absl::StrCat("brokers (* controller): ", absl::StrJoin(words, ", ")),
                   .numbers = {{"controller", ControllerId()}}});
}

}  // namespace rookery::broker_sim
