// Many reads of one zxid: they run within one turn, in which nothing is applied, once all that they
// ask for is in memory.
#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/service/server_service.h"

namespace rookery::service {
namespace {

class MachineReads final : public Service::Reads {
 public:
  MachineReads(machine::Machine* machine, const model::Credentials& credentials)
      : machine_(machine), credentials_(credentials) {}

  model::Reply Read(const model::ReadOperation& operation) override {
    model::Reply reply;
    if (machine_->Read(operation, credentials_, &reply)) return reply;
    const store::LoadSet& missing = machine_->Missing();
    missing_.nodes.insert(missing_.nodes.end(), missing.nodes.begin(), missing.nodes.end());
    missing_.child_lists.insert(missing_.child_lists.end(), missing.child_lists.begin(),
                                missing.child_lists.end());
    return {.error = model::ErrorCode::kNoNode, .zxid = machine_->last_zxid()};
  }
  store::LoadSet TakeMissing() { return std::move(missing_); }

 private:
  machine::Machine* const machine_;
  const model::Credentials& credentials_;
  store::LoadSet missing_;
};

}  // namespace

void ServerService::ReadTogether(model::Credentials credentials, ReadBody body, OnRead done) {
  ROOKERY_CHECK(Serving()) << "a read while this server serves nobody";
  if (Congested()) {
    return done(absl::ResourceExhaustedError(
        "too many requests wait for an answer at this server: try again soon"));
  }
  const uint64_t id = ++last_once_;
  together_reads_[id] = {.credentials = std::move(credentials),
                         .submitted_us = clock_->NowUs(),
                         .body = std::move(body),
                         .done = std::move(done)};
  barriers_->Wait([this, id] { RunTogether(id); });
}

void ServerService::RunTogether(uint64_t id) {
  const auto at = together_reads_.find(id);
  if (at == together_reads_.end()) return;
  TogetherRead& read = at->second;
  MachineReads reads(machine_, read.credentials);
  read.body(reads);
  store::LoadSet missing = reads.TakeMissing();
  if (!missing.empty()) {
    ++counters_.read_misses;
    read.pins.push_back(
        store_->Load(std::move(missing), [this, alive = alive_, id](absl::Status status) {
          if (!*alive) return;
          if (!status.ok()) return Fail(std::move(status));
          RunTogether(id);
        }));
    return;
  }
  counters_.reads.Add(clock_->NowUs() - read.submitted_us);
  OnRead done = std::move(read.done);
  together_reads_.erase(at);
  done(machine_->last_zxid());
}

}  // namespace rookery::service
