#include "broker-sim/cluster/tree_guard.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {
namespace {

constexpr absl::string_view kMark = "Simulated";

constexpr absl::string_view kWhatToDo =
    "; simulated brokers need a tree without real ones: give them a chroot of their own, as in "
    "--servers host:port/simulation";

}  // namespace

std::string SimulatedClusterId(uint64_t high, uint64_t low) {
  const std::string random = kafka::EncodeUuid(high, low);
  return absl::StrCat(kMark, random.substr(kMark.size()));
}

Async<absl::Status> CheckForRealBrokers(Session* session) {
  const auto id_node = co_await session->GetData(std::string(kafka::kClusterIdPath));
  if (id_node.error == model::ErrorCode::kNoNode) co_return absl::OkStatus();
  if (!id_node.ok()) {
    co_return absl::UnavailableError(
        absl::StrCat("cannot look at the tree: ", session->client().last_failure()));
  }
  const auto cluster_id = kafka::DecodeClusterId(id_node.value.data.value_or(""));
  const bool simulated = cluster_id.ok() && absl::StartsWith(*cluster_id, kMark);
  std::vector<std::string> brokers;
  const auto names = co_await session->GetChildren(std::string(kafka::kBrokerIdsPath));
  for (const std::string& name : names.value.children) {
    const auto node = co_await session->GetData(model::ChildPath(kafka::kBrokerIdsPath, name));
    const auto broker = kafka::DecodeBroker(node.value.data.value_or(""));
    const bool known = broker.ok() && !broker->endpoints.empty();
    brokers.push_back(
        absl::StrCat(name, known ? absl::StrCat(" (", broker->endpoints.front(), ")") : ""));
  }
  if (!brokers.empty() && simulated) {
    co_return absl::FailedPreconditionError(absl::StrCat(
        "another simulation's brokers are registered here: ", absl::StrJoin(brokers, ", "),
        "; end it, or wait until its sessions have expired"));
  }
  if (!brokers.empty()) {
    co_return absl::FailedPreconditionError(
        absl::StrCat("the brokers ", absl::StrJoin(brokers, ", "), " of the real cluster ",
                     cluster_id.value_or("?"), " are registered here", kWhatToDo));
  }
  if (simulated) co_return absl::OkStatus();
  co_return absl::FailedPreconditionError(absl::StrCat("this is the tree of the real cluster ",
                                                       cluster_id.value_or("?"),
                                                       ", none of whose brokers run", kWhatToDo));
}

}  // namespace rookery::broker_sim
