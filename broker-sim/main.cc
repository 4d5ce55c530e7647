// broker-sim: simulated Kafka brokers on a coordinator, Rookery or ZooKeeper.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "broker-sim/cluster/cluster.h"
#include "coordinator/base/check.h"
#include "coordinator/base/net/asio_core.h"
#include "coordinator/base/random.h"
#include "coordinator/client/connect_string.h"
#include "coordinator/client/factory/client_factory.h"

namespace rookery::broker_sim {
namespace {

struct StartOptions {
  std::string servers = "127.0.0.1:2181";
  std::string login;
  std::string protocol = "zookeeper";
  ClusterOptions cluster;
  std::vector<std::string> topics;  // NAME:PARTITIONS:REPLICAS
  bool json = false;
};

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "broker-sim: %s\n", std::string(status.message()).c_str());
  return 2;
}

absl::StatusOr<kafka::CreateTopic> ParseTopic(const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, ':');
  kafka::CreateTopic topic;
  if (words.size() != 3 || !absl::SimpleAtoi(words[1], &topic.partitions) ||
      !absl::SimpleAtoi(words[2], &topic.replication_factor)) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected --topics NAME:PARTITIONS:REPLICAS, found '", text, "'"));
  }
  topic.name = words[0];
  return topic;
}

// Commands come from standard input, one per line; its end changes nothing.
void ReadCommands(AsioCore* core, Cluster* cluster, const std::function<void()>& quit) {
  std::string line;
  while (std::getline(std::cin, line)) {
    if (line == "quit") return quit();
    core->Post([cluster, line] {
      const absl::Status status = cluster->Run(line);
      if (!status.ok()) std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
    });
  }
}

int RunStart(const StartOptions& options) {
  const auto protocol = client::ParseProtocol(options.protocol);
  if (!protocol.ok()) return Fail(protocol.status());
  auto servers = client::ParseConnectString(options.servers);
  if (!servers.ok()) return Fail(servers.status());
  std::vector<kafka::CreateTopic> topics;
  for (const std::string& text : options.topics) {
    auto topic = ParseTopic(text);
    if (!topic.ok()) return Fail(topic.status());
    topics.push_back(*std::move(topic));
  }

  AsioCore core;
  PrintedTimeline timeline(
      options.json ? PrintedTimeline::Form::kJson : PrintedTimeline::Form::kText, &SystemClock(),
      stdout);
  ClusterOptions cluster_options;
  cluster_options.brokers = options.cluster.brokers;
  cluster_options.first_id = options.cluster.first_id;
  cluster_options.first_port = options.cluster.first_port;
  cluster_options.racks = options.cluster.racks;
  cluster_options.client.servers = servers->servers;
  cluster_options.client.chroot = servers->chroot;
  cluster_options.client.session_timeout_ms = options.cluster.client.session_timeout_ms;
  if (!options.login.empty()) cluster_options.client.credentials = {{"sasl", options.login}};
  cluster_options.seed = SeedFromSystem();
  Cluster cluster(std::move(cluster_options), &core, &SystemClock(), &timeline,
                  [&core, kind = *protocol](Executor* executor, client::Options client) {
                    auto made = client::CreateClient(kind, executor, &core, std::move(client));
                    ROOKERY_CHECK(made.ok()) << made.status();
                    return *std::move(made);
                  });
  bool stopping = false;
  const auto stop = [&] {
    if (std::exchange(stopping, true)) {
      core.Stop();  // asked twice: at once
      return;
    }
    cluster.Stop([&core] { core.Stop(); });
    constexpr int64_t kGraceUs = 3'000'000;
    core.RunAfter(kGraceUs, [&core] { core.Stop(); });
  };
  std::function<void(int)> on_signal = [&](int) {
    stop();
    core.OnTerminationSignal(on_signal);
  };
  core.OnTerminationSignal(on_signal);
  core.Post([&] {
    cluster.Start();
    for (const kafka::CreateTopic& topic : topics) {
      const absl::Status status = cluster.CreateTopic(topic);
      ROOKERY_CHECK(status.ok()) << status;
    }
  });
  std::thread commands([&] { ReadCommands(&core, &cluster, [&] { core.Post(stop); }); });
  commands.detach();  // it waits for a line that may never come
  core.Run();
  std::fflush(stdout);
  _exit(0);
}

}  // namespace
}  // namespace rookery::broker_sim

// What may throw here is options that contradict each other: a mistake of this file.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  using rookery::broker_sim::StartOptions;
  CLI::App app("Simulated Kafka brokers on Rookery or ZooKeeper");
  app.set_version_flag("--version", ROOKERY_VERSION);
  app.require_subcommand(1);
  StartOptions options;
  options.cluster.client.session_timeout_ms = 6000;
  CLI::App* start =
      app.add_subcommand("start", "run brokers until Ctrl-C; commands on standard input");
  start->add_option("--servers,--zookeeper", options.servers, "host:port,...[/chroot]")
      ->capture_default_str();
  start->add_option("--protocol", options.protocol, "zookeeper or grpc")->capture_default_str();
  start->add_option("--login", options.login, "user:password of SASL; better in the environment")
      ->envname("ROOKERY_LOGIN");
  start->add_option("--brokers", options.cluster.brokers, "how many")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  start->add_option("--first-id", options.cluster.first_id, "id of the first one")
      ->capture_default_str();
  start
      ->add_option("--first-port", options.cluster.first_port, "port that the first one advertises")
      ->capture_default_str();
  start->add_option("--racks", options.cluster.racks, "rack names, dealt out in turn")
      ->delimiter(',');
  start
      ->add_option("--session-timeout-ms", options.cluster.client.session_timeout_ms,
                   "of every broker's session")
      ->capture_default_str();
  start->add_option("--topics", options.topics, "NAME:PARTITIONS:REPLICAS, created at the start")
      ->delimiter(',');
  start->add_flag("--json", options.json, "one JSON object per line instead of text");
  start->footer(std::string("Commands on standard input:\n") +
                rookery::broker_sim::Cluster::Help());
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return rookery::broker_sim::RunStart(options);
}
