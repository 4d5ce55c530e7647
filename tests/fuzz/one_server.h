// A machine over a whole store in memory, in one thread: what stands behind the decoders. The owner
// calls Recover() of the machine first.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/base/check.h"
#include "coordinator/machine/machine.h"
#include "coordinator/store/memory/memory_base.h"
#include "coordinator/store/memory/memory_disk.h"
#include "coordinator/store/node_codec.h"
#include "coordinator/store/node_store.h"
#include "coordinator/wire/log_entry.h"
#include "tests/unit/store/manual_executors.h"

namespace rookery::fuzz {

class OneServer {
 public:
  explicit OneServer(std::shared_ptr<store::MemoryDisk> disk, const std::string& state_name = "")
      : base_(store::CreateMemoryBase(std::move(disk), state_name).value()),
        store_(store::CreateNodeStore({}, base_, run_.executors(), &run_.clock)),
        machine_(machine::CreateMachine(
            store_.get(), {.members = "m", .configuration = "c", .index = 1, .term = 1},
            {.apply_configuration = [](const std::string& members, const std::string&,
                                       const std::string&) { return members; },
             .update = [](const std::string& members, const std::string&) { return members; }})) {}

  machine::Machine& machine() { return *machine_; }
  std::string state_name() const { return base_->name(); }

  // Runs the present item of the agreed order to its end.
  std::vector<machine::Outcome> Finish() {
    std::vector<machine::Outcome> outcomes;
    std::vector<std::unique_ptr<store::Pin>> pins;
    for (;;) {
      machine::Outcome outcome;
      const machine::Step step = machine_->Next(&outcome);
      if (step == machine::Step::kFinished) return outcomes;
      if (step == machine::Step::kOutcome) outcomes.push_back(std::move(outcome));
      if (step == machine::Step::kMissing) pins.push_back(Load(machine_->Missing()));
    }
  }
  std::vector<machine::Outcome> Apply(wire::LogEntry entry) {
    entry.time_ms = ++now_ms_;
    machine_->BeginEntry(machine_->applied_index() + 1, 1, wire::EncodeLogEntry(entry));
    return Finish();
  }
  void StartLeader() {
    machine_->BeginLeader(machine_->applied_index() + 1, 1);
    Finish();
  }
  model::Reply Read(const model::ReadOperation& operation, const model::Credentials& who) {
    model::Reply reply;
    std::vector<std::unique_ptr<store::Pin>> pins;
    while (!machine_->Read(operation, who, &reply)) pins.push_back(Load(machine_->Missing()));
    return reply;
  }

  void Flush() {
    machine_->SaveRows();
    bool done = false;
    store_->Flush([&](absl::Status status) {
      ROOKERY_CHECK(status.ok()) << status;
      done = true;
    });
    run_.RunAll();
    ROOKERY_CHECK(done);
  }

  // Visits every node as the base holds it. REQUIRES: as for Flush.
  absl::Status Scan(const std::function<void(absl::string_view, const store::Node&)>& visit) {
    machine_->SaveRows();
    std::shared_ptr<store::NodeStore::View> view;
    store_->OpenView([&](absl::StatusOr<std::shared_ptr<store::NodeStore::View>> opened) {
      ROOKERY_CHECK(opened.ok()) << opened.status();
      view = *std::move(opened);
    });
    run_.RunAll();
    return view->Scan("/", "", [&](absl::string_view path, const store::Node& node) {
      visit(path, node);
      return true;
    });
  }

 private:
  std::unique_ptr<store::Pin> Load(store::LoadSet set) {
    bool loaded = false;
    auto pin = store_->Load(std::move(set), [&](absl::Status status) {
      ROOKERY_CHECK(status.ok()) << status;
      loaded = true;
    });
    run_.RunAll();
    ROOKERY_CHECK(loaded);
    return pin;
  }

  store::ManualExecutors run_;
  std::shared_ptr<store::Base> base_;
  std::unique_ptr<store::NodeStore> store_;
  std::unique_ptr<machine::Machine> machine_;
  int64_t now_ms_ = 1'700'000'000'000;
};

}  // namespace rookery::fuzz
