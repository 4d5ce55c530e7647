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

// Paths that a plan deletes, in order.
std::vector<std::string> Deleted(const absl::StatusOr<Plan>& plan) {
  EXPECT_TRUE(plan.ok()) << plan.status();
  std::vector<std::string> paths;
  for (const auto& part : plan->parts) {
    if (const auto* gone = std::get_if<model::DeleteRequest>(&part)) paths.push_back(gone->path);
  }
  return paths;
}

// AdminZkClient.tryCleanQuotaNodes of Kafka 3.9.
TEST(PlanAlterConfigTest, AnEmptiedQuotaNodeGoesWithParentsThatHoldNothing) {
  const ConfigEntity both = {{{Type::kUser, "bob"}, {Type::kClient, "c"}}};
  const AlterConfig command = {.entity = both, .remove = {"request_percentage"}};
  TreeView view = Roots();
  view["/config/users/bob"] = {std::nullopt, 0, 1};
  view["/config/users/bob/clients"] = {std::nullopt, 0, 1};
  view["/config/users/bob/clients/c"] = {R"({"version":1,"config":{"request_percentage":"5"}})", 2};
  const std::vector<std::string> all = {"/config/users/bob/clients/c", "/config/users/bob/clients",
                                        "/config/users/bob"};
  const auto plan = PlanAlterConfig(view, command);
  EXPECT_EQ(Deleted(plan), all);
  EXPECT_EQ(std::get<model::DeleteRequest>(plan->parts[0]).version, 2);
  EXPECT_EQ(std::get<model::CreateRequest>(plan->parts.back()).path,
            "/config/changes/config_change_");
  ASSERT_EQ(plan->parts.size(), 4u);

  view["/config/users/bob"].data = R"({"version":1,"config":{"producer_byte_rate":"5"}})";
  EXPECT_EQ(Deleted(PlanAlterConfig(view, command)), (std::vector<std::string>{all[0], all[1]}));
  view["/config/users/bob/clients"].children = 2;
  EXPECT_EQ(Deleted(PlanAlterConfig(view, command)), (std::vector<std::string>{all[0]}));
}

TEST(PlanAlterConfigTest, AnEmptiedNodeWithChildrenAndThoseOfTopicsAndBrokersStay) {
  TreeView view = Roots();
  view["/config/users/bob"] = {R"({"version":1,"config":{"producer_byte_rate":"5"}})", 0, 1};
  const ConfigEntity bob = {{{Type::kUser, "bob"}}};
  const auto kept = PlanAlterConfig(view, {.entity = bob, .remove = {"producer_byte_rate"}});
  EXPECT_TRUE(Deleted(kept).empty());
  EXPECT_EQ(std::get<model::SetDataRequest>(kept->parts[0]).data, R"({"version":1,"config":{}})");
  view["/config/users/bob"].children = 0;
  EXPECT_EQ(Deleted(PlanAlterConfig(view, {.entity = bob, .remove = {"producer_byte_rate"}})),
            std::vector<std::string>{"/config/users/bob"});
  view["/config/topics"] = view["/config/brokers"] = {};
  view["/config/topics/t"] = {R"({"version":1,"config":{"preallocate":"true"}})"};
  view["/config/brokers/1"] = {R"({"version":1,"config":{"background.threads":"5"}})"};
  EXPECT_TRUE(
      Deleted(PlanAlterConfig(view, {.entity = {{{Type::kTopic, "t"}}}, .remove = {"preallocate"}}))
          .empty());
  EXPECT_TRUE(Deleted(PlanAlterConfig(view, {.entity = {{{Type::kBroker, "1"}}},
                                             .remove = {"background.threads"}}))
                  .empty());
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

TEST(PlanCreateTopicTest, TakesReplicasThatSomebodyNames) {
  Random random(1);
  const std::map<int32_t, Replicas> named = {{0, {2, 7}}, {1, {7, 0}}};
  const auto plan =
      PlanCreateTopic(ThreeBrokers(), {.name = "t", .partitions = 9, .assignment = named}, random);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(DecodeTopic(*std::get<model::CreateRequest>(plan->parts[1]).data)->partitions, named);
  const auto refusal = [&](const std::map<int32_t, Replicas>& assignment) {
    return std::string(
        PlanCreateTopic(ThreeBrokers(), {.name = "t", .assignment = assignment}, random)
            .status()
            .message());
  };
  EXPECT_EQ(refusal({{0, {1}}, {1, {1, 2}}}),
            "All partitions should have the same number of replicas");
  EXPECT_EQ(refusal({{0, {1, 1}}}), "Duplicate replica assignment found: 0 -> 1, 1");
  EXPECT_EQ(refusal({{1, {1}}}), "partitions should be a consecutive 0-based integer sequence");
}

AddPartitionsView Orders() {
  return {.brokers = {{0}, {1}, {2}},
          .topic = ExistingNode{R"({"removing_replicas":{},"partitions":{"0":[1,2],"1":[2,0]},)"
                                R"("topic_id":"AAAAAAAAQACAAAAAAAAAAQ","adding_replicas":{},)"
                                R"("version":3})",
                                4}};
}

TEST(PlanAddPartitionsTest, GoesOnWhereTheStandingPlacementBegan) {
  const auto plan = PlanAddPartitions(Orders(), {.topic = "orders", .partitions = 4});
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->parts.size(), 1u);
  const auto& set = std::get<model::SetDataRequest>(plan->parts[0]);
  EXPECT_EQ(set.path, "/brokers/topics/orders");
  EXPECT_EQ(set.version, 4);
  const auto topic = DecodeTopic(*set.data);
  ASSERT_TRUE(topic.ok());
  EXPECT_EQ(topic->topic_id, "AAAAAAAAQACAAAAAAAAAAQ");
  EXPECT_EQ(topic->partitions,
            (std::map<int32_t, Replicas>{{0, {1, 2}}, {1, {2, 0}}, {2, {0, 2}}, {3, {1, 2}}}));
}

TEST(PlanAddPartitionsTest, TakesNamedReplicasOfTheNewPartitionsAlone) {
  const std::map<int32_t, Replicas> all = {{0, {9, 9}}, {1, {9}}, {2, {0, 1}}};
  const auto plan =
      PlanAddPartitions(Orders(), {.topic = "orders", .partitions = 3, .assignment = all});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const auto topic = DecodeTopic(*std::get<model::SetDataRequest>(plan->parts[0]).data);
  EXPECT_EQ(topic->partitions.at(0), (Replicas{1, 2}));
  EXPECT_EQ(topic->partitions.at(2), (Replicas{0, 1}));
  EXPECT_EQ(PlanAddPartitions(Orders(), {.topic = "orders", .partitions = 5, .assignment = all})
                .status()
                .message(),
            "Increasing the number of partitions by 3 but 1 assignments provided.");
}

TEST(PlanAddPartitionsTest, RefusesWhatCannotGrow) {
  EXPECT_EQ(PlanAddPartitions({}, {.topic = "t", .partitions = 2}).status().message(),
            "Topic 't' does not exist as expected");
  EXPECT_FALSE(PlanAddPartitions(Orders(), {.topic = "orders", .partitions = 2}).ok());
  EXPECT_EQ(PlanAddPartitions(Orders(), {.topic = "__consumer_offsets", .partitions = 9})
                .status()
                .message(),
            "The number of partitions for the offsets topic cannot be changed.");
  AddPartitionsView view = Orders();
  view.being_deleted = true;
  EXPECT_EQ(PlanAddPartitions(view, {.topic = "orders", .partitions = 3}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  view.being_deleted = false;
  TopicAssignment moving = *DecodeTopic(*view.topic->data);
  moving.adding[0] = {2};
  view.topic->data = EncodeTopic(moving);
  EXPECT_EQ(PlanAddPartitions(view, {.topic = "orders", .partitions = 3}).status().message(),
            "A partition reassignment is in progress for the topic 'orders'.");
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
