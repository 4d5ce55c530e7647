#include "broker-sim/view/event_observer.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rookery::broker_sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NoExecutor final : public Executor {
 public:
  void Post(Task) override {}
  TimerId RunAfter(int64_t, Task) override { return 0; }
  void Cancel(TimerId) override {}
  bool IsCurrent() const override { return true; }
};

class Told final : public ViewListener {
 public:
  void OnBroker(int32_t id, bool lives) override {
    lines.push_back(absl::StrCat("broker ", id, lives ? " joins" : " goes"));
  }
  void OnController(std::optional<int32_t> id) override {
    lines.push_back(absl::StrCat("controller ", id.value_or(-1)));
  }
  void OnControllerEpoch(int32_t epoch, int64_t zxid) override {
    lines.push_back(absl::StrCat("epoch ", epoch, " at ", zxid));
  }
  void OnTopic(const std::string& topic, bool exists) override {
    lines.push_back(absl::StrCat("topic ", topic, exists ? " comes" : " goes"));
  }
  void OnState(const std::string& topic, int32_t partition,
               const std::optional<kafka::PartitionState>& before,
               const kafka::PartitionState& state, int64_t zxid) override {
    lines.push_back(absl::StrCat(topic, "-", partition, " ",
                                 before.has_value() ? before->leader : -2, " > ", state.leader,
                                 " [", absl::StrJoin(state.isr, ","), "] at ", zxid));
  }
  void OnConfig(const std::string& entity, const kafka::ConfigMap& config) override {
    lines.push_back(
        absl::StrCat(entity, " {", absl::StrJoin(config, ",", absl::PairFormatter("=")), "}"));
  }
  void OnAcl(const std::string& resource) override { lines.push_back("acl " + resource); }
  void OnUnreadable(const std::string& path, const absl::Status& why) override {
    lines.push_back(absl::StrCat(path, ": ", why.message()));
  }
  std::vector<std::string> lines;
};

class EventObserverTest : public ::testing::Test {
 protected:
  void Take(const std::string& text) {
    v1::WatchMetadataResponse message;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
    observer_.Take(message);
  }
  std::vector<std::string> Lines() { return std::exchange(told_.lines, {}); }

  // A view of a broker, which controls, and a topic.
  void TakeView() {
    Take("view_begin { reason: VIEW_REASON_ASKED }");
    Take("view_part { controller { broker_id: 1 epoch: 3 } brokers { id: 1 epoch: 50 } }");
    Take(R"(view_part {
      topics { name: "orders" configs { key: "a" value: "1" }
        partitions { partition: 0 replicas: [1, 2]
                     state { leader: 1 leader_epoch: 4 controller_epoch: 3 isr: 1 } } } })");
    Take("zxid: 60 view_complete: true");
  }

  NoExecutor executor_;
  Told told_;
  EventObserver observer_{&executor_, {.servers = {{"a", 1}}}, &told_, [](const absl::Status&) {}};
};

TEST_F(EventObserverTest, AViewIsToldOnceItIsWhole) {
  Take("view_begin { reason: VIEW_REASON_ASKED }");
  Take("view_part { brokers { id: 1 epoch: 50 } }");
  EXPECT_THAT(Lines(), IsEmpty());
  TakeView();
  EXPECT_THAT(Lines(), ElementsAre("broker 1 joins", "epoch 3 at 0", "controller 1",
                                   "topic orders comes", "orders-0 -2 > 1 [1] at 0"));
  EXPECT_EQ(observer_.view().topics.at("orders").at(0).replicas, (kafka::Replicas{1, 2}));
}

TEST_F(EventObserverTest, EventsChangeTheViewAndAreTold) {
  TakeView();
  Lines();
  Take(R"(zxid: 70 changes { changes { zxid: 70
    events { broker_joined { broker { id: 2 epoch: 70 } } }
    events { isr_changed { topic: "orders" partition: 0 added: 2
               state { leader: 1 leader_epoch: 4 controller_epoch: 3 isr: [1, 2] } } }
    events { config_changed { entity { parts { type: CONFIG_ENTITY_TYPE_TOPIC name: "orders" } }
               set { key: "b" value: "2" } removed: "a" } }
    events { quota_changed { entity { parts { type: CONFIG_ENTITY_TYPE_USER is_default: true }
                                      parts { type: CONFIG_ENTITY_TYPE_CLIENT name: "shop" } }
               set { key: "producer_byte_rate" value: 1048576 } } }
    events { acl_changed { resource { type: ACL_RESOURCE_TYPE_TOPIC name: "pay"
                                      pattern_type: ACL_PATTERN_TYPE_PREFIXED } } } } })");
  EXPECT_THAT(Lines(),
              ElementsAre("broker 2 joins", "orders-0 1 > 1 [1,2] at 70", "topics/orders {b=2}",
                          "users/<default>/clients/shop {producer_byte_rate=1048576}",
                          "acl Topic:pay (prefixed)"));
  Take(R"(zxid: 80 changes { changes { zxid: 80
    events { broker_lost { id: 1 epoch: 50 } }
    events { controller_changed { previous: 1 controller { broker_id: 2 epoch: 4 } } }
    events { leader_changed { topic: "orders" partition: 0 previous_leader: 1
               state { leader: 2 leader_epoch: 5 controller_epoch: 4 isr: 2 } } }
    events { topic_deleted { name: "orders" } } } })");
  EXPECT_THAT(Lines(), ElementsAre("broker 1 goes", "epoch 4 at 80", "controller 2",
                                   "orders-0 1 > 2 [2] at 80", "topic orders goes"));
  EXPECT_THAT(observer_.view().topics, IsEmpty());
  EXPECT_EQ(observer_.view().brokers, (std::map<int32_t, int64_t>{{2, 70}}));
}

TEST_F(EventObserverTest, AViewAfterAGapTellsWhatIsAnother) {
  TakeView();
  Lines();
  Take("view_begin { reason: VIEW_REASON_NOT_KEPT }");
  // The same broker under another registration, a partition that is led by it no more, another
  // configuration.
  Take(R"(view_part {
    controller { epoch: 3 }  brokers { id: 1 epoch: 90 }
    topics { name: "orders" configs { key: "a" value: "2" }
      partitions { partition: 0 replicas: [1, 2]
                   state { leader: -1 leader_epoch: 5 controller_epoch: 3 isr: 1 } } } })");
  Take("zxid: 95 view_complete: true");
  EXPECT_THAT(Lines(), ElementsAre("broker 1 goes", "broker 1 joins", "controller -1",
                                   "orders-0 1 > -1 [1] at 0", "topics/orders {a=2}"));
}

}  // namespace
}  // namespace rookery::broker_sim
