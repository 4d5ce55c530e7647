#include "tests/sim/request_workload.h"

#include "absl/strings/str_cat.h"

namespace rookery::sim {

RequestWorkload::RequestWorkload(SimEnsemble* ensemble, uint32_t clients,
                                 const ClientsOptions& options) {
  std::vector<ClientHost> hosts;
  for (uint32_t i = 1; i <= clients; ++i) {
    hosts_.push_back(std::make_unique<Process>(&ensemble->world(), absl::StrCat("client ", i)));
    Process* const host = hosts_.back().get();
    hosts.push_back({host, host, host});
  }
  clients_ = std::make_unique<Clients>(hosts, ensemble->doors(), options, &ensemble->recorder());
}

RequestWorkload::~RequestWorkload() {
  for (const auto& host : hosts_) host->Kill();
}

}  // namespace rookery::sim
