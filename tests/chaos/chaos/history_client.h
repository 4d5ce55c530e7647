// A client of real servers, over either protocol, that asks without rest and writes down all that
// it asked and was told.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/base/net/asio_core.h"
#include "coordinator/base/random.h"
#include "coordinator/client/factory/client_factory.h"
#include "tests/sim/history/history.h"

namespace rookery::chaos {

struct HistoryClientOptions {
  uint32_t number = 1;
  client::Protocol protocol = client::Protocol::kGrpc;
  std::vector<Address> servers;  // the i-th is server i + 1
  int32_t session_timeout_ms = 6000;
  double per_second = 20;
  uint64_t seed = 0;
};

// On `core`, which outlives it. All histories of a run count occurrences by the same monotonic
// clock.
class HistoryClient {
 public:
  HistoryClient(AsioCore* core, HistoryClientOptions options, sim::History* history);
  ~HistoryClient() { *alive_ = false; }

  // Asks nothing more; once everything is answered it closes its session and calls `done`.
  void Finish(Task done);

 private:
  using Done = std::function<void(const sim::Call&)>;

  void Open();
  void Prepare();
  void Step();
  void FinishIfIdle();
  void Later(int64_t delay_us, void (HistoryClient::*step)());
  void Ask(client::Operation operation, bool watch, Done done = nullptr);
  void Set(const std::string& path, int32_t version);
  void Create(std::string path, std::string data, int32_t flags, Done done = nullptr);
  std::string Register();
  std::string Unique();
  uint32_t Server() const;
  void OnState(client::SessionState state);

  AsioCore* const core_;
  const HistoryClientOptions options_;
  sim::History* const history_;
  Random random_;
  std::unique_ptr<client::Client> client_;
  uint64_t calls_ = 0;
  uint64_t in_flight_ = 0;
  uint64_t written_ = 0;
  std::map<std::string, int32_t> versions_;  // as last seen
  std::vector<std::string> mine_;            // what it created and may delete
  Task finished_;
  bool finishing_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::chaos
