// The operations of a broker's start, in Kafka's order (kafka-on-zookeeper 3.1).
#include "broker-sim/broker/broker.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/kafka/preload.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {

using model::ErrorCode;

Async<> Broker::StartUp() {
  co_await CreateRoots();
  co_await EnsureClusterId();
  co_await session_->GetData("/config/brokers/<default>");
  co_await session_->GetData(absl::StrCat("/config/brokers/", options_.id));
  const auto topics = co_await session_->GetChildren(std::string(kafka::kTopicsPath));
  for (const std::string& topic : topics.value.children) {
    co_await session_->GetData(kafka::TopicConfigPath(topic));
  }
  const auto others = co_await session_->GetChildren(std::string(kafka::kBrokerIdsPath));
  for (const std::string& other : others.value.children) {
    co_await session_->GetData(model::ChildPath(kafka::kBrokerIdsPath, other));
  }
  // A registration of an earlier life stands until its session has expired; then there is room.
  constexpr int64_t kRetryUs = 100'000;
  while (!co_await Register()) co_await Sleep(executor_, kRetryUs);
}

Async<> Broker::CreateRoots() {
  for (const std::string& path : kafka::PreloadPaths()) co_await CreatePath(path);
}

// NodeExists is as good as created: another broker, or the coordinator's preload, was first.
Async<> Broker::CreatePath(std::string path) {
  if (!options_.client.chroot.empty() && path == kafka::PreloadPaths().front()) {
    co_await session_->Create("/", std::nullopt);  // the chroot itself
  }
  co_await session_->Create(std::move(path), std::nullopt);
}

Async<> Broker::EnsureClusterId() {
  const std::string path(kafka::kClusterIdPath);
  const auto present = co_await session_->GetData(path);
  if (present.error != ErrorCode::kNoNode) co_return;
  co_await session_->Create(std::string(model::ParentPath(path)), std::nullopt);
  model::Data id = kafka::EncodeClusterId(options_.new_cluster_id);
  co_await session_->Create(path, std::move(id));
}

Async<bool> Broker::Register() {
  kafka::BrokerRegistration registration = {
      .host = options_.host,
      .port = options_.port,
      .timestamp_ms = clock_->WallMs(),
      .endpoints = {absl::StrCat("PLAINTEXT://", options_.host, ":", options_.port)},
      .rack = options_.rack,
      .listener_protocols = {{"PLAINTEXT", "PLAINTEXT"}}};
  const std::string path = kafka::BrokerPath(options_.id);
  model::MultiRequest multi;
  multi.parts.push_back(
      model::CreateRequest{.path = path, .acl = *model::OpenAcl(), .flags = model::kEphemeral});
  multi.parts.push_back(
      model::SetDataRequest{.path = path, .data = kafka::EncodeBroker(registration), .version = 0});
  const auto result = co_await session_->Multi(std::move(multi));
  if (!result.ok()) co_return false;
  const auto& stat = std::get<model::StatReply>(result.value.parts[1].body).stat;
  registered_ = true;
  timeline_->Tell(
      {.name = "registered",
       .broker = options_.id,
       .text = absl::StrCat("broker ", options_.id, " registered, broker epoch ", stat.czxid,
                            ", session ", model::ToHex(session_->client().session())),
       .numbers = {{"broker_epoch", stat.czxid}}});
  on_returned_(options_.id);
  co_return true;
}

}  // namespace rookery::broker_sim
