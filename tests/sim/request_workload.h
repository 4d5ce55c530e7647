// Clients that ask every kind of request (clients/script.h), each a process of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/sim/clients/clients.h"
#include "tests/sim/ensemble.h"
#include "tests/sim/workload.h"

namespace rookery::sim {

class RequestWorkload final : public Workload {
 public:
  RequestWorkload(SimEnsemble* ensemble, uint32_t clients, const ClientsOptions& options);
  ~RequestWorkload() override;

  void GoOn(uint32_t requests, int64_t for_us) override { clients_->GoOn(requests, for_us); }
  void StopAsking() override { clients_->StopAsking(); }
  bool idle() const override { return clients_->idle(); }
  void Finish() override { clients_->Finish(); }
  bool finished() const override { return clients_->finished(); }
  std::vector<std::string> Check(const History&) override { return {}; }
  uint64_t asked() const override { return clients_->asked(); }
  uint64_t succeeded() const override { return clients_->succeeded(); }
  void CountRarePaths(RarePaths* rare) const override {
    rare->Add(Rare::kSessionsTakenOver, clients_->taken_over());
  }

 private:
  std::vector<std::unique_ptr<Process>> hosts_;
  std::unique_ptr<Clients> clients_;
};

}  // namespace rookery::sim
