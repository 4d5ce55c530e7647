#include "broker-sim/scale/takeover.h"

#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "broker-sim/controller/leader_selection.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {

Async<absl::Status> Takeover::Run(int32_t epoch, int32_t epoch_version) {
  epoch_ = epoch;
  epoch_version_ = epoch_version;
  Done("elected");
  const auto ids = co_await session_->GetChildren(std::string(kafka::kBrokerIdsPath));
  const auto read_broker = [&](size_t i) { return ReadBroker(ids.value.children[i]); };
  co_await RunEach(ids.value.children.size(), options_.in_flight, &read_broker);
  Done(absl::StrCat(context_.live.size(), " brokers read"));

  co_await ReadTopics();
  if (metadata_ == nullptr) co_return failure_;
  const size_t topics = metadata_->topics().size();
  if (!options_.scan_servers.empty()) {
    std::function<absl::Status()> scan = [this] {
      return ScanStates(options_.scan_servers, metadata_.get());
    };
    const absl::Status scanned = co_await OnThread(std::move(scan));
    if (!scanned.ok()) Fail(scanned);
  } else {
    for (size_t topic = 0; topic < topics; ++topic) {
      for (size_t p = 0; p < metadata_->topics()[topic].partitions.size(); ++p) {
        places_.push_back({topic, p});
      }
    }
    const auto read_state = [&](size_t i) { return ReadState(places_[i]); };
    co_await RunEach(places_.size(), options_.in_flight, &read_state);
  }
  const size_t states = metadata_->states_read();
  Done(absl::StrCat(states, " states read"));
  if (states != metadata_->partitions()) {
    Fail(absl::DataLossError(
        absl::StrCat("of ", metadata_->partitions(), " partitions ", states, " states were read")));
  }

  std::vector<Place> held, led;  // by the lost broker
  for (size_t topic = 0; topic < topics; ++topic) {
    const auto& partitions = metadata_->topics()[topic].partitions;
    for (size_t p = 0; p < partitions.size(); ++p) {
      if (!Contains(partitions[p].state.isr, options_.lost)) continue;
      held.push_back({topic, p});
      if (partitions[p].state.leader == options_.lost) led.push_back({topic, p});
    }
  }
  const auto leave = [&](size_t i) { return LeaveIsr(held[i]); };
  co_await RunEach(held.size(), options_.in_flight, &leave);
  const auto elect = [&](size_t i) { return Elect(led[i]); };
  co_await RunEach(led.size(), options_.in_flight, &elect);
  Done(absl::StrCat(moved_, " leaders moved, ", shrunk_, " replicas out of sync"));
  if (moved_ != static_cast<int64_t>(led.size()) || led.empty()) {
    Fail(absl::InternalError(absl::StrCat("of ", led.size(), " partitions that broker ",
                                          options_.lost, " led, ", moved_, " were moved")));
  }
  co_return failure_;
}

Async<> Takeover::ReadBroker(std::string id) {
  const auto node = co_await session_->GetData(model::ChildPath(kafka::kBrokerIdsPath, id));
  int32_t number = 0;
  if (node.ok() && absl::SimpleAtoi(id, &number)) context_.live[number] = node.value.stat.czxid;
}

Async<> Takeover::ReadTopic(size_t topic) {
  const std::string path = kafka::TopicPath(metadata_->topics()[topic].name);
  const Session::Watch changed = [](const client::WatchEvent&) {};
  const auto node = co_await session_->GetData(path, changed);
  const absl::Status taken = metadata_->TakeTopic(topic, node.value.data.value_or(""));
  if (!taken.ok()) Fail(taken);
}

Async<> Takeover::ReadState(Place place) {
  const auto node = co_await session_->GetData(kafka::PartitionStatePath(
      metadata_->topics()[place.topic].name, static_cast<int32_t>(place.partition)));
  if (!node.ok()) co_return;
  const absl::Status taken = metadata_->TakeState(
      place.topic, place.partition, node.value.data.value_or(""), node.value.stat.version);
  if (!taken.ok()) Fail(taken);
}

// One by one, each with a watch, or all by Scan: then one stream of events tells of changes from
// the zxid of the scan on, and no topic needs a watch of its own.
Async<> Takeover::ReadTopics() {
  if (!options_.scan_servers.empty()) {
    std::function<absl::Status()> scan = [this] {
      auto scanned = ScanTopics(options_.scan_servers.front());
      if (!scanned.ok()) return scanned.status();
      metadata_ = std::make_unique<ScaleMetadata>(*std::move(scanned));
      return absl::OkStatus();
    };
    const absl::Status scanned = co_await OnThread(std::move(scan));
    if (!scanned.ok()) Fail(scanned);
    if (metadata_ != nullptr) Done(absl::StrCat(metadata_->topics().size(), " topics read"));
    co_return;
  }
  const auto names = co_await session_->GetChildren(std::string(kafka::kTopicsPath));
  metadata_ = std::make_unique<ScaleMetadata>(names.value.children);
  const auto read_topic = [&](size_t i) { return ReadTopic(i); };
  co_await RunEach(metadata_->topics().size(), options_.in_flight, &read_topic);
  Done(absl::StrCat(metadata_->topics().size(), " topics read and watched"));
}

Async<absl::Status> Takeover::OnThread(std::function<absl::Status()> read) {
  Completion<absl::Status> done;
  std::thread thread([this, read = std::move(read), tell = done.Callback()]() mutable {
    absl::Status status = read();
    executor_->Post([tell = std::move(tell), status = std::move(status)]() mutable {
      tell(std::move(status));
    });
  });
  absl::Status status = co_await done;
  thread.join();
  co_return status;
}

Async<bool> Takeover::Write(Place place, kafka::PartitionState state) {
  TopicRow& topic = metadata_->topics()[place.topic];
  PartitionRow& row = topic.partitions[place.partition];
  state.controller_epoch = epoch_;
  ++state.leader_epoch;
  model::MultiRequest fenced;
  fenced.parts.push_back(model::CheckRequest{.path = std::string(kafka::kControllerEpochPath),
                                             .version = epoch_version_});
  fenced.parts.push_back(model::SetDataRequest{
      .path = kafka::PartitionStatePath(topic.name, static_cast<int32_t>(place.partition)),
      .data = kafka::EncodePartitionState(state),
      .version = row.version});
  const auto written = co_await session_->Multi(std::move(fenced));
  if (!written.ok()) {
    Fail(absl::AbortedError(absl::StrCat("a write was refused: ", ErrorName(written.error))));
    co_return false;
  }
  row.state = std::move(state);
  row.version = std::get<model::StatReply>(written.value.parts[1].body).stat.version;
  co_return true;
}

Async<> Takeover::LeaveIsr(Place place) {
  co_await ReadState(place);
  kafka::PartitionState state = metadata_->topics()[place.topic].partitions[place.partition].state;
  if (state.leader == options_.lost) state.leader = -1;
  if (state.isr.size() > 1) state.isr = Without(state.isr, {options_.lost});
  const bool written = co_await Write(place, std::move(state));
  shrunk_ += written ? 1 : 0;
}

Async<> Takeover::Elect(Place place) {
  co_await ReadState(place);
  const PartitionRow& row = metadata_->topics()[place.topic].partitions[place.partition];
  Partition partition;
  partition.replicas = row.replicas;
  partition.state = row.state;
  const auto selected = SelectLeader(ElectionRule::kOffline, partition, context_);
  if (!selected.has_value()) co_return;
  kafka::PartitionState state = row.state;
  state.leader = selected->leader;
  state.isr = selected->isr;
  const bool written = co_await Write(place, std::move(state));
  moved_ += written ? 1 : 0;
}

}  // namespace rookery::broker_sim
