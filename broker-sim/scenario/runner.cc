#include "broker-sim/scenario/runner.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/base/check.h"
#include "coordinator/base/random.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/connect_string.h"

namespace rookery::broker_sim {
namespace {

constexpr int64_t kReadyWithinUs = 60'000'000;
constexpr int64_t kPollUs = 50'000;
constexpr int64_t kSampleEveryUs = 100'000;

}  // namespace

Runner::Runner(Scenario scenario, RunOptions options, AsioCore* core, Timeline* timeline)
    : scenario_(std::move(scenario)),
      options_(std::move(options)),
      core_(core),
      shown_(timeline),
      judge_(nullptr) {}

Runner::~Runner() { scope_.Clear(); }

void Runner::Start(absl::AnyInvocable<void(absl::Status)> done) {
  done_ = std::move(done);
  told_ = std::make_unique<RecordedTimeline>(&SystemClock(), shown_);
  recording_.scenario = scenario_.name;
  recording_.description = scenario_.description;
  recording_.file = scenario_.file;
  recording_.protocol = options_.protocol == client::Protocol::kGrpc ? "grpc" : "zookeeper";
  recording_.began_wall_ms = SystemClock().WallMs();
  scope_.Spawn(Main());
}

Async<> Runner::Main() {
  absl::Status status = co_await Prepare();
  if (status.ok()) status = co_await WaitReady();
  if (status.ok()) {
    co_await RunSteps();
    co_await Heal();
    Conclude();
  }
  Completion<bool> stopped;
  if (cluster_ != nullptr) {
    cluster_->Stop([tell = stopped.Callback()]() mutable { tell(true); });
    co_await stopped;
  }
  // Not from inside of this coroutine: whoever is told may end the runner.
  core_->Post([this, status] { done_(status); });
}

Async<absl::Status> Runner::Prepare() {
  client::Options client;
  client.session_timeout_ms = scenario_.cluster.session_timeout_ms;
  if (options_.servers.empty()) {
    EnsembleOptions ensemble;
    ensemble.program = options_.rookeryd;
    ensemble.servers = scenario_.servers;
    auto created = Ensemble::Create(std::move(ensemble), core_, core_, [this](int server) {
      told_->Tell({.name = "server_leads",
                   .text = absl::StrCat("rookeryd ", server, " leads the ensemble"),
                   .numbers = {{"server", server}}});
    });
    if (!created.ok()) co_return created.status();
    ensemble_ = *std::move(created);
    absl::Status started = ensemble_->Start();
    if (!started.ok()) co_return started;
    absl::Status serving = co_await ensemble_->WaitServing(kReadyWithinUs);
    if (!serving.ok()) co_return serving;
    client.servers = ensemble_->addresses(options_.protocol == client::Protocol::kGrpc);
  } else {
    auto parsed =
        client::ParseConnectString(options_.servers, client::DefaultPort(options_.protocol));
    if (!parsed.ok()) co_return parsed.status();
    client.servers = parsed->servers;
    client.chroot = parsed->chroot;
  }
  for (const Address& server : client.servers) {
    absl::StrAppend(&recording_.servers, recording_.servers.empty() ? "" : ",", server.ToString());
  }
  absl::StrAppend(&recording_.servers, client.chroot);
  const auto make = [this](Executor* executor, client::Options options) {
    auto made = client::CreateClient(options_.protocol, executor, core_, std::move(options));
    ROOKERY_CHECK(made.ok()) << made.status();
    return *std::move(made);
  };
  Random random(options_.seed);
  client.seed = random.Next();
  client::Options watching = CopyOf(client);
  constexpr int32_t kObserverTimeoutMs = 30'000;
  watching.session_timeout_ms = kObserverTimeoutMs;
  observer_ = std::make_unique<Observer>(
      core_, std::move(watching),
      [make, this](client::Options options) { return make(core_, std::move(options)); }, &judge_);
  ClusterOptions cluster;
  cluster.spec = scenario_.cluster;
  cluster.client = std::move(client);
  cluster.seed = random.Next();
  cluster.on_elected = [this](int32_t broker, int32_t epoch, int64_t zxid) {
    judge_.OnElected(broker, epoch, zxid);
  };
  cluster_ =
      std::make_unique<Cluster>(std::move(cluster), core_, &SystemClock(), told_.get(), make);
  absl::Status fit = co_await cluster_->CheckTree();
  if (!fit.ok()) co_return fit;
  observer_->Start();
  cluster_->Start();
  co_return absl::OkStatus();
}

bool Runner::Healthy() const {
  int expected = 0;
  for (const kafka::CreateTopic& topic : scenario_.cluster.topics) expected += topic.partitions;
  const ClusterView::Health health = observer_->view().health();
  return observer_->view().controller.has_value() && health.partitions >= expected &&
         health.leaderless == 0 && health.under_replicated == 0 && cluster_->AllUp();
}

Async<absl::Status> Runner::WaitReady() {
  for (int64_t waited_us = 0; !Healthy(); waited_us += kPollUs) {
    if (waited_us > kReadyWithinUs) {
      const ClusterView::Health health = observer_->view().health();
      co_return absl::DeadlineExceededError(
          absl::StrCat("the cluster did not come up within ", kReadyWithinUs / 1'000'000,
                       " s: ", observer_->view().brokers.size(), " brokers are registered, of ",
                       health.partitions, " partitions ", health.leaderless, " have no leader and ",
                       health.under_replicated, " are not in sync"));
    }
    co_await Sleep(core_, kPollUs);
  }
  cluster_->StartClients();
  recording_.ready_us = now_us();
  told_->Tell({.name = "ready", .text = absl::StrCat("--- ", scenario_.name, " begins")});
  scope_.Spawn(Sample());
  co_return absl::OkStatus();
}

Async<> Runner::Sample() {
  while (true) {
    broker_sim::Sample sample;
    sample.at_us = now_us();
    sample.brokers = cluster_->States();
    sample.controller = observer_->view().controller.value_or(-1);
    const ClusterView::Health health = observer_->view().health();
    sample.leaderless = health.leaderless;
    sample.under_replicated = health.under_replicated;
    sample.acknowledged = cluster_->acknowledged();
    sample.throttled_ms = cluster_->throttled_ms();
    sample.servers = ServerStates();
    recording_.samples.push_back(std::move(sample));
    co_await Sleep(core_, kSampleEveryUs);
  }
}

Async<> Runner::RunSteps() {
  for (const Step& step : scenario_.steps) {
    const int64_t wait_us = recording_.ready_us + step.at_us - now_us();
    if (wait_us > 0) co_await Sleep(core_, wait_us);
    recording_.steps.push_back({now_us(), step.command.text});
    Command command = step.command;
    const absl::Status status = co_await RunStep(std::move(command));
    if (!status.ok()) {
      recording_.checks.push_back({absl::StrCat("'", step.command.text, "' could be done"), false,
                                   std::string(status.message())});
    }
  }
  const int64_t rest_us = recording_.ready_us + scenario_.duration_us - now_us();
  if (rest_us > 0) co_await Sleep(core_, rest_us);
}

Async<absl::Status> Runner::RunStep(Command command) {
  if (!command.own_ensemble) co_return cluster_->Run(command);
  co_return RunServerStep(command);
}

absl::Status Runner::RunServerStep(const Command& command) {
  ROOKERY_CHECK(ensemble_ != nullptr);  // the command line was refused otherwise
  told_->Tell({.name = absl::StrCat(kFaultPrefix, command.verb),
               .text = absl::StrCat("--- ", command.text)});
  if (command.verb == "heal-servers") {
    ensemble_->HealAll();
    return absl::OkStatus();
  }
  if (command.verb == "start-server" && command.words[0] == "all") {
    for (int server = 1; server <= ensemble_->size(); ++server) {
      ROOKERY_RETURN_IF_ERROR(ensemble_->Start(server));
    }
    return absl::OkStatus();
  }
  int server = ensemble_->leader();
  if (command.words[0] != "leader" &&
      (!absl::SimpleAtoi(command.words[0], &server) || server > ensemble_->size())) {
    server = 0;
  }
  if (server < 1) {
    return absl::FailedPreconditionError(
        absl::StrCat("expected a server from 1 to ", ensemble_->size(),
                     ", or 'leader' while one leads, found '", command.words[0], "'"));
  }
  if (command.verb == "kill-server") {
    ensemble_->Kill(server);
  } else if (command.verb == "cut-server") {
    ensemble_->Cut(server);
  } else {
    return ensemble_->Start(server);
  }
  return absl::OkStatus();
}

Async<> Runner::Heal() {
  recording_.healed_us = now_us();
  told_->Tell({.name = "healed", .text = "--- everything is put right"});
  if (ensemble_ != nullptr) {
    ensemble_->HealAll();
    for (int server = 1; server <= ensemble_->size(); ++server) {
      if (const absl::Status status = ensemble_->Start(server); !status.ok()) {
        told_->Tell({.name = "error", .text = std::string(status.message())});
      }
    }
  }
  cluster_->HealAll();
  while (!Healthy() && now_us() - recording_.healed_us < scenario_.heal_within_us) {
    co_await Sleep(core_, kPollUs);
  }
  if (Healthy()) healthy_after_us_ = now_us() - recording_.healed_us;
  co_await FinishClients();
}

// What is under way is answered, and then everything is read once more.
Async<> Runner::FinishClients() {
  cluster_->FinishClients();
  const int64_t deadline_us = now_us() + scenario_.heal_within_us;
  while (!cluster_->ClientsIdle() && now_us() < deadline_us) co_await Sleep(core_, kPollUs);
  clients_idle_ = cluster_->ClientsIdle();
  cluster_->StartAudit();
  do {
    co_await Sleep(core_, kPollUs);
  } while (!cluster_->AuditRead() && now_us() < deadline_us);
  audit_read_ = cluster_->AuditRead();
}

void Runner::CheckClients() {
  const std::vector<Cluster::ClientReport> reports = cluster_->Reports();
  if (reports.empty()) return;
  recording_.checks.push_back({"everything that was sent is answered", clients_idle_,
                               clients_idle_ ? "no batch waits" : "batches still wait"});
  recording_.checks.push_back(
      {"everything can be read after the heal", audit_read_,
       audit_read_ ? "up to every watermark" : "some partitions were not read to their end"});
  for (const Cluster::ClientReport& report : reports) {
    if (report.producer) {
      const Audit& audit = report.audit;
      // With acks=1 records may be lost with their leader: told, not judged.
      recording_.checks.push_back(
          {absl::StrCat("no record of ", report.name, " that was acknowledged is lost"),
           audit.lost == 0 || !report.durable,
           audit.lost == 0
               ? absl::StrCat(
                     "all ", audit.acknowledged, " are there, each once",
                     report.refused == 0 ? "" : absl::StrCat("; ", report.refused, " were refused"))
               : absl::StrCat(audit.lost, " of ", audit.acknowledged, " are missing, first: ",
                              audit.first_lost, report.durable ? "" : " (acks=1)")});
    }
    recording_.checks.push_back(
        {absl::StrCat("what was read ", report.producer ? "of " : "by ", report.name,
                      " is what was sent"),
         report.mistakes.empty(),
         report.mistakes.empty() ? absl::StrCat(report.records, " records in order, none twice")
                                 : absl::StrCat(report.mistakes.size(),
                                                " mistakes, first: ", report.mistakes.front())});
  }
}

void Runner::Conclude() {
  for (Judge::Rule& rule : judge_.Rules()) {
    const size_t count = rule.violations.size();
    recording_.checks.push_back(
        {rule.name, count == 0,
         count == 0 ? absl::StrCat("in all of ", rule.looked_at, " seen")
                    : absl::StrCat(count, " times, first: ", rule.violations.front())});
  }
  const ClusterView::Health health = observer_->view().health();
  recording_.checks.push_back(
      {"every partition is led and in sync after the heal", healthy_after_us_ >= 0,
       healthy_after_us_ >= 0
           ? absl::StrFormat("all %d after %.1f s", health.partitions,
                             1e-6 * static_cast<double>(healthy_after_us_))
           : absl::StrFormat("after %.0f s %d of %d have no leader and %d are not in sync",
                             1e-6 * static_cast<double>(scenario_.heal_within_us),
                             health.leaderless, health.partitions, health.under_replicated)});
  CheckClients();
  for (Check& check : CheckExpectations(scenario_, recording_.steps, told_->events(),
                                        recording_.ready_us, recording_.healed_us)) {
    recording_.checks.push_back(std::move(check));
  }
  recording_.duration_us = now_us();
  recording_.events = told_->events();
}

}  // namespace rookery::broker_sim
