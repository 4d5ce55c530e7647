#include "tests/sim/ensemble.h"

#include <xxhash.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/fatal.h"

namespace rookery::sim {
namespace {

// A server that ends itself inside of a simulation does so by an exception.
void ThrowInstead(absl::string_view text, bool failed_check) {
  if (failed_check) return;
  throw ProcessEnded{ProcessEnded::Kind::kFatal, std::string(text)};
}

}  // namespace

SimEnsemble::SimEnsemble(uint64_t seed, uint32_t founders, Tuning tuning)
    : random_(seed), tuning_(std::move(tuning)), founders_(founders), recorder_(&world_) {
  if (GetEnder() == nullptr) SetEnder(ThrowInstead);
  world_.network().SetChance(random_.Next(), tuning_.latency_least_us, tuning_.latency_most_us);
  world_.network().on_bytes = [this](Process* from, Process* to, std::string* bytes) {
    ++messages_;
    if (on_bytes) on_bytes(from, to, bytes);
    Note(*bytes);
  };
  world_.on_end = [this](Process* process, const ProcessEnded& end) {
    for (const auto& server : servers_) {
      if (&server->process() != process) continue;
      recorder_.Trace("server ", server->number(), " ended: ", end.text);
      server->OnEnded(end);
      if (on_ended) on_ended(server.get());
      return;
    }
    throw end;
  };
  for (uint32_t n = 1; n <= founders; ++n) AddServer();
}

SimEnsemble::~SimEnsemble() { servers_.clear(); }

SimServer* SimEnsemble::AddServer() {
  const ServerParts parts = {.world = &world_,
                             .tuning = &tuning_,
                             .recorder = &recorder_,
                             .first_applied = &first_applied_,
                             .rare = &rare_};
  const auto number = static_cast<uint32_t>(servers_.size() + 1);
  servers_.push_back(std::make_unique<SimServer>(parts, number, founders_, random_.Next()));
  return servers_.back().get();
}

SimServer* SimEnsemble::server(uint32_t number) {
  return number == 0 || number > servers_.size() ? nullptr : servers_[number - 1].get();
}

void SimEnsemble::StartAll() {
  for (const auto& server : servers_) {
    if (!server->up()) server->Start();
  }
}

std::vector<ServerDoors> SimEnsemble::doors() const {
  std::vector<ServerDoors> doors;
  for (uint32_t n = 1; n <= founders_; ++n) doors.push_back({n, ClientAddress(n), GrpcAddress(n)});
  return doors;
}

bool SimEnsemble::AllServe() const {
  return std::all_of(servers_.begin(), servers_.end(),
                     [](const auto& server) { return server->serving(); });
}

bool SimEnsemble::WaitServing(int64_t us) {
  constexpr int64_t kLookUs = 5'000;
  for (const int64_t end_us = world_.NowUs() + us; world_.NowUs() < end_us;) {
    if (AllServe()) return true;
    world_.RunFor(kLookUs);
  }
  return AllServe();
}

SimServer* SimEnsemble::leader() const {
  for (const auto& server : servers_) {
    if (server->leads()) return server.get();
  }
  return nullptr;
}

bool SimEnsemble::SameEntry() const {
  std::set<uint64_t> indexes;
  for (const auto& server : servers_) {
    if (!server->serving()) return false;
    indexes.insert(server->node()->machine()->applied_index());
  }
  return indexes.size() == 1;
}

void SimEnsemble::CountRarePaths() {
  rare_.AddHistory(recorder_.history());
  for (const auto& server : servers_) {
    rare_.Add(Rare::kTruncatedLogs, server->disk().log()->truncations());
    rare_.Add(Rare::kScansAcrossInstall, server->disk().scans_across_install());
    rare_.Add(Rare::kCheckpointsRefused, server->disk().checkpoints()->refused());
    server->CountLife();
  }
}

void SimEnsemble::Note(absl::string_view what) {
  const uint64_t parts[] = {trace_hash_, static_cast<uint64_t>(world_.NowUs()),
                            XXH3_64bits(what.data(), what.size())};
  trace_hash_ = XXH3_64bits(parts, sizeof parts);
}

}  // namespace rookery::sim
