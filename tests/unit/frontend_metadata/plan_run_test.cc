// Writes through the plans of coordinator/kafka, and the unary reads, over a whole server.
#include "coordinator/frontend/metadata/plan_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/base/status_macros.h"
#include "coordinator/frontend/metadata/convert.h"
#include "coordinator/frontend/metadata/reads.h"
#include "coordinator/frontend/metadata/writes.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/paths.h"
#include "tests/unit/frontend_metadata/world.h"

namespace rookery::frontend {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class PlanRunTest : public testing::Test {
 protected:
  PlanRunTest() {
    for (const int id : {1, 2, 3}) {
      world_.Make(kafka::BrokerPath(id),
                  kafka::EncodeBroker({.host = "h", .endpoints = {"PLAINTEXT://h:1"}}));
    }
  }
  template <typename Request>
  absl::StatusOr<model::Zxid> Write(const Request& request,
                                    const model::Credentials& credentials = {},
                                    size_t bytes_max = 1 << 20) {
    ROOKERY_ASSIGN_OR_RETURN(MakePlan plan, PlanOf(request, &random_));
    absl::StatusOr<model::Zxid> result = absl::UnknownError("no answer");
    RunPlan(&world_.world[1].service(),
            {.root = *RootOf(request.root()),
             .credentials = credentials,
             .request_bytes_max = bytes_max},
            std::move(plan), [&](absl::StatusOr<model::Zxid> zxid) { result = std::move(zxid); });
    world_.Rest();
    return result;
  }
  template <typename Response, typename Request>
  absl::StatusOr<Response> Read(const Request& request, model::Credentials credentials = {}) {
    Response response;
    absl::Status status;
    world_.world[1].service().ReadTogether(
        std::move(credentials),
        [&](service::Service::Reads& reads) {
          PresentNodes nodes(&reads, kNodesOfOneCallMax);
          response.Clear();
          status = Answer(request, *RootOf(request.root()), nodes, &response);
        },
        [&](const absl::StatusOr<model::Zxid>& zxid) {
          if (status.ok()) status = zxid.status();
        });
    world_.Rest();
    if (!status.ok()) return status;
    return response;
  }
  static v1::CreateTopicRequest Topic(const std::string& name) {
    v1::CreateTopicRequest request;
    request.set_name(name);
    request.set_partitions(2);
    request.set_replication_factor(3);
    (*request.mutable_configs())["retention.ms"] = "1000";
    return request;
  }

  MetadataWorld world_{1};
  Random random_{1};
};

TEST_F(PlanRunTest, ATopicIsCreatedDescribedAndMarkedForDeletion) {
  ASSERT_TRUE(Write(Topic("t")).ok());
  v1::DescribeTopicsRequest describe;
  describe.add_names("t");
  describe.add_names("none");
  auto described = Read<v1::DescribeTopicsResponse>(describe);
  ASSERT_TRUE(described.ok()) << described.status();
  ASSERT_EQ(described->topics_size(), 1);
  EXPECT_THAT(described->missing(), ElementsAre("none"));
  const v1::Topic& topic = described->topics(0);
  EXPECT_EQ(topic.partitions_size(), 2);
  EXPECT_EQ(topic.partitions(0).replicas_size(), 3);
  EXPECT_FALSE(topic.partitions(0).has_state());
  EXPECT_EQ(topic.configs().at("retention.ms"), "1000");
  EXPECT_FALSE(topic.marked_for_deletion());

  EXPECT_TRUE(absl::IsAlreadyExists(Write(Topic("t")).status()));
  v1::AddPartitionsRequest more;
  more.set_name("t");
  more.set_partitions(2);
  EXPECT_TRUE(absl::IsInvalidArgument(Write(more).status())) << "as many as there are";
  more.set_partitions(5);
  ASSERT_TRUE(Write(more).ok());
  described = Read<v1::DescribeTopicsResponse>(describe);
  ASSERT_TRUE(described.ok()) << described.status();
  EXPECT_EQ(described->topics(0).partitions_size(), 5);
  more.set_name("none");
  EXPECT_TRUE(absl::IsNotFound(Write(more).status()));

  v1::DeleteTopicRequest remove;
  remove.set_name("t");
  ASSERT_TRUE(Write(remove).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(Write(remove).status()));
  described = Read<v1::DescribeTopicsResponse>(describe);
  ASSERT_TRUE(described.ok()) << described.status();
  EXPECT_TRUE(described->topics(0).marked_for_deletion());
  remove.set_name("none");
  EXPECT_TRUE(absl::IsNotFound(Write(remove).status()));
}

TEST_F(PlanRunTest, RequestsThatCannotBeMeantAreRefusedByName) {
  v1::CreateTopicRequest topic = Topic("a/b");
  EXPECT_THAT(std::string(Write(topic).status().message()), HasSubstr("'a/b' is illegal"));
  topic = Topic("t");
  topic.set_replication_factor(4);
  EXPECT_TRUE(absl::IsInvalidArgument(Write(topic).status()));
  topic = Topic("t");
  topic.set_partitions(2'000'000'000);
  EXPECT_TRUE(absl::IsInvalidArgument(Write(topic).status()));
  topic = Topic("t");
  topic.set_root("kafka");
  EXPECT_TRUE(absl::IsInvalidArgument(RootOf(topic.root()).status()));
  topic.set_root("/nowhere");
  const absl::Status nowhere = Write(topic).status();
  EXPECT_TRUE(absl::IsNotFound(nowhere)) << nowhere;
  EXPECT_THAT(std::string(nowhere.message()), HasSubstr("/nowhere/brokers/ids"));
  topic = Topic("misconfigured");
  (*topic.mutable_configs())["retention.msec"] = "1";
  EXPECT_TRUE(absl::IsInvalidArgument(Write(topic).status()));
  topic = Topic("large");
  topic.set_partitions(200);
  const absl::Status large = Write(topic, {}, 2000).status();
  EXPECT_TRUE(absl::IsResourceExhausted(large)) << large;

  v1::AlterConfigRequest config;
  EXPECT_TRUE(absl::IsInvalidArgument(Write(config).status())) << "no entity";
  config.mutable_entity()->add_parts()->set_type(v1::CONFIG_ENTITY_TYPE_TOPIC);
  config.mutable_entity()->mutable_parts(0)->set_name("none");
  (*config.mutable_set())["retention.ms"] = "1";
  EXPECT_TRUE(absl::IsNotFound(Write(config).status())) << "no such topic";
  v1::AlterAclsRequest acls;
  EXPECT_TRUE(absl::IsInvalidArgument(Write(acls).status()));
}

TEST_F(PlanRunTest, QuotasAreNumbersOfAnEntitysConfiguration) {
  v1::AlterQuotaRequest quota;
  auto* user = quota.mutable_entity()->add_parts();
  user->set_type(v1::CONFIG_ENTITY_TYPE_USER);
  user->set_name("a b");
  auto* client = quota.mutable_entity()->add_parts();
  client->set_type(v1::CONFIG_ENTITY_TYPE_CLIENT);
  client->set_is_default(true);
  (*quota.mutable_set())["producer_byte_rate"] = 1048576;
  (*quota.mutable_set())["request_percentage"] = 1234567.125;
  ASSERT_TRUE(Write(quota).ok());
  const auto node =
      world_.world.Do(world_.session, service::Get("/config/users/a%20b/clients/<default>"));
  EXPECT_EQ(
      std::get<model::DataReply>(node.body).data,
      R"({"version":1,"config":{"producer_byte_rate":"1048576","request_percentage":"1234567.125"}})");
  const auto listed = Read<v1::ListQuotasResponse>(v1::ListQuotasRequest());
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->quotas_size(), 1);
  EXPECT_EQ(listed->quotas(0).entity().parts(0).name(), "a b");
  EXPECT_TRUE(listed->quotas(0).entity().parts(1).is_default());
  EXPECT_EQ(listed->quotas(0).limits().at("request_percentage"), 1234567.125);
  (*quota.mutable_set())["producer_byte_rate"] = -1;
  EXPECT_TRUE(absl::IsInvalidArgument(Write(quota).status()));
}

TEST_F(PlanRunTest, AclsComeBackAsTheyWereWritten) {
  v1::AlterAclsRequest acls;
  acls.mutable_resource()->set_type(v1::ACL_RESOURCE_TYPE_TRANSACTIONAL_ID);
  acls.mutable_resource()->set_name("tx-");
  acls.mutable_resource()->set_pattern_type(v1::ACL_PATTERN_TYPE_PREFIXED);
  v1::AclRule* rule = acls.add_add();
  rule->set_principal("User:alice");
  rule->set_operation(v1::ACL_OPERATION_DESCRIBE_CONFIGS);
  rule->set_deny(true);
  ASSERT_TRUE(Write(acls).ok());
  EXPECT_EQ(Write(acls).value_or(-1), 0) << "there is nothing to change";
  const auto listed = Read<v1::ListAclsResponse>(v1::ListAclsRequest());
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->acls_size(), 1);
  EXPECT_EQ(listed->acls(0).resource().SerializeAsString(), acls.resource().SerializeAsString());
  ASSERT_EQ(listed->acls(0).rules_size(), 1);
  EXPECT_EQ(listed->acls(0).rules(0).host(), "*");
  EXPECT_EQ(listed->acls(0).rules(0).operation(), v1::ACL_OPERATION_DESCRIBE_CONFIGS);
  EXPECT_TRUE(listed->acls(0).rules(0).deny());
}

TEST_F(PlanRunTest, MovesAreOfPartitionsAndBrokersThatAreThere) {
  ASSERT_TRUE(Write(Topic("t")).ok());
  v1::ReassignPartitionsRequest request;
  v1::PartitionMove* move = request.add_moves();
  move->set_topic("t");
  move->set_partition(1);
  move->add_replicas(3);
  move->add_replicas(9);
  EXPECT_THAT(std::string(Write(request).status().message()), HasSubstr("broker 9"));
  move->set_replicas(1, 3);
  EXPECT_TRUE(absl::IsInvalidArgument(Write(request).status())) << "a broker twice";
  move->set_replicas(1, 2);
  move->set_partition(2);
  EXPECT_TRUE(absl::IsNotFound(Write(request).status()));
  move->set_partition(1);
  ASSERT_TRUE(Write(request).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(Write(request).status())) << "one is under way";
}

TEST_F(PlanRunTest, TheNodesAclsHoldForTheCaller) {
  const model::Acl secret = {{model::kAll, {"digest", "admin:x"}}};
  const model::Credentials admin = {.identities = {{"digest", "admin:x"}}};
  const model::Credentials nobody = {.identities = {{"ip", "127.0.0.1"}}};
  const std::string alice = R"({"version":1,"config":{"producer_byte_rate":"1"}})";
  world_.world.Do(world_.session, model::CreateRequest{
                                      .path = "/config/users/alice", .data = alice, .acl = secret});
  v1::ListConfigsRequest list;
  list.set_type(v1::CONFIG_ENTITY_TYPE_USER);
  auto listed = Read<v1::ListConfigsResponse>(list, nobody);
  ASSERT_TRUE(listed.ok()) << listed.status();
  EXPECT_EQ(listed->configs_size(), 0);
  EXPECT_TRUE(listed->withheld());
  listed = Read<v1::ListConfigsResponse>(list, admin);
  ASSERT_TRUE(listed.ok()) << listed.status();
  EXPECT_EQ(listed->configs_size(), 1);
  EXPECT_FALSE(listed->withheld());

  v1::AlterConfigRequest alter;
  alter.mutable_entity()->add_parts()->set_type(v1::CONFIG_ENTITY_TYPE_USER);
  alter.mutable_entity()->mutable_parts(0)->set_name("alice");
  (*alter.mutable_set())["producer_byte_rate"] = "2";
  const absl::Status refused = Write(alter, nobody).status();
  EXPECT_TRUE(absl::IsPermissionDenied(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("/config/users/alice"));
  EXPECT_TRUE(Write(alter, admin).ok());
}

}  // namespace
}  // namespace rookery::frontend
