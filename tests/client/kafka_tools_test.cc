// rookery topics, configs and brokers over nodes as brokers write them, on a real ZooKeeper.
#include <gmock/gmock.h>

#include <thread>
#include <vector>

#include "coordinator/client/factory/client_factory.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/kafka/preload.h"
#include "coordinator/kafka/topic.h"
#include "coordinator/model/path.h"
#include "tests/client/program_test.h"

namespace rookery {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class KafkaToolsTest : public testing::ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    // A cluster of its own for each test.
    static int clusters = 0;
    const std::string chroot = absl::StrCat("/cluster", ++clusters);
    Connect("");
    Put(chroot, std::nullopt);
    servers_ += chroot;
    Connect(chroot);
    for (const std::string& path : kafka::PreloadPaths()) Put(path, std::nullopt);
    Put("/cluster", std::nullopt);
    Put("/cluster/id", kafka::EncodeClusterId("clusterclusterclusterA"));
    Put("/controller_epoch", kafka::EncodeControllerEpoch(3));
    Put("/controller", kafka::EncodeController({.broker = 2, .timestamp_ms = 5}));
    for (int32_t id : {1, 2}) {
      Put(kafka::BrokerPath(id),
          kafka::EncodeBroker({.host = "h",
                               .port = 9000 + id,
                               .timestamp_ms = 1000,
                               .endpoints = {absl::StrCat("PLAINTEXT://h:", 9000 + id)},
                               .rack = absl::StrCat("rack", id),
                               .listener_protocols = {{"PLAINTEXT", "PLAINTEXT"}}}));
    }
  }

  void Connect(const std::string& chroot) {
    auto opened = client::OpenBlockingClient(client::Protocol::kZooKeeper,
                                             ensemble_->ConnectString() + chroot, {}, 20000);
    ASSERT_TRUE(opened.ok()) << opened.status();
    client_ = *std::move(opened);
  }
  void Put(const std::string& path, model::Data data) {
    const auto result =
        client_->Create({.path = path, .data = std::move(data), .acl = *model::OpenAcl()});
    ASSERT_TRUE(result.ok()) << path << ": " << model::ErrorName(result.error);
  }
  std::string Get(const std::string& path) {
    return client_->GetData(path).value.data.value_or("(null)");
  }

  std::unique_ptr<client::BlockingClient> client_;
};

TEST_F(KafkaToolsTest, TopicsLiveFromCreationToDeletion) {
  Expect(
      "topics --create --topic orders --partitions 2 --replication-factor 2 "
      "--config cleanup.policy=compact --config retention.ms=1000",
      0, "Created topic orders.\n");
  EXPECT_EQ(Get("/config/topics/orders"),
            R"({"version":1,"config":{"cleanup.policy":"compact","retention.ms":"1000"}})");
  const auto topic = kafka::DecodeTopic(Get("/brokers/topics/orders"));
  ASSERT_TRUE(topic.ok()) << topic.status();
  EXPECT_THAT(topic->partitions, SizeIs(2));
  EXPECT_THAT(topic->partitions.at(1), ::testing::UnorderedElementsAre(1, 2));

  Put("/brokers/topics/orders/partitions", std::nullopt);
  Put("/brokers/topics/orders/partitions/0", std::nullopt);
  Put(kafka::PartitionStatePath("orders", 0),
      kafka::EncodePartitionState({.leader = 1, .isr = {1}}));
  const Outcome described = Run("topics --describe --topic orders");
  EXPECT_EQ(described.exit_status, 0);
  EXPECT_THAT(described.output,
              AllOf(HasSubstr(absl::StrCat("Topic: orders\tTopicId: ", topic->topic_id,
                                           "\tPartitionCount: 2\tReplicationFactor: 2\tConfigs: "
                                           "cleanup.policy=compact,retention.ms=1000\n")),
                    HasSubstr("\tTopic: orders\tPartition: 0\tLeader: 1\t"),
                    HasSubstr("\tIsr: 1\tElr: N/A"),
                    HasSubstr("\tTopic: orders\tPartition: 1\tLeader: none\t")));
  Expect("topics --create --topic orders", 1,
         "Error while executing topic command : Topic 'orders' already exists.\n");
  Expect("topics --create --topic orders --if-not-exists", 0, "");
  const Outcome too_many = Run("topics --create --topic big --replication-factor 3");
  EXPECT_EQ(too_many.exit_status, 1);
  EXPECT_THAT(too_many.output, HasSubstr("2"));  // says how many brokers there are
  Expect("topics --list", 0, "orders\n");
  Expect("topics --delete --topic orders", 0,
         "Topic orders is marked for deletion.\n"
         "Note: This will have no impact if delete.topic.enable is not set to true.\n");
  EXPECT_EQ(Get("/admin/delete_topics/orders"), "(null)");
  Expect("topics --delete --topic orders", 0, "Topic orders is already marked for deletion.\n");
  Expect("topics --list", 0, "orders - marked for deletion\n");
  Expect("topics --list --json", 0, "[{\"topic\":\"orders\",\"marked_for_deletion\":true}]\n");
  Expect("topics --describe --topic nothing", 1,
         "Error while executing topic command : Topic 'nothing' does not exist as expected\n");
  Expect("topics --describe --topic nothing --if-exists", 0, "");
}

TEST_F(KafkaToolsTest, TopicsGetMorePartitions) {
  Expect("topics --create --topic orders --replica-assignment 1:2,2:1", 0,
         "Created topic orders.\n");
  Expect("topics --create --topic wrong --config retentoin.ms=1", 1,
         "Error while executing topic command : Unknown topic config name: retentoin.ms; did you "
         "mean retention.ms?\n");
  Expect("topics --alter --topic orders --partitions 3", 0,
         "WARNING: If partitions are increased for a topic that has a key, the partition logic or "
         "ordering of the messages will be affected\nAdding partitions succeeded!\n");
  Expect("topics --alter --topic orders --partitions 4 --replica-assignment 1:2,2:1,1:2,2:1 --json",
         0,
         R"([{"topic":"orders","partition_count":4}])"
         "\n");
  const auto topic = kafka::DecodeTopic(Get("/brokers/topics/orders"));
  ASSERT_TRUE(topic.ok()) << topic.status();
  EXPECT_EQ(topic->partitions, (std::map<int32_t, kafka::Replicas>{
                                   {0, {1, 2}}, {1, {2, 1}}, {2, {1, 2}}, {3, {2, 1}}}));
  const Outcome fewer = Run("topics --alter --topic orders --partitions 4");
  EXPECT_EQ(fewer.exit_status, 1);
  EXPECT_THAT(
      fewer.output,
      HasSubstr("Error while executing topic command : The number of partitions for a topic "
                "can only be increased. Topic orders currently has 4 partitions, 4 would "
                "not be an increase.\n"));
  Expect("topics --alter --topic none --partitions 4 --if-exists", 0, "");
  Expect("topics --alter --topic orders", 2, "Missing required argument \"[partitions]\"\n");
  Expect("topics --list --partitions 4", 2,
         "Option \"[partitions]\" can't be used with option \"[list]\"\n");
}

TEST_F(KafkaToolsTest, AThrottleIsSetAndTakenOff) {
  Expect("topics --create --topic orders --replica-assignment 1,1", 0, "Created topic orders.\n");
  Expect("configs --alter --add-config k=v --entity-type brokers --entity-name 2", 0,
         "k is no configuration of a broker that Kafka knows: it is kept for plugins\n"
         "Completed updating config for broker 2.\n");
  testing::TemporaryDirectory directory;
  const std::string plan = (directory.path() / "plan.json").string();
  std::ofstream(plan) << R"({"version":1,"partitions":[)"
                         R"({"topic":"orders","partition":0,"replicas":[2],"log_dirs":["any"]}]})";
  const std::string file = absl::StrCat(" --reassignment-json-file ", plan);
  const std::string moved = (directory.path() / "directories.json").string();
  std::ofstream(moved) << R"({"version":1,"partitions":[)"
                          R"({"topic":"orders","partition":0,"replicas":[2],"log_dirs":["/d"]}]})";
  const Outcome directories = Run("reassign --execute --reassignment-json-file " + moved);
  EXPECT_EQ(directories.exit_status, 1);
  EXPECT_THAT(directories.output, HasSubstr("only brokers move replicas between log directories"));
  const std::string twice = (directory.path() / "twice.json").string();
  std::ofstream(twice) << R"({"version":1,"partitions":[)"
                          R"({"topic":"orders","partition":0,"replicas":[2]},)"
                          R"({"topic":"orders","partition":0,"replicas":[1]}]})";
  EXPECT_THAT(Run("reassign --execute --reassignment-json-file " + twice).output,
              HasSubstr("Partition reassignment contains duplicate topic partitions: orders-0\n"));
  EXPECT_EQ(Run("reassign --execute --replica-alter-log-dirs-throttle 7" + file).exit_status, 2);
  const Outcome begun = Run("reassign --execute --throttle 1000" + file);
  EXPECT_EQ(begun.exit_status, 0) << begun.output;
  EXPECT_THAT(begun.output,
              HasSubstr("Warning: You must run --verify periodically, until the reassignment "
                        "completes, to ensure the throttle is removed.\nThe inter-broker throttle "
                        "limit was set to 1000 B/s\nSuccessfully started partition reassignment "
                        "for orders-0\n"));
  EXPECT_EQ(Get("/config/topics/orders"),
            R"({"version":1,"config":{"follower.replication.throttled.replicas":"0:2",)"
            R"("leader.replication.throttled.replicas":"0:1"}})");
  EXPECT_EQ(Get("/config/brokers/1"),
            R"({"version":1,"config":{"follower.replication.throttled.rate":"1000",)"
            R"("leader.replication.throttled.rate":"1000"}})");

  // The same plan again changes the limit alone.
  EXPECT_THAT(Run("reassign --execute --throttle 7" + file).output, HasSubstr("Use --additional"));
  EXPECT_EQ(Run("reassign --execute --additional --throttle 7" + file).exit_status, 0);
  EXPECT_THAT(Get("/config/brokers/2"), HasSubstr(R"("leader.replication.throttled.rate":"7")"));
  const Outcome running = Run("reassign --verify" + file);
  EXPECT_THAT(running.output, AllOf(HasSubstr("Reassignment of partition orders-0 is still in "
                                              "progress.\n"),
                                    ::testing::Not(HasSubstr("Clearing"))));

  // Nobody has begun it, so it can be taken back.
  Expect("reassign --cancel --preserve-throttles" + file, 0,
         "Successfully cancelled partition reassignment for: orders-0\n");
  EXPECT_EQ(client_->Exists("/admin/reassign_partitions").error, model::ErrorCode::kNoNode);
  const Outcome verified = Run("reassign --verify" + file);
  EXPECT_EQ(verified.exit_status, 1);
  EXPECT_THAT(verified.output,
              HasSubstr("\nClearing broker-level throttles on brokers 1,2\nClearing topic-level "
                        "throttles on topic orders\n"));
  EXPECT_EQ(Get("/config/topics/orders"), R"({"version":1,"config":{}})");
  EXPECT_EQ(Get("/config/brokers/1"), R"({"version":1,"config":{}})");
  EXPECT_EQ(Get("/config/brokers/2"), R"({"version":1,"config":{"k":"v"}})");
  Expect("reassign --cancel" + file, 0,
         "None of the specified partition reassignments are active.\n"
         "Clearing broker-level throttles on brokers 1,2\n"
         "Clearing topic-level throttles on topic orders\n");
}

TEST_F(KafkaToolsTest, QuotasOfClientsAndUsers) {
  Expect(
      "configs --alter --add-config producer_byte_rate=1024,consumer_byte_rate=2048 "
      "--entity-type clients --entity-name clientA",
      0, "Completed updating config for client clientA.\n");
  EXPECT_EQ(Get("/config/clients/clientA"),
            R"({"version":1,"config":{"consumer_byte_rate":"2048","producer_byte_rate":"1024"}})");
  EXPECT_EQ(Get("/config/changes/config_change_0000000000"),
            R"({"version":2,"entity_path":"clients/clientA"})");
  Expect("configs --describe --entity-type clients --entity-name clientA", 0,
         "Configs for client-id 'clientA' are consumer_byte_rate=2048,producer_byte_rate=1024\n");
  Expect(
      "configs --alter --delete-config consumer_byte_rate --entity-type clients "
      "--entity-name clientA",
      0, "Completed updating config for client clientA.\n");
  Expect(
      "configs --alter --delete-config consumer_byte_rate --entity-type clients "
      "--entity-name clientA",
      1, "Error while executing config command : Invalid config(s): consumer_byte_rate\n");
  Expect("configs --alter --add-config nonsense=1 --entity-type clients --entity-name clientA", 1,
         "Error while executing config command : requirement failed: Unknown Dynamic "
         "Configuration: Set(nonsense).\n");
  Expect(
      "configs --alter --add-config request_percentage=50 --entity-type clients "
      "--entity-default --entity-type users --entity-name 'b b'",
      0, "Completed updating config for user b b.\n");
  EXPECT_EQ(Get("/config/users/b%20b/clients/<default>"),
            R"({"version":1,"config":{"request_percentage":"50"}})");
  Expect("configs --describe --entity-type users --entity-type clients", 0,
         "Configs for user-principal 'b b', default client-id are request_percentage=50\n");
  Expect("configs --describe --entity-type users", 0, "");
  Expect("configs --describe --entity-type clients --json", 0,
         R"([{"entity":[{"type":"clients","name":"clientA"}],)"
         R"("configs":{"producer_byte_rate":"1024"}}])"
         "\n");
}

TEST_F(KafkaToolsTest, ConfigurationsOfOtherEntities) {
  Expect("configs --alter --add-config preallocate=true --entity-type topics --entity-name none", 1,
         "Error while executing config command : Topic \"none\" does not exist.\n");
  Expect("topics --create --topic t", 0, "Created topic t.\n");
  Expect(
      "configs --alter --add-config 'cleanup.policy=[compact,delete]' --entity-type topics "
      "--entity-name t",
      0, "Completed updating config for topic t.\n");
  EXPECT_EQ(Get("/config/topics/t"),
            R"({"version":1,"config":{"cleanup.policy":"compact,delete"}})");
  Expect("configs --alter --add-config retention.mss=1 --entity-type topics --entity-name t", 1,
         "Error while executing config command : Unknown topic config name: retention.mss; did you "
         "mean retention.ms?\n");
  Expect("configs --alter --add-config segment.bytes=1 --entity-type topics --entity-name t", 1,
         "Error while executing config command : Invalid value 1 for configuration segment.bytes: "
         "Value must be at least 14\n");
  Expect(
      "configs --alter --add-config log.cleaner.threads=2 --entity-type brokers --entity-default",
      0, "Completed updating default config for brokers in the cluster.\n");
  EXPECT_EQ(Get("/config/brokers/<default>"),
            R"({"version":1,"config":{"log.cleaner.threads":"2"}})");
  Expect("configs --alter --add-config broker.id=2 --entity-type brokers --entity-name 1", 1,
         "Error while executing config command : Cannot update these configs dynamically: "
         "Set(broker.id)\n");
  Expect(
      "configs --alter --add-config connection_creation_rate=10 --entity-type ips "
      "--entity-name 10.0.0.1",
      0, "Completed updating config for ip 10.0.0.1.\n");
  Expect(
      "configs --alter --add-config 'SCRAM-SHA-256=[password=secret]' --entity-type users "
      "--entity-name u",
      0, "Completed updating config for user u.\n");
  EXPECT_THAT(Get("/config/users/u"), ::testing::Not(HasSubstr("secret")));
  Expect("configs --describe --entity-type users --entity-name u", 0,
         "Configs for user-principal 'u' are SCRAM-SHA-256=iterations=4096\n");
  Expect("configs --describe --alter", 2,
         "Command must include exactly one action: --describe, --alter\n");
}

TEST_F(KafkaToolsTest, RacingChangesAreAllKept) {
  // Each plan is guarded by the version that it read; whoever loses plans anew.
  std::vector<std::thread> racers;
  for (const std::string key : {"producer_byte_rate", "consumer_byte_rate", "request_percentage",
                                "controller_mutation_rate"}) {
    racers.emplace_back([this, key] {
      EXPECT_EQ(Run(absl::StrCat("configs --alter --entity-type clients --entity-name racer "
                                 "--add-config ",
                                 key, "=7"))
                    .exit_status,
                0);
    });
  }
  for (std::thread& racer : racers) racer.join();
  Expect("configs --describe --entity-type clients --entity-name racer", 0,
         "Configs for client-id 'racer' are consumer_byte_rate=7,controller_mutation_rate=7,"
         "producer_byte_rate=7,request_percentage=7\n");
}

TEST_F(KafkaToolsTest, BrokersAndTheController) {
  const int64_t epoch = client_->Exists("/brokers/ids/1").value.stat.czxid;
  const Outcome text = Run("brokers");
  EXPECT_EQ(text.exit_status, 0);
  EXPECT_THAT(text.output,
              AllOf(HasSubstr("Cluster: clusterclusterclusterA\nController: 2\n"
                              "Controller epoch: 3\n"),
                    HasSubstr("PLAINTEXT://h:9001  rack1"), HasSubstr(absl::StrCat(epoch))));
  const Outcome json = Run("brokers --json");
  EXPECT_THAT(json.output, AllOf(HasSubstr(absl::StrCat("\"broker_epoch\":", epoch)),
                                 HasSubstr("\"controller\":2,\"controller_epoch\":3"),
                                 HasSubstr("\"rack\":\"rack2\"")));
}

}  // namespace
}  // namespace rookery
