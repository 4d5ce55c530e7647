#include "tests/sim/run.h"

#include <ctime>
#include <numeric>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/base/logging.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/clients/final_state.h"
#include "tests/sim/ensemble.h"
#include "tests/sim/faults/injector.h"
#include "tests/sim/recipes/workload.h"
#include "tests/sim/request_workload.h"

namespace rookery::sim {
namespace {

constexpr int64_t kStartMaxUs = 60'000'000;
// With faults already then, clients come after so long anyway.
constexpr int64_t kEarlyUs = 5'000'000;
// After the last fault is healed, all must serve, lack nothing and stand at the same entry.
constexpr int64_t kHealMaxUs = 120'000'000;
constexpr int64_t kLookUs = 5'000;
// The longest session timeout, and what an expiry takes.
constexpr int64_t kExpireUs = 15'000'000;
constexpr int64_t kReadUs = 10'000'000;
// Between writes that a server is asked for until it answers one.
constexpr int64_t kAskAgainUs = 1'000'000;
// How a run goes on that had too little of something.
constexpr uint32_t kMoreRequests = 200;
constexpr int64_t kMoreUs = 10'000'000;
constexpr int kMoreTimes = 12;
constexpr int64_t kMoreCrashUs = 1'000'000;
// Clients have asked everything so long before the heal.
constexpr int64_t kClientsRestUs = 3'000'000;

int64_t CpuUs() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
}

// What the servers log goes into the trace.
class TraceSink : public LogSink {
 public:
  explicit TraceSink(SimEnsemble* ensemble) : ensemble_(ensemble) { SetLogSink(this); }
  ~TraceSink() override { SetLogSink(nullptr); }
  void Write(LogLevel, absl::string_view text) override {
    const Process* const process = ensemble_->world().running();
    ensemble_->recorder().Trace(process == nullptr ? "nobody" : process->name(), ": ", text);
  }

 private:
  SimEnsemble* const ensemble_;
};

class Run {
 public:
  Run(const RunPlan& plan, const std::function<void(const std::string&)>& trace)
      : plan_(plan),
        ensemble_(plan.ensemble_seed, plan.founders, plan.tuning),
        injector_(&ensemble_, plan.faults, plan.injector_seed) {
    ensemble_.recorder().trace = trace;
    if (trace) sink_ = std::make_unique<TraceSink>(&ensemble_);
    result_.seed = plan.seed;
  }

  RunResult Go() {
    const int64_t begin_cpu_us = CpuUs();
    ensemble_.StartAll();
    if (plan_.early) injector_.Begin();
    const int64_t patience_us = plan_.early ? kEarlyUs : kStartMaxUs;
    if (RunUntil(world().NowUs() + patience_us, [this] { return ensemble_.AllServe(); }) ||
        plan_.early) {
      WithFaults();
      GoOn();
      Heal();
    } else {
      Violation("the servers did not found an ensemble");
    }
    Finish();
    result_.cpu_us = CpuUs() - begin_cpu_us;
    return std::move(result_);
  }

 private:
  World& world() { return ensemble_.world(); }
  void Violation(std::string text) { result_.violations.push_back(std::move(text)); }

  // Runs to that time, or until `done` holds, which is asked now and then.
  template <typename Done>
  bool RunUntil(int64_t end_us, Done done) {
    while (world().NowUs() < end_us && injector_.violations().empty()) {
      if (done()) return true;
      const int64_t next_us = std::min({injector_.NextUs(), world().NowUs() + kLookUs, end_us});
      world().RunFor(std::max<int64_t>(0, next_us - world().NowUs()));
      injector_.Run();
    }
    return done();
  }

  void WithFaults() {
    BeginClients();
    if (!plan_.early) injector_.Begin();
    RunUntil(world().NowUs() + plan_.run_us, [] { return false; });
  }

  // Recipes are played until they are stopped, and what they ask is not counted on.
  void GoOn() {
    if (plan_.recipes) return;
    for (int i = 0; i < kMoreTimes && injector_.violations().empty(); ++i) {
      const uint64_t asked = clients_->asked();
      const bool thin = asked < kRequestsLeast || 2 * clients_->succeeded() < asked;
      // Faults that could not be; of a list that was cut short on purpose none is missed.
      const bool calm = plan_.faults.size() >= kFaultsLeast && injector_.applied() < kFaultsLeast;
      if (!thin && !calm) return;
      if (calm) injector_.Add({.kind = Fault::Kind::kCrash, .for_us = kMoreCrashUs});
      clients_->GoOn(kMoreRequests, kMoreUs);
      RunUntil(world().NowUs() + kMoreUs, [] { return false; });
    }
  }

  void BeginClients() {
    if (plan_.recipes) {
      const RecipesOptions options = {.seed = plan_.client_seed,
                                      .parties = plan_.clients,
                                      .scene = plan_.scene,
                                      .sync_limit_us = plan_.tuning.service.sync_limit_us};
      auto recipes = std::make_unique<RecipeWorkload>(&ensemble_, options);
      injector_.SetClients(recipes.get());
      clients_ = std::move(recipes);
      return;
    }
    const ClientsOptions options = {.seed = plan_.client_seed,
                                    .requests = plan_.requests,
                                    .duration_us = plan_.run_us - kClientsRestUs,
                                    .library_nodes = plan_.tuning.library_nodes,
                                    .grace_us = plan_.tuning.service.disconnect_grace_us,
                                    .containers = plan_.tuning.containers};
    clients_ = std::make_unique<RequestWorkload>(&ensemble_, plan_.clients, options);
  }

  void Heal() {
    if (!injector_.violations().empty()) return;
    injector_.Heal();
    clients_->StopAsking();
    const int64_t end_us = world().NowUs() + kHealMaxUs;
    bool live = RunUntil(end_us, [this] { return injector_.Whole() && clients_->idle(); });
    if (live) {
      clients_->Finish();
      live = RunUntil(end_us, [this] { return clients_->finished(); });
    }
    // Sessions that nobody keeps any more expire.
    if (live) RunUntil(world().NowUs() + kExpireUs, [] { return false; });
    live = live && RunUntil(end_us + kExpireUs, [this] { return EachAnswers(); });
    live = live && RunUntil(end_us + kExpireUs, [this] { return Settled(); });
    if (live || !injector_.violations().empty()) return;
    std::string text = absl::StrCat("not live ", kHealMaxUs / 1'000'000,
                                    " s after the heal: ", injector_.NotWhole(),
                                    clients_->idle() ? "" : "clients wait for answers; ",
                                    clients_->finished() ? "" : "clients have not finished; ");
    for (const auto& server : ensemble_.servers()) {
      if (!server->belongs()) continue;
      if (asked_us_ != 0 && !answering_.contains(server->number())) {
        absl::StrAppend(&text, "server ", server->number(), " does not answer a write; ");
      }
      const consensus::Status status = server->node()->consensus()->GetStatus();
      absl::StrAppend(&text, "server ", server->number(), " term ", status.term, " leader ",
                      status.leader, " applied ", server->node()->machine()->applied_index(),
                      " commit ", status.commit_index, "; ");
    }
    Violation(std::move(text));
  }

  // Each server has answered a write, which its clients alone would not tell: they go elsewhere.
  bool EachAnswers() {
    if (asked_us_ == 0 || world().NowUs() >= asked_us_ + kAskAgainUs) {
      asked_us_ = world().NowUs();
      for (const auto& server : ensemble_.servers()) {
        const uint32_t number = server->number();
        if (!server->serving() || answering_.contains(number)) continue;
        server->process().Post([this, number, server = server.get()] {
          if (!server->serving()) return;
          server->visitors()->Write([this, number] { answering_.insert(number); });
        });
      }
    }
    return answering_.size() == ensemble_.servers().size();
  }

  bool Settled() { return injector_.Whole() && ensemble_.SameEntry(); }

  // What each server holds in the end, for the checkers.
  void ReadStates() {
    History* const history = &ensemble_.recorder().history();
    for (const auto& server : ensemble_.servers()) {
      server->process().Post([this, history, server = server.get()] {
        ReadFinalState(server->number(), server->node()->service(), server->node()->machine(),
                       [this, history](absl::StatusOr<FinalState> state) {
                         if (state.ok()) {
                           history->final_states.push_back(*std::move(state));
                         } else {
                           Violation(absl::StrCat("a final state cannot be read: ",
                                                  state.status().ToString()));
                         }
                       });
      });
    }
    RunUntil(world().NowUs() + kReadUs, [this, history] {
      return history->final_states.size() == ensemble_.servers().size();
    });
  }

  void Finish() {
    for (const std::string& text : injector_.violations()) Violation(text);
    if (result_.violations.empty()) {
      for (const auto& server : ensemble_.servers()) {
        result_.digests.push_back(server->node()->machine()->digest());
      }
      ReadStates();
      if (std::set(result_.digests.begin(), result_.digests.end()).size() != 1) {
        Violation("digests differ at the same entry");
      }
    }
    Check();
    ensemble_.CountRarePaths();
    result_.rare.Add(ensemble_.rare());
    result_.trace_hash = ensemble_.trace_hash();
    result_.virtual_us = world().NowUs();
    result_.events = world().events();
    result_.messages = ensemble_.messages();
    for (size_t i = 0; i < result_.faults.size(); ++i) {
      result_.faults[i] = injector_.Applied(static_cast<Fault::Kind>(i));
    }
    if (clients_ == nullptr) return;
    result_.requests = clients_->asked();
    result_.succeeded = clients_->succeeded();
    clients_->CountRarePaths(&result_.rare);
  }

  // The first violations of each kind; the others follow from them.
  void Check() {
    constexpr size_t kShownMax = 3;
    const History& history = ensemble_.recorder().history();
    for (const Checker& checker : AllCheckers()) {
      // What recipes ask is not in the history.
      if (plan_.recipes && !checker.of_servers) continue;
      const Violations found = sim::Check(checker, history, &result_.searches);
      for (size_t i = 0; i < found.size() && i < kShownMax; ++i) {
        Violation(absl::StrCat(checker.name, ": ", found[i]));
      }
      if (found.size() > kShownMax) {
        Violation(absl::StrCat(checker.name, ": and ", found.size() - kShownMax, " more"));
      }
    }
    // Judged by how the servers stand, which is not known where something went wrong before.
    if (clients_ == nullptr || history.final_states.empty()) return;
    for (std::string& text : clients_->Check(history)) Violation(std::move(text));
  }

  const RunPlan& plan_;
  RunResult result_;
  SimEnsemble ensemble_;
  Injector injector_;
  std::unique_ptr<Workload> clients_;
  std::unique_ptr<TraceSink> sink_;
  int64_t asked_us_ = 0;          // when each server was asked for a write; 0: not yet
  std::set<uint32_t> answering_;  // servers that answered it
};

}  // namespace

RunPlan DrawPlan(uint64_t seed) {
  // Near seeds must not make near runs.
  Random random(seed * 0x9e3779b97f4a7c15u + 1);
  RunPlan plan;
  plan.seed = seed;
  plan.ensemble_seed = random.Next();
  plan.client_seed = random.Next();
  plan.injector_seed = random.Next();
  const uint64_t size = random.Below(10);
  plan.founders = size < 7 ? 3 : size < 8 ? 4 : 5;
  plan.clients = static_cast<uint32_t>(random.Between(4, 6));
  plan.requests = random.Chance(0.8) ? 1'200 : 2'400;
  plan.tuning = DrawTuning(&random);
  plan.tuning.service.disconnect_grace_us = DrawGraceUs(seed);
  if (const int64_t check_us = DrawContainerCheckUs(seed); check_us > 0) {
    plan.tuning.containers = true;
    plan.tuning.service.containers.check_interval_us = check_us;
    plan.tuning.service.containers.never_used_ms = 2 * check_us / 1000;
  }
  plan.early = random.Chance(0.25);
  plan.faults = DrawFaults(&random, {.servers = plan.founders, .run_us = plan.run_us});
  return plan;
}

RunPlan DrawRecipePlan(uint64_t seed) {
  RunPlan plan = DrawPlan(seed);
  Random random(seed * 0x9e3779b97f4a7c15u + 3);
  plan.recipes = true;
  plan.clients = static_cast<uint32_t>(random.Between(3, 6));
  plan.scene = DrawScene(&random, plan.clients);
  // Callers without a session have runs of their own.
  plan.tuning.visits_us = 0;
  plan.tuning.library_nodes = 0;
  plan.tuning.crowds = false;
  AddClientFaults(&random, plan.clients, plan.run_us, &plan.faults);
  return plan;
}

std::string ToText(const RunPlan& plan) {
  std::string text = absl::StrCat(
      "seed ", plan.seed, ": ", plan.founders, " servers, ", plan.clients, " clients, ",
      plan.recipes ? absl::StrCat(ToText(plan.scene), ", ") : "", ToText(plan.tuning), "\n");
  for (size_t i = 0; i < plan.faults.size(); ++i) {
    absl::StrAppend(&text, "  fault ", i, ": ", ToText(plan.faults[i]), "\n");
  }
  return text;
}

RunResult RunSeed(const RunPlan& plan, const std::function<void(const std::string&)>& trace) {
  return Run(plan, trace).Go();
}

uint64_t RunResult::fault_count() const {
  return std::accumulate(faults.begin(), faults.end(), uint64_t{0});
}

std::string ToText(const RunResult& result) {
  return absl::StrFormat("%.1f s, %d requests (%d succeeded), %d faults, %d events, %.2f s CPU",
                         static_cast<double>(result.virtual_us) * 1e-6, result.requests,
                         result.succeeded, result.fault_count(), result.events,
                         static_cast<double>(result.cpu_us) * 1e-6);
}

std::string FaultsToText(const RunResult& result) {
  std::string text;
  for (size_t i = 0; i < result.faults.size(); ++i) {
    if (result.faults[i] == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : " ", NameOf(static_cast<Fault::Kind>(i)), "=",
                    result.faults[i]);
  }
  return text;
}

}  // namespace rookery::sim
