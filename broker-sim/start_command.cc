// broker-sim start: brokers until Ctrl-C, with commands on standard input.
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "broker-sim/cluster/cluster.h"
#include "broker-sim/commands.h"
#include "broker-sim/screen/kept_lines.h"
#include "broker-sim/screen/live_screen.h"
#include "broker-sim/timeline/printed_timeline.h"
#include "coordinator/base/check.h"
#include "coordinator/base/random.h"
#include "coordinator/client/connect_string.h"
#include "coordinator/client/factory/client_factory.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {
namespace {

struct StartOptions {
  std::string servers = "127.0.0.1";  // the protocol says which port
  std::string login;                  // "user:password" of SASL; empty: nobody
  std::string protocol = "zookeeper";
  ClusterSpec spec;
  std::vector<std::string> topics;  // NAME:PARTITIONS:REPLICAS
  bool json = false;
  bool plain = false;
};

absl::StatusOr<kafka::CreateTopic> ParseTopic(const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, ':');
  kafka::CreateTopic topic;
  if (words.size() != 3 || !absl::SimpleAtoi(words[1], &topic.partitions) ||
      !absl::SimpleAtoi(words[2], &topic.replication_factor)) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected --topics NAME:PARTITIONS:REPLICAS, found '", text, "'"));
  }
  topic.name = words[0];
  if (!kafka::IsLegalTopicName(topic.name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("topic name '", topic.name,
                     "' is illegal: expected 1 to 249 characters of [a-zA-Z0-9._-]"));
  }
  if (topic.partitions < 1 || topic.replication_factor < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected at least one partition and one replica, found '", text, "'"));
  }
  return topic;
}

// Commands come from standard input, one per line; its end changes nothing.
void ReadCommands(AsioCore* core, Cluster* cluster,
                  const std::function<void(absl::string_view)>& complain,
                  const std::function<void()>& quit) {
  std::string line;
  while (std::getline(std::cin, line)) {
    if (line == "quit") return quit();
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    core->Post([cluster, complain, line] {
      const absl::StatusOr<Command> command = ParseCommand(line);
      const absl::Status status = command.ok() ? cluster->Run(*command) : command.status();
      if (!status.ok()) complain(status.message());
    });
  }
}

Async<> StartWhenFit(Cluster* cluster, std::function<void(absl::Status)> refuse) {
  absl::Status fit = co_await cluster->CheckTree();
  if (!fit.ok()) {
    refuse(fit);
    co_return;
  }
  cluster->Start();
}

int RunStart(StartOptions options) {
  const auto protocol = client::ParseProtocol(options.protocol);
  if (!protocol.ok()) return Fail(protocol.status());
  auto servers = client::ParseConnectString(options.servers, client::DefaultPort(*protocol));
  if (!servers.ok()) return Fail(servers.status());
  ClusterOptions cluster_options;
  cluster_options.spec = std::move(options.spec);
  for (const std::string& text : options.topics) {
    auto topic = ParseTopic(text);
    if (!topic.ok()) return Fail(topic.status());
    cluster_options.spec.topics.push_back(*std::move(topic));
  }
  cluster_options.client.servers = servers->servers;
  cluster_options.client.chroot = servers->chroot;
  if (!options.login.empty()) cluster_options.client.credentials = {{"sasl", options.login}};
  cluster_options.seed = SeedFromSystem();

  AsioCore core;
  const bool live = !options.json && !options.plain && Terminal::Usable();
  PrintedTimeline printed(
      options.json ? PrintedTimeline::Form::kJson : PrintedTimeline::Form::kText, &SystemClock(),
      stdout);
  KeptLines kept(&SystemClock());
  Timeline* timeline = live ? static_cast<Timeline*>(&kept) : &printed;
  Cluster cluster(std::move(cluster_options), &core, &SystemClock(), timeline,
                  [&core, kind = *protocol](Executor* executor, client::Options client) {
                    auto made = client::CreateClient(kind, executor, &core, std::move(client));
                    ROOKERY_CHECK(made.ok()) << made.status();
                    return *std::move(made);
                  });
  std::optional<LiveScreen> screen;
  const auto picture = [&] {
    Picture taken = {.title = absl::StrCat("broker-sim on ", options.servers)};
    cluster.Describe(&taken);
    taken.events = kept.lines();
    return taken;
  };
  const auto leave_screen = [&screen] {
    if (screen.has_value()) screen->Stop();
  };
  if (live) screen.emplace(&core, &SystemClock(), true, picture);
  const auto complain = [&](absl::string_view why) {
    if (live) return kept.Tell({.name = "error", .text = std::string(why)});
    std::fprintf(stderr, "%s\n", std::string(why).c_str());
  };
  int status = 0;
  bool stopping = false;
  const auto stop = [&] {
    if (std::exchange(stopping, true)) return core.Stop();  // asked twice: at once
    cluster.Stop([&core] { core.Stop(); });
    constexpr int64_t kGraceUs = 3'000'000;
    core.RunAfter(kGraceUs, [&core] { core.Stop(); });
  };
  StopOnSignal(&core, stop);
  Scope scope;
  core.Post([&] {
    if (live) screen->Start();
    scope.Spawn(StartWhenFit(&cluster, [&](const absl::Status& why) {
      leave_screen();
      status = Fail(why);
      core.Post(stop);
    }));
  });
  std::thread commands([&] { ReadCommands(&core, &cluster, complain, [&] { core.Post(stop); }); });
  commands.detach();  // it waits for a line that may never come
  core.Run();
  leave_screen();
  std::fflush(stdout);
  _exit(status);
}

}  // namespace

Subcommand AddStart(CLI::App& program) {
  auto options = std::make_shared<StartOptions>();
  CLI::App* start =
      program.add_subcommand("start", "run brokers until Ctrl-C; commands on standard input");
  start
      ->add_option("--servers,--zookeeper", options->servers,
                   "host:port,...[/chroot]; the port is 2181, with gRPC 3181, where none is named")
      ->capture_default_str();
  start->add_option("--protocol", options->protocol, "zookeeper or grpc")->capture_default_str();
  start->add_option("--login", options->login, "user:password of SASL; better in the environment")
      ->envname("ROOKERY_LOGIN");
  start->add_option("--brokers", options->spec.brokers, "how many")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  start->add_option("--first-id", options->spec.first_id, "id of the first one")
      ->capture_default_str();
  start->add_flag("--generated-ids", options->spec.generated_ids,
                  "ids from the coordinator, above reserved.broker.max.id (1000)");
  start->add_option("--first-port", options->spec.first_port, "port that the first one advertises")
      ->capture_default_str();
  start->add_option("--racks", options->spec.racks, "rack names, dealt out in turn")
      ->delimiter(',');
  start
      ->add_option("--session-timeout-ms", options->spec.session_timeout_ms,
                   "of every broker's session")
      ->capture_default_str();
  start->add_option("--topics", options->topics, "NAME:PARTITIONS:REPLICAS, created at the start")
      ->delimiter(',');
  start->add_flag("--json", options->json, "one JSON object per line instead of text");
  AddPlain(start, &options->plain);
  start->footer("Commands on standard input:\n" + CommandHelp(false) +
                "quit                             close all sessions and end\n");
  return {start, [options] { return RunStart(*options); }};
}

}  // namespace rookery::broker_sim
