// All bases behind one face, for the contract tests and for tests of the layer on a real disk.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/store/base.h"

namespace rookery::store {

class BaseHarness {
 public:
  virtual ~BaseHarness() = default;
  // Opens the state of that name (empty: a new one), as a process that starts does.
  virtual absl::StatusOr<std::shared_ptr<Base>> Open(const std::string& state_name) = 0;
  virtual bool HasState(const std::string& name) = 0;
  // Makes a directory say that it has another format.
  virtual void SetFormat(const std::string& directory, const std::string& text) = 0;
  // As received from another server: a copy of a checkpoint's files elsewhere. Returns its path.
  virtual std::string Receive(const std::string& checkpoint) = 0;
};

std::unique_ptr<BaseHarness> MemoryHarness();
std::unique_ptr<BaseHarness> RocksHarness();
std::unique_ptr<BaseHarness> SimulatedHarness();

}  // namespace rookery::store
