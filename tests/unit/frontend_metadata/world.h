// Servers with journals, a Kafka cluster's nodes on them, and streams that write down what they are
// told.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/frontend/metadata/feed.h"
#include "coordinator/kafka/journal.h"
#include "coordinator/kafka/preload.h"
#include "coordinator/kafka/topic.h"
#include "tests/unit/service/world.h"

namespace rookery::frontend {

// "view Asked", "part", "complete", "12 broker_joined broker_lost" (a change under its counter), or
// "place".
class Stream final : public FeedSink {
 public:
  void Send(v1::WatchMetadataResponse response) override {
    queued += holds_back ? response.ByteSizeLong() : 0;
    if (response.zxid() != 0) zxid = response.zxid();
    switch (response.content_case()) {
      case v1::WatchMetadataResponse::kViewBegin:
        told.push_back(absl::StrCat("view ", response.view_begin().reason()));
        break;
      case v1::WatchMetadataResponse::kViewPart:
        for (const v1::Topic& topic : response.view_part().topics()) topics.push_back(topic);
        break;
      case v1::WatchMetadataResponse::kViewComplete:
        told.emplace_back("complete");
        break;
      case v1::WatchMetadataResponse::kChanges:
        for (const v1::MetadataChange& change : response.changes().changes()) Take(change);
        break;
      case v1::WatchMetadataResponse::CONTENT_NOT_SET:
        told.emplace_back("place");
        break;
    }
  }
  size_t QueuedBytes() const override { return queued; }
  void End(absl::Status status) override { ended = std::move(status); }

  std::vector<std::string> told;
  std::vector<v1::MetadataChange> changes;
  std::vector<v1::Topic> topics;  // of views
  int64_t zxid = 0;
  std::optional<absl::Status> ended;
  bool holds_back = false;  // what is sent does not leave
  size_t queued = 0;

 private:
  void Take(const v1::MetadataChange& change) {
    std::string line = absl::StrCat(change.zxid() & 0xffffffff);
    for (const v1::MetadataEvent& event : change.events()) {
      const auto* field = event.GetDescriptor()->FindFieldByNumber(event.kind_case());
      absl::StrAppend(&line, " ", field->name());
    }
    told.push_back(std::move(line));
    changes.push_back(change);
  }
};

class MetadataWorld {
 public:
  explicit MetadataWorld(int servers, size_t journal_bytes = 1u << 20) : world(servers) {
    for (int id = 1; id <= servers; ++id) {
      journals[id] = std::make_unique<kafka::MetadataJournal>(journal_bytes);
      world[id].machine().SetChangeSink(journals[id].get());
      journals[id]->OnState(world[id].machine().last_zxid());
    }
    world.Settle(1);
    session = world.Open(1);
    for (const std::string& path : kafka::PreloadPaths()) Make(path);
  }

  struct Watch {
    std::shared_ptr<Stream> stream = std::make_shared<Stream>();
    std::shared_ptr<Feed> feed;
    Stream* operator->() const { return stream.get(); }
  };
  Watch Open(model::ServerId server, FeedRequest request) {
    if (request.root.empty()) request.root = "/";
    Watch watch;
    watch.feed =
        std::make_shared<Feed>(&world[server].service(), &world.core, &world.core,
                               journals.at(server).get(), std::move(request), watch.stream.get());
    watch.feed->Start();
    return watch;
  }
  // Until nothing more happens by itself.
  void Rest() { world.core.RunFor(1'000'000); }

  model::Zxid Make(const std::string& path, const std::string& data = "") {
    auto request = service::Create(path, data);
    if (data.empty()) request.data.reset();
    return world.Do(session, std::move(request)).zxid;
  }
  model::Zxid Set(const std::string& path, std::string data) {
    return world.Do(session, service::Set(path, std::move(data))).zxid;
  }
  // A topic with one partition on broker 1.
  model::Zxid MakeTopic(const std::string& name) {
    return Make(absl::StrCat("/brokers/topics/", name),
                kafka::EncodeTopic({.partitions = {{0, {1}}}}));
  }

  service::World world;
  std::map<model::ServerId, std::unique_ptr<kafka::MetadataJournal>> journals;
  service::World::Session session;
};

}  // namespace rookery::frontend
