#include "broker-sim/scale/crowd.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

Crowd::Crowd(MakeClient make_client, client::Options options, TakeOver take_over,
             Executor* executor, const Clock* clock, Timeline* timeline)
    : make_client_(std::move(make_client)),
      options_(std::move(options)),
      take_over_(std::move(take_over)),
      executor_(executor),
      clock_(clock),
      timeline_(timeline),
      fabric_(executor, 0) {}

Crowd::~Crowd() = default;

Async<absl::Status> Crowd::Join(int32_t id) {
  client::Options options = CopyOf(options_);
  options.seed += static_cast<uint64_t>(id);
  options.request_timeout_ms = 0;
  Member& member = members_[id];
  member.session = std::make_unique<Session>(make_client_(std::move(options)));
  member.session->client().Connect();
  constexpr int32_t kFirstPort = 9092;
  const std::string endpoint = absl::StrCat("PLAINTEXT://127.0.0.1:", kFirstPort + id);
  const kafka::BrokerRegistration registration = {
      .host = "127.0.0.1",
      .port = kFirstPort + id,
      .timestamp_ms = clock_->WallMs(),
      .endpoints = {endpoint},
      .listener_protocols = {{"PLAINTEXT", "PLAINTEXT"}}};
  model::MultiRequest multi;
  const std::string path = kafka::BrokerPath(id);
  multi.parts.push_back(
      model::CreateRequest{.path = path, .acl = *model::OpenAcl(), .flags = model::kEphemeral});
  multi.parts.push_back(
      model::SetDataRequest{.path = path, .data = kafka::EncodeBroker(registration), .version = 0});
  const auto registered = co_await member.session->Multi(std::move(multi));
  if (!registered.ok()) {
    co_return absl::FailedPreconditionError(
        absl::StrCat("broker ", id, " cannot be registered: ", ErrorName(registered.error)));
  }
  ControllerOptions controller = {.broker = id, .rebalances = false, .take_over = take_over_};
  member.controller = std::make_unique<Controller>(std::move(controller), member.session.get(),
                                                   &fabric_, executor_, clock_, timeline_);
  member.scope = std::make_unique<Scope>();
  member.scope->Spawn(member.controller->Run());
  co_return absl::OkStatus();
}

void Crowd::Close(absl::AnyInvocable<void()> done) {
  struct Count {
    size_t left;
    absl::AnyInvocable<void()> done;
  };
  auto count = std::make_shared<Count>(Count{members_.size(), std::move(done)});
  for (auto& [id, member] : members_) {
    member.scope.reset();
    member.session->client().Close([count] {
      if (--count->left == 0) count->done();
    });
  }
}

}  // namespace rookery::broker_sim
