#include "coordinator/kafka/plan.h"

#include <gtest/gtest.h>

namespace rookery::kafka {
namespace {

using Type = ConfigEntity::Type;

const ConfigEntity kClientA = {{{Type::kClient, "clientA"}}};

TreeView Roots() {
  return {{"/config", {}}, {"/config/clients", {}}, {"/config/users", {}}, {"/config/changes", {}}};
}

TEST(PlanAlterConfigTest, CreatesTheNodeAndTellsBrokers) {
  const auto plan =
      PlanAlterConfig(Roots(), {.entity = kClientA, .add = {{"producer_byte_rate", "1024"}}});
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->parts.size(), 2u);
  const auto& node = std::get<model::CreateRequest>(plan->parts[0]);
  EXPECT_EQ(node.path, "/config/clients/clientA");
  EXPECT_EQ(node.data, R"({"version":1,"config":{"producer_byte_rate":"1024"}})");
  const auto& change = std::get<model::CreateRequest>(plan->parts[1]);
  EXPECT_EQ(change.path, "/config/changes/config_change_");
  EXPECT_EQ(change.flags, model::kPersistentSequential);
  EXPECT_EQ(change.data, R"({"version":2,"entity_path":"clients/clientA"})");
}

TEST(PlanAlterConfigTest, MergesUnderTheVersionItRead) {
  TreeView view = Roots();
  view["/config/clients/clientA"] = {
      R"({"version":1,"config":{"consumer_byte_rate":"5","producer_byte_rate":"7"}})", 3};
  const auto plan = PlanAlterConfig(
      view,
      {.entity = kClientA, .add = {{"producer_byte_rate", "8"}}, .remove = {"consumer_byte_rate"}});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const auto& set = std::get<model::SetDataRequest>(plan->parts[0]);
  EXPECT_EQ(set.version, 3);
  EXPECT_EQ(set.data, R"({"version":1,"config":{"producer_byte_rate":"8"}})");
}

TEST(PlanAlterConfigTest, CreatesParentsOfUserAndClient) {
  const ConfigEntity both = {{{Type::kUser, "bob"}, {Type::kClient, "c"}}};
  const auto plan =
      PlanAlterConfig(Roots(), {.entity = both, .add = {{"request_percentage", "50"}}});
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->parts.size(), 4u);
  EXPECT_EQ(std::get<model::CreateRequest>(plan->parts[0]).path, "/config/users/bob");
  EXPECT_EQ(std::get<model::CreateRequest>(plan->parts[0]).data, std::nullopt);
  EXPECT_EQ(std::get<model::CreateRequest>(plan->parts[1]).path, "/config/users/bob/clients");
  EXPECT_EQ(std::get<model::CreateRequest>(plan->parts[2]).path, "/config/users/bob/clients/c");
}

TEST(PlanAlterConfigTest, NamesWhatIsWrong) {
  EXPECT_FALSE(PlanAlterConfig(Roots(), {.entity = kClientA, .add = {{"nonsense", "1"}}}).ok());
  EXPECT_FALSE(
      PlanAlterConfig(Roots(), {.entity = kClientA, .add = {{"producer_byte_rate", "x"}}}).ok());
  const auto missing =
      PlanAlterConfig(Roots(), {.entity = kClientA, .remove = {"producer_byte_rate"}});
  EXPECT_EQ(missing.status().message(), "Invalid config(s): producer_byte_rate");
}

CreateTopicView ThreeBrokers() { return {.brokers = {{0}, {1}, {2}}, .topics = {"a.b"}}; }

TEST(PlanCreateTopicTest, WritesConfigurationBeforeAssignment) {
  Random random(1);
  const auto plan = PlanCreateTopic(
      ThreeBrokers(), {.name = "orders", .partitions = 3, .replication_factor = 2}, random);
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->parts.size(), 2u);
  EXPECT_EQ(std::get<model::CreateRequest>(plan->parts[0]).path, "/config/topics/orders");
  const auto& node = std::get<model::CreateRequest>(plan->parts[1]);
  EXPECT_EQ(node.path, "/brokers/topics/orders");
  const auto topic = DecodeTopic(*node.data);
  ASSERT_TRUE(topic.ok());
  EXPECT_EQ(topic->partitions.size(), 3u);
  EXPECT_EQ(topic->topic_id.size(), 22u);
  EXPECT_NE(topic->topic_id.front(), '-');
}

TEST(PlanCreateTopicTest, RefusesTakenAndCollidingNames) {
  Random random(1);
  EXPECT_EQ(PlanCreateTopic(ThreeBrokers(), {.name = "a.b"}, random).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(PlanCreateTopic(ThreeBrokers(), {.name = "a_b"}, random).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(PlanCreateTopic(ThreeBrokers(), {.name = "a b"}, random).status().code(),
            absl::StatusCode::kInvalidArgument);
  CreateTopicView deleting = ThreeBrokers();
  deleting.being_deleted = true;
  EXPECT_FALSE(PlanCreateTopic(deleting, {.name = "x"}, random).ok());
}

TEST(PlanDeleteTopicTest, MarksATopicThatExists) {
  const TreeView view = {{"/brokers/topics/orders", {}}, {"/admin", {}}};
  const auto plan = PlanDeleteTopic(view, "orders");
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->parts.size(), 3u);
  EXPECT_EQ(std::get<model::CheckRequest>(plan->parts[0]).path, "/brokers/topics/orders");
  EXPECT_EQ(std::get<model::CreateRequest>(plan->parts[1]).path, "/admin/delete_topics");
  const auto& mark = std::get<model::CreateRequest>(plan->parts[2]);
  EXPECT_EQ(mark.path, "/admin/delete_topics/orders");
  EXPECT_EQ(mark.data, std::nullopt);
}

TEST(PlanDeleteTopicTest, RefusesTheMissingTheMarkedAndTheInternal) {
  EXPECT_EQ(PlanDeleteTopic({}, "orders").status().code(), absl::StatusCode::kNotFound);
  const TreeView marked = {{"/brokers/topics/a", {}}, {"/admin/delete_topics/a", {}}};
  EXPECT_EQ(PlanDeleteTopic(marked, "a").status().code(), absl::StatusCode::kAlreadyExists);
  const TreeView internal = {{"/brokers/topics/__consumer_offsets", {}}};
  EXPECT_EQ(PlanDeleteTopic(internal, "__consumer_offsets").status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace rookery::kafka
