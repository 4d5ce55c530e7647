#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "broker-sim/cluster/cluster.h"

namespace rookery::broker_sim {

const char* Cluster::Help() {
  return "kill ID|controller   end a broker without closing its session, which then expires\n"
         "stop ID|controller   end a broker and close its session\n"
         "pause ID|controller  halt a broker as SIGSTOP does\n"
         "resume ID            let it go on\n"
         "start ID             start a broker that was killed or stopped\n"
         "topic NAME P R       create a topic of P partitions with R replicas\n"
         "state                show the brokers and how many partitions each leads\n"
         "quit                 close all sessions and end\n";
}

absl::StatusOr<int32_t> Cluster::BrokerOf(const std::string& word) const {
  int32_t id = 0;
  if (word == "controller") {
    id = ControllerId();
    if (id < 0) return absl::FailedPreconditionError("there is no controller at the moment");
    return id;
  }
  if (!absl::SimpleAtoi(word, &id) || !members_.contains(id)) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a broker's id (", members_.begin()->first, " to ",
                     members_.rbegin()->first, ") or 'controller', found '", word, "'"));
  }
  return id;
}

absl::Status Cluster::Run(const std::string& command) {
  const std::vector<std::string> words = absl::StrSplit(command, ' ', absl::SkipWhitespace());
  if (words.empty()) return absl::OkStatus();
  const std::string& verb = words[0];
  if (verb == "state" && words.size() == 1) {
    TellState();
    return absl::OkStatus();
  }
  if (verb == "topic" && words.size() == 4) {
    kafka::CreateTopic topic = {.name = words[1]};
    if (!absl::SimpleAtoi(words[2], &topic.partitions) ||
        !absl::SimpleAtoi(words[3], &topic.replication_factor)) {
      return absl::InvalidArgumentError("expected: topic NAME PARTITIONS REPLICAS");
    }
    return CreateTopic(std::move(topic));
  }
  const bool known =
      verb == "kill" || verb == "stop" || verb == "pause" || verb == "resume" || verb == "start";
  if (!known || words.size() != 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a command, found '", command, "'; commands are:\n", Help()));
  }
  const absl::StatusOr<int32_t> id = BrokerOf(words[1]);
  if (!id.ok()) return id.status();
  Member& member = members_.at(*id);
  const std::string role = *id == ControllerId() ? " (the controller)" : "";
  timeline_->BeginFault(absl::StrCat("fault_", verb),
                        absl::StrCat("--- ", verb, " broker ", *id, role));
  if (verb == "kill") {
    member.broker->Kill();
  } else if (verb == "stop") {
    member.broker->Stop([] {});
  } else if (verb == "pause") {
    member.executor->Pause();
  } else if (verb == "resume") {
    member.executor->Resume();
  } else {
    member.broker->Start();
  }
  return absl::OkStatus();
}

}  // namespace rookery::broker_sim
