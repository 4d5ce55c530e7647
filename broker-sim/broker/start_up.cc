// The operations of a broker's start, in Kafka's order (kafka-on-zookeeper 3.1), and of a session
// that follows an expired one (2.3).
#include "broker-sim/broker/broker.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/kafka/preload.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {

using model::ErrorCode;

Async<> Broker::Main(bool first) {
  session_->OnNode(std::string(kafka::kFeaturePath),
                   [this](auto) { session_scope_.Spawn(FollowFeatures()); });
  if (first) {
    co_await StartUp();
    if (id_ < 0) co_return;
  } else {
    co_await config_listener_->OnChanges();
    config_listener_->BeginToTell();
    co_await FollowFeatures();
  }
  if (replicas_ == nullptr) MakeReplicas();
  while (true) {
    const Registration registration = co_await Register();
    if (registration == Registration::kDone) break;
    if (registration == Registration::kFatal) co_return;
  }
  world_.fabric->Leave(id_);
  world_.fabric->Join(id_, this, world_.executor);
  session_scope_.Spawn(controller_->Run());
  if (options_.authorizer) {
    client::Options client = CopyOf(options_.client);
    client.request_timeout_ms = 0;
    client.seed += life_ + 1'000'000;
    authorizer_ = std::make_unique<Authorizer>(
        id_, std::make_unique<Session>(world_.make_client(std::move(client))), world_.executor,
        world_.clock, world_.timeline, options_.super_users);
    authorizer_->Start();
  }
  co_await controller_->Decided();
  if (first) session_scope_.Spawn(config_listener_->ReadAll());
  co_await config_listener_->Follow(first);
}

Async<> Broker::StartUp() {
  if (!options_.client.chroot.empty()) co_await session_->Create("/", std::nullopt);
  for (const std::string& path : kafka::RootPaths()) co_await CreatePath(path);
  co_await EnsureClusterId();
  co_await EnsureId();
  if (id_ < 0) co_return;
  co_await session_->GetData("/config/brokers/<default>");
  co_await session_->GetData(absl::StrCat("/config/brokers/", id_));
  const auto topics = co_await session_->GetChildren(std::string(kafka::kTopicsPath));
  for (const std::string& topic : topics.value.children) co_await ReadTopicConfig(topic);
  co_await session_->Exists(std::string(kafka::kFeaturePath));
  co_await FollowFeatures();
}

Async<> Broker::FollowFeatures() { co_await session_->GetData(std::string(kafka::kFeaturePath)); }

// Parents are made only where they are missing. NodeExists is as good as created: another broker,
// or the coordinator's preload, was first.
Async<> Broker::CreatePath(std::string path) {
  const auto created = co_await session_->Create(path, std::nullopt);
  if (created.error != ErrorCode::kNoNode) co_return;
  co_await CreatePath(std::string(model::ParentPath(path)));
  co_await session_->Create(std::move(path), std::nullopt);
}

Async<> Broker::EnsureClusterId() {
  const std::string path(kafka::kClusterIdPath);
  const auto present = co_await session_->GetData(path);
  if (present.error != ErrorCode::kNoNode) co_return;
  model::Data id = kafka::EncodeClusterId(options_.new_cluster_id);
  const auto created = co_await session_->Create(path, id);
  if (created.error == ErrorCode::kNoNode) {
    co_await CreatePath(std::string(model::ParentPath(path)));
    co_await session_->Create(path, std::move(id));
  } else if (created.error == ErrorCode::kNodeExists) {
    co_await session_->GetData(path);  // somebody else was faster
  }
}

// Ids above reserved.broker.max.id are the coordinator's to give: one for each write of a node that
// no broker reads. It is kept, as meta.properties keeps it.
Async<> Broker::EnsureId() {
  if (id_ >= 0) co_return;
  const auto counted = co_await session_->SetData(std::string(kafka::kSequenceIdPath), "", -1);
  if (!counted.ok()) {
    ExitAndStartAgain(absl::StrCat("no id was generated: ", ErrorName(counted.error)));
    co_return;
  }
  id_ = counted.value.stat.version + options_.reserved_id_max;
  MakeSessionParts();
}

// Looked at once, at the start.
Async<bool> Broker::EndpointIsFree(std::string endpoint) {
  const auto others = co_await session_->GetChildren(std::string(kafka::kBrokerIdsPath));
  for (const std::string& other : others.value.children) {
    const auto node = co_await session_->GetData(model::ChildPath(kafka::kBrokerIdsPath, other));
    const auto broker = kafka::DecodeBroker(node.value.data.value_or(""));
    if (!broker.ok() || other == absl::StrCat(id_)) continue;
    for (const std::string& taken : broker->endpoints) {
      if (taken != endpoint) continue;
      ExitAndStartAgain(absl::StrCat("its endpoint ", endpoint, " belongs to broker ", other));
      co_return false;
    }
  }
  co_return true;
}

Async<Broker::Registration> Broker::Register() {
  const std::string endpoint = absl::StrCat("PLAINTEXT://", options_.host, ":", options_.port);
  if (previous_session_ == 0) {
    const bool free = co_await EndpointIsFree(endpoint);
    if (!free) co_return Registration::kFatal;
  }
  kafka::BrokerRegistration registration = {.host = options_.host,
                                            .port = options_.port,
                                            .timestamp_ms = world_.clock->WallMs(),
                                            .endpoints = {endpoint},
                                            .rack = options_.rack,
                                            .listener_protocols = {{"PLAINTEXT", "PLAINTEXT"}}};
  const std::string path = kafka::BrokerPath(id_);
  model::MultiRequest multi;
  multi.parts.push_back(
      model::CreateRequest{.path = path, .acl = *model::OpenAcl(), .flags = model::kEphemeral});
  multi.parts.push_back(
      model::SetDataRequest{.path = path, .data = kafka::EncodeBroker(registration), .version = 0});
  const auto result = co_await session_->Multi(std::move(multi));
  model::Stat stat;
  if (result.ok()) {
    stat = std::get<model::StatReply>(result.value.parts[1].body).stat;
  } else if (result.error == ErrorCode::kNodeExists) {
    const auto node = co_await session_->GetData(path);
    const int64_t owner = node.value.stat.ephemeral_owner;
    if (!node.ok()) co_return Registration::kAgain;
    if (owner == session_->client().session()) {  // the try that got no answer was done
      stat = node.value.stat;
    } else if (previous_session_ != 0 && owner == previous_session_) {
      co_await session_->Delete(path);
      co_return Registration::kAgain;
    } else {
      ExitAndStartAgain(absl::StrCat("its node ", path, " exists and belongs to session ",
                                     model::ToHex(owner), ", not to ",
                                     model::ToHex(session_->client().session())));
      co_return Registration::kFatal;
    }
  } else {
    co_return result.error == ErrorCode::kNoNode ? Registration::kAgain : Registration::kFatal;
  }
  registered_ = true;
  broker_epoch_ = stat.czxid;
  world_.timeline->Tell(
      {.name = "registered",
       .broker = id_,
       .text = absl::StrCat("broker ", id_, " registered, broker epoch ", stat.czxid, ", session ",
                            model::ToHex(session_->client().session())),
       .numbers = {{"broker_epoch", stat.czxid}}});
  co_return Registration::kDone;
}

}  // namespace rookery::broker_sim
