// broker-sim scale: a large cluster's metadata, and how long a new controller takes over with it.
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "broker-sim/commands.h"
#include "broker-sim/scale/crowd.h"
#include "broker-sim/scale/fill.h"
#include "broker-sim/scale/takeover.h"
#include "coordinator/base/check.h"
#include "coordinator/base/random.h"
#include "coordinator/client/connect_string.h"
#include "coordinator/client/factory/client_factory.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {
namespace {

struct Options {
  std::string what;
  std::string servers;
  std::string protocol = "zookeeper";
  ScaleSpec spec;
  int32_t lost = 0;
  size_t in_flight = 0;
  int streams = 2;
  int32_t session_timeout_ms = 6000;
};

class NoTimeline final : public Timeline {
  void Tell(TimelineEvent) override {}
};

// All on one core; ends it when it is done.
class ScaleRun {
 public:
  ScaleRun(Options options, client::Protocol protocol, client::ConnectString servers,
           AsioCore* core)
      : options_(std::move(options)),
        protocol_(protocol),
        servers_(std::move(servers)),
        core_(core),
        crowd_([this](client::Options client) { return MakeClient(std::move(client)); },
               ClientOptions(),
               [this](int32_t broker, int32_t epoch, int32_t version) {
                 return TakeOver(broker, epoch, version);
               },
               core, &SystemClock(), &timeline_) {}

  void Start() { scope_.Spawn(Main()); }
  int status() const { return status_; }

 private:
  client::Options ClientOptions() const {
    client::Options client;
    client.servers = servers_.servers;
    client.chroot = servers_.chroot;
    client.session_timeout_ms = options_.session_timeout_ms;
    client.request_timeout_ms = 0;
    client.seed = 1;
    return client;
  }
  std::unique_ptr<client::Client> MakeClient(client::Options client) const {
    auto made = client::CreateClient(protocol_, core_, std::move(client));
    ROOKERY_CHECK(made.ok()) << made.status();
    return *std::move(made);
  }

  Async<> Main() {
    const absl::Status status =
        options_.what == "fill" ? co_await Fill() : co_await LoseController();
    status_ = status.ok() ? 0 : Fail(status);
    crowd_.Close([this] { core_->Stop(); });
    constexpr int64_t kGraceUs = 10'000'000;
    core_->RunAfter(options_.what == "fill" ? 0 : kGraceUs, [this] { core_->Stop(); });
  }

  void OpenSession() {
    session_ = std::make_unique<Session>(MakeClient(ClientOptions()));
    session_->client().Connect();
  }

  Async<absl::Status> Fill() {
    OpenSession();
    const int64_t begun_us = SystemClock().NowUs();
    absl::Status filled = co_await FillTree(
        options_.spec, session_.get(), options_.in_flight == 0 ? 64 : options_.in_flight,
        [this, begun_us](int64_t topics) {
          std::printf("%8.1f s  %d of %d topics\n", Seconds(begun_us, SystemClock().NowUs()),
                      static_cast<int>(topics), options_.spec.topics);
          std::fflush(stdout);
        });
    co_return filled;
  }

  Async<absl::Status> LoseController() {
    OpenSession();
    const absl::Status first = co_await crowd_.Join(options_.lost);
    if (!first.ok()) co_return first;
    Completion<bool> led;
    first_led_ = led.Callback();
    co_await led;
    absl::Status joined;
    const auto join = [&](size_t id) { return JoinOne(static_cast<int32_t>(id), &joined); };
    constexpr size_t kAtOnce = 32;
    co_await RunEach(static_cast<size_t>(options_.spec.brokers), kAtOnce, &join);
    if (!joined.ok()) co_return joined;
    std::printf("%d brokers are registered, broker %d is the controller\n", options_.spec.brokers,
                options_.lost);
    std::fflush(stdout);
    int64_t gone_us = 0;
    const Session::Watch gone = [&gone_us](const client::WatchEvent&) {
      gone_us = SystemClock().NowUs();
    };
    co_await session_->Exists(std::string(kafka::kControllerPath), gone);
    const int64_t killed_us = SystemClock().NowUs();
    crowd_.Kill(options_.lost);
    Completion<absl::Status> taken;
    taken_over_ = taken.Callback();
    const absl::Status status = co_await taken;
    std::printf("   0.000 s  /controller is gone, %.1f s after broker %d was killed\n",
                Seconds(killed_us, gone_us), options_.lost);
    for (const Takeover::Step& step : takeover_->steps()) {
      std::printf("%8.3f s  %s\n", Seconds(gone_us, step.done_us), step.what.c_str());
    }
    std::fflush(stdout);
    co_return status;
  }

  Async<> JoinOne(int32_t id, absl::Status* joined) {
    if (id == options_.lost) co_return;
    const absl::Status status = co_await crowd_.Join(id);
    if (!status.ok()) *joined = status;
  }

  Async<> TakeOver(int32_t broker, int32_t epoch, int32_t epoch_version) {
    if (first_led_ != nullptr) {
      core_->Post([led = std::exchange(first_led_, nullptr)] { led(true); });
      co_return;
    }
    TakeoverOptions options = {.lost = options_.lost, .in_flight = options_.in_flight};
    const bool scan = protocol_ == client::Protocol::kGrpc;
    constexpr size_t kKafkasInFlight = 10;
    constexpr size_t kStreamsInFlight = 1000;  // the session's stream joins what waits
    if (options.in_flight == 0) options.in_flight = scan ? kStreamsInFlight : kKafkasInFlight;
    for (int i = 0; scan && i < options_.streams; ++i) {
      options.scan_servers.push_back(servers_.servers[i % servers_.servers.size()]);
    }
    takeover_ = std::make_unique<Takeover>(std::move(options), crowd_.session(broker), core_,
                                           &SystemClock());
    absl::Status status = co_await takeover_->Run(epoch, epoch_version);
    core_->Post([this, status] { taken_over_(status); });
  }

  static double Seconds(int64_t from_us, int64_t to_us) {
    return static_cast<double>(to_us - from_us) / 1e6;
  }

  const Options options_;
  const client::Protocol protocol_;
  const client::ConnectString servers_;
  AsioCore* const core_;
  NoTimeline timeline_;
  Crowd crowd_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Takeover> takeover_;
  std::function<void(bool)> first_led_;
  std::function<void(absl::Status)> taken_over_;
  int status_ = 2;
  Scope scope_;
};

int RunScale(const Options& options) {
  const auto protocol = client::ParseProtocol(options.protocol);
  if (!protocol.ok()) return Fail(protocol.status());
  auto servers = client::ParseConnectString(options.servers, client::DefaultPort(*protocol));
  if (!servers.ok()) return Fail(servers.status());
  if (options.lost < 0 || options.lost >= options.spec.brokers) {
    return Fail(absl::InvalidArgumentError(absl::StrCat(
        "expected --lose from 0 to ", options.spec.brokers - 1, ", found ", options.lost)));
  }
  AsioCore core;
  ScaleRun run(options, *protocol, *std::move(servers), &core);
  StopOnSignal(&core, [&core] { core.Stop(); });
  core.Post([&run] { run.Start(); });
  core.Run();
  std::fflush(stdout);
  // Threads of gRPC may still run: no destructors behind this.
  _exit(run.status());
}

}  // namespace

Subcommand AddScale(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* scale = program.add_subcommand(
      "scale", "fill a coordinator with a large cluster's metadata, or lose its controller");
  scale->add_option("WHAT", options->what, "fill or takeover")
      ->required()
      ->check(CLI::IsMember({"fill", "takeover"}));
  scale->add_option("--servers", options->servers, "host:port,...")->required();
  scale->add_option("--protocol", options->protocol, "zookeeper, or grpc: states come by Scan")
      ->capture_default_str();
  scale->add_option("--brokers", options->spec.brokers, "how many")->capture_default_str();
  scale->add_option("--topics", options->spec.topics, "how many")->capture_default_str();
  scale->add_option("--partitions", options->spec.partitions, "of each topic")
      ->capture_default_str();
  scale->add_option("--lose", options->lost, "id of the controller that is killed")
      ->capture_default_str();
  scale->add_option("--in-flight", options->in_flight,
                    "requests at a time; 10 over ZooKeeper's protocol, as Kafka, 1000 over gRPC");
  scale->add_option("--streams", options->streams, "Scan calls side by side")
      ->capture_default_str();
  return {scale, [options] { return RunScale(*options); }};
}

}  // namespace rookery::broker_sim
