#include "tests/sim/clients/clients.h"

#include <algorithm>
#include <utility>

namespace rookery::sim {

Clients::Clients(const std::vector<ClientHost>& hosts, const std::vector<ServerDoors>& servers,
                 const ClientsOptions& options, Recorder* recorder) {
  Random random(options.seed);
  const auto count = static_cast<uint32_t>(hosts.size());
  for (uint32_t i = 0; i < count; ++i) {
    SimClientOptions one{.number = i + 1,
                         .grpc = i % 2 == 1,
                         .session_timeout_ms = static_cast<int32_t>(random.Between(
                             options.session_timeout_least_ms, options.session_timeout_most_ms)),
                         .seed = random.Next(),
                         .servers = servers};
    clients_.push_back(std::make_unique<SimClient>(hosts[i], std::move(one), recorder));
    scripts_.push_back(std::make_unique<Script>(
        clients_.back().get(), ScriptOptions{.seed = random.Next(),
                                             .requests = (options.requests + count - 1) / count,
                                             .duration_us = options.duration_us,
                                             .library_nodes = options.library_nodes,
                                             .grace_us = options.grace_us,
                                             .containers = options.containers}));
  }
}

bool Clients::done() const {
  return std::all_of(scripts_.begin(), scripts_.end(), [](const auto& one) { return one->done(); });
}
bool Clients::idle() const {
  return std::all_of(clients_.begin(), clients_.end(),
                     [](const auto& one) { return one->in_flight() == 0; });
}
void Clients::GoOn(uint32_t requests, int64_t for_us) {
  const auto count = static_cast<uint32_t>(scripts_.size());
  for (const auto& script : scripts_) script->GoOn((requests + count - 1) / count, for_us);
}
void Clients::StopAsking() {
  for (const auto& script : scripts_) script->StopAsking();
}
void Clients::Finish() {
  for (const auto& script : scripts_) script->Finish();
}
bool Clients::finished() const {
  return std::all_of(scripts_.begin(), scripts_.end(),
                     [](const auto& one) { return one->finished(); });
}
uint64_t Clients::asked() const {
  uint64_t sum = 0;
  for (const auto& client : clients_) sum += client->asked();
  return sum;
}
uint64_t Clients::taken_over() const {
  uint64_t sum = 0;
  for (const auto& client : clients_) sum += client->taken_over();
  return sum;
}
uint64_t Clients::succeeded() const {
  uint64_t sum = 0;
  for (const auto& client : clients_) sum += client->succeeded();
  return sum;
}

}  // namespace rookery::sim
