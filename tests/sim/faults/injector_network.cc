// Faults of the network, and of clients.
#include <algorithm>
#include <utility>

#include "tests/sim/faults/injector.h"

namespace rookery::sim {

std::vector<Process*> Injector::Others(const Fault& fault, const SimServer* server) {
  std::vector<Process*> others;
  for (const auto& one : ensemble_->servers()) {
    if (one.get() == server) continue;
    if (fault.other == 0 || fault.other == one->number()) others.push_back(&one->process());
  }
  return others;
}

bool Injector::ApplyToNetwork(const Fault& fault, SimServer* server) {
  SimNetwork* const network = &world_->network();
  Process* const self = &server->process();
  std::vector<Process*> others = Others(fault, server);
  const bool clients =
      fault.kind == Fault::Kind::kCutClients || fault.kind == Fault::Kind::kResetClients;
  if (clients) {
    others = network->PeersOf(self);
    for (const auto& one : ensemble_->servers()) std::erase(others, &one->process());
  }
  if (others.empty()) return false;
  for (Process* const other : others) {
    switch (fault.kind) {
      case Fault::Kind::kCut:
      case Fault::Kind::kCutClients:
        network->Cut(self, other);
        Until(fault, [network, self, other] { network->Heal(self, other); });
        break;
      case Fault::Kind::kCutOneWay:
        network->CutOneWay(self, other);
        Until(fault, [network, self, other] { network->MendOneWay(self, other); });
        break;
      case Fault::Kind::kDelay:
        network->SetDelay(self, other, fault.amount);
        network->SetDelay(other, self, fault.amount);
        Until(fault, [network, self, other] {
          network->SetDelay(self, other, 0);
          network->SetDelay(other, self, 0);
        });
        break;
      case Fault::Kind::kFlipWire:
        flips_.insert({self, other});
        break;
      default:
        Reset(fault, self, other);
    }
  }
  return true;
}

bool Injector::ApplyToClient(const Fault& fault) {
  const uint32_t client = fault.server;
  Process* const self = clients_->Find(client);
  if (self == nullptr) return false;
  SimNetwork* const network = &world_->network();
  switch (fault.kind) {
    case Fault::Kind::kCrashClient:
      if (!clients_->Crash(client)) return false;
      Until(fault, [this, client] { clients_->Start(client); });
      return true;
    case Fault::Kind::kPauseClient:
      if (!clients_->Stop(client)) return false;
      Until(fault, [this, client] { clients_->GoOn(client); });
      return true;
    case Fault::Kind::kCutClient:
      for (const auto& server : ensemble_->servers()) {
        Process* const other = &server->process();
        network->Cut(self, other);
        Until(fault, [network, self, other] { network->Heal(self, other); });
      }
      return true;
    default:
      for (Process* const other : network->PeersOf(self)) Reset(fault, other, self);
      return true;
  }
}

// A connection breaks in one of four ways.
void Injector::Reset(const Fault& fault, Process* a, Process* b) {
  SimNetwork::Break how;
  switch (fault.amount) {
    case 1:  // what is under way is lost
      how.late_us = -1;
      break;
    case 2:  // it arrives late, when there are new connections
      how.late_us = std::min<int64_t>(fault.for_us, 500'000);
      how.news_b_us = how.late_us;
      break;
    case 3:  // one side hears of it much later
      how.late_us = -1;
      how.news_b_us = fault.for_us;
      break;
    default:
      break;
  }
  world_->network().Reset(a, b, how);
}

}  // namespace rookery::sim
