#include "broker-sim/scale/fill.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/kafka/preload.h"

namespace rookery::broker_sim {
namespace {

using model::ErrorCode;

class Filler {
 public:
  Filler(ScaleSpec spec, Session* session, std::function<void(int64_t)> progress)
      : spec_(spec), session_(session), progress_(std::move(progress)) {}

  Async<> operator()(size_t topic) {
    constexpr int64_t kTellEvery = 5'000;
    const auto result = co_await session_->Multi(TopicMulti(static_cast<int64_t>(topic)));
    if (!result.ok() && result.error != ErrorCode::kNodeExists && failure_.ok()) {
      failure_ = absl::UnavailableError(absl::StrCat(
          "topic ", spec_.Topic(static_cast<int64_t>(topic)), ": ", ErrorName(result.error)));
    }
    if (++done_ % kTellEvery == 0) progress_(done_);
  }
  const absl::Status& failure() const { return failure_; }

 private:
  void Add(model::MultiRequest* multi, std::string path, model::Data data) const {
    multi->parts.push_back(model::CreateRequest{
        .path = std::move(path), .data = std::move(data), .acl = *model::OpenAcl()});
  }
  model::MultiRequest TopicMulti(int64_t topic) const {
    const std::string name = spec_.Topic(topic);
    const auto number = static_cast<uint64_t>(topic);
    kafka::TopicAssignment assignment = {.topic_id = kafka::EncodeUuid(number, number)};
    for (int32_t p = 0; p < spec_.partitions; ++p) {
      assignment.partitions[p] = spec_.Replicas(topic, p);
    }
    model::MultiRequest multi;
    Add(&multi, kafka::TopicConfigPath(name), kafka::EncodeConfig({}));
    Add(&multi, kafka::TopicPath(name), kafka::EncodeTopic(assignment));
    Add(&multi, kafka::TopicPartitionsPath(name), std::nullopt);
    for (const auto& [p, replicas] : assignment.partitions) {
      Add(&multi, kafka::PartitionPath(name, p), std::nullopt);
      Add(&multi, kafka::PartitionStatePath(name, p),
          kafka::EncodePartitionState(
              {.leader = replicas.front(), .controller_epoch = 1, .isr = replicas}));
    }
    return multi;
  }

  const ScaleSpec spec_;
  Session* const session_;
  const std::function<void(int64_t)> progress_;
  int64_t done_ = 0;
  absl::Status failure_;
};

}  // namespace

Async<absl::Status> FillTree(ScaleSpec spec, Session* session, size_t in_flight,
                             std::function<void(int64_t)> progress) {
  for (const std::string& path : kafka::PreloadPaths()) {
    co_await session->Create(path, std::nullopt);  // the servers may have made them
  }
  Filler filler(spec, session, std::move(progress));
  co_await RunEach(static_cast<size_t>(spec.topics), in_flight, &filler);
  co_return filler.failure();
}

}  // namespace rookery::broker_sim
