// broker-sim observe: what happens in a cluster, simulated or real, one line per change. Writes
// nothing.
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "broker-sim/commands.h"
#include "broker-sim/screen/kept_lines.h"
#include "broker-sim/screen/live_screen.h"
#include "broker-sim/timeline/printed_timeline.h"
#include "broker-sim/view/event_observer.h"
#include "broker-sim/view/observer.h"
#include "coordinator/base/check.h"
#include "coordinator/base/random.h"
#include "coordinator/client/connect_string.h"
#include "coordinator/client/factory/client_factory.h"

namespace rookery::broker_sim {
namespace {

struct Options {
  std::string servers = "127.0.0.1";
  std::string protocol = "zookeeper";
  bool json = false;
  bool plain = false;
};

// Tells what the view shows, as events.
class Teller final : public ViewListener {
 public:
  explicit Teller(Timeline* timeline) : timeline_(timeline) {}

  void OnBroker(int32_t id, bool lives) override {
    timeline_->Tell({.name = lives ? "broker_joined" : "broker_lost",
                     .text = absl::StrCat("broker ", id, lives ? " is there" : " is gone"),
                     .numbers = {{"id", id}}});
  }
  void OnController(std::optional<int32_t> id) override {
    timeline_->Tell({.name = "controller_changed",
                     .text = id.has_value() ? absl::StrCat("broker ", *id, " is the controller")
                                            : "there is no controller",
                     .numbers = {{"id", id.value_or(-1)}}});
  }
  void OnControllerEpoch(int32_t epoch, int64_t) override {
    timeline_->Tell({.name = "controller_epoch",
                     .text = absl::StrCat("controller epoch ", epoch),
                     .numbers = {{"epoch", epoch}}});
  }
  void OnTopic(const std::string& topic, bool exists) override {
    timeline_->Tell({.name = exists ? "topic_created" : "topic_deleted",
                     .text = absl::StrCat("topic ", topic, exists ? " is there" : " is deleted"),
                     .words = {{"topic", topic}}});
  }
  void OnState(const std::string& topic, int32_t partition,
               const std::optional<kafka::PartitionState>& before,
               const kafka::PartitionState& state, int64_t) override {
    const bool moved = !before.has_value() || before->leader != state.leader;
    const std::string isr = absl::StrJoin(state.isr, ",");
    std::string leader = state.leader < 0 ? "none" : absl::StrCat(state.leader);
    if (moved && before.has_value()) leader = absl::StrCat(before->leader, " -> ", leader);
    std::string in_sync = isr;
    if (before.has_value() && before->isr != state.isr) {
      in_sync = absl::StrCat(absl::StrJoin(before->isr, ","), " -> ", isr);
    }
    timeline_->Tell({.name = moved ? "leader_changed" : "isr_changed",
                     .text = absl::StrCat(topic, "-", partition, ": leader ", leader, ", in sync ",
                                          in_sync, ", leader epoch ", state.leader_epoch),
                     .numbers = {{"partition", partition},
                                 {"leader", state.leader},
                                 {"leader_epoch", state.leader_epoch},
                                 {"controller_epoch", state.controller_epoch}},
                     .words = {{"topic", topic}, {"isr", isr}}});
  }
  void OnConfig(const std::string& entity, const kafka::ConfigMap& config) override {
    const std::string values = absl::StrJoin(config, ",", absl::PairFormatter("="));
    timeline_->Tell({.name = "config_changed",
                     .text = absl::StrCat(entity, ": ", values.empty() ? "nothing set" : values),
                     .words = {{"entity", entity}, {"config", values}}});
  }
  void OnAcl(const std::string& resource) override {
    timeline_->Tell({.name = "acl_changed",
                     .text = absl::StrCat("the ACLs of ", resource, " changed"),
                     .words = {{"resource", resource}}});
  }
  void OnUnreadable(const std::string& path, const absl::Status& why) override {
    timeline_->Tell({.name = "error", .text = absl::StrCat(path, ": ", why.message())});
  }

 private:
  Timeline* const timeline_;
};

// Over ZooKeeper's protocol by watches on every node, over gRPC by events.
std::unique_ptr<ViewSource> SourceOf(client::Protocol protocol,
                                     const client::ConnectString& servers, AsioCore* core,
                                     ViewListener* listener,
                                     std::function<void(const absl::Status&)> on_failure) {
  if (protocol == client::Protocol::kGrpc) {
    client::FollowOptions follow;
    follow.servers = servers.servers;
    follow.root = servers.chroot;
    follow.timeout_ms = 0;
    follow.events_only = false;
    return std::make_unique<EventObserver>(core, std::move(follow), listener,
                                           std::move(on_failure));
  }
  client::Options client;
  client.servers = servers.servers;
  client.chroot = servers.chroot;
  client.seed = SeedFromSystem();
  return std::make_unique<Observer>(
      core, std::move(client),
      [core](client::Options made_of) {
        auto made = client::CreateClient(client::Protocol::kZooKeeper, core, std::move(made_of));
        ROOKERY_CHECK(made.ok()) << made.status();
        return *std::move(made);
      },
      listener);
}

int RunObserve(const Options& options) {
  const auto protocol = client::ParseProtocol(options.protocol);
  if (!protocol.ok()) return Fail(protocol.status());
  auto servers = client::ParseConnectString(options.servers, client::DefaultPort(*protocol));
  if (!servers.ok()) return Fail(servers.status());
  AsioCore core;
  const bool live = !options.json && !options.plain && Terminal::Usable();
  PrintedTimeline printed(
      options.json ? PrintedTimeline::Form::kJson : PrintedTimeline::Form::kText, &SystemClock(),
      stdout);
  KeptLines kept(&SystemClock());
  Teller teller(live ? static_cast<Timeline*>(&kept) : &printed);
  int status = 0;
  const auto fail = [&](const absl::Status& why) {
    status = Fail(why);
    core.Stop();
  };
  const std::unique_ptr<ViewSource> source = SourceOf(*protocol, *servers, &core, &teller, fail);
  StopOnSignal(&core, [&] { source->Stop([&core] { core.Stop(); }); });
  std::optional<LiveScreen> screen;
  const auto picture = [&] {
    return Picture{.title = absl::StrCat("observing ", options.servers),
                   .view = source->view(),
                   .events = kept.lines(),
                   .hint = "Ctrl-C ends"};
  };
  if (live) screen.emplace(&core, &SystemClock(), false, picture);
  core.Post([&] {
    source->Start();
    if (live) screen->Start();
  });
  core.Run();
  if (live) screen->Stop();
  std::fflush(stdout);
  _exit(status);
}

}  // namespace

Subcommand AddObserve(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* observe = program.add_subcommand(
      "observe", "follow a cluster's metadata, a real one's too; writes nothing");
  observe
      ->add_option("--servers,--zookeeper", options->servers,
                   "host:port,...[/chroot]; the port is 2181, with gRPC 3181, where none is named")
      ->capture_default_str();
  observe->add_option("--protocol", options->protocol, "zookeeper or grpc")->capture_default_str();
  observe->add_flag("--json", options->json, "one JSON object per line instead of text");
  AddPlain(observe, &options->plain);
  return {observe, [options] { return RunObserve(*options); }};
}

}  // namespace rookery::broker_sim
