// A base that calls the test in the middle of a read: after the read saw its state, before it
// returns.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/store/base.h"

namespace rookery::store {

class HookedBase final : public Base {
 public:
  explicit HookedBase(std::shared_ptr<Base> base) : base_(std::move(base)) {}

  // Called once, by the next read.
  void SetHook(std::function<void()> hook) { *hook_ = std::move(hook); }

  absl::Status MultiGet(absl::Span<const std::string> keys,
                        std::vector<std::optional<std::string>>* values) const override {
    absl::Status status = base_->MultiGet(keys, values);
    CallHook(hook_.get());
    return status;
  }
  std::shared_ptr<const Snapshot> TakeSnapshot() const override {
    return std::make_shared<HookedSnapshot>(base_->TakeSnapshot(), hook_);
  }
  std::unique_ptr<Batch> NewBatch() override {
    return std::make_unique<HookedBatch>(base_->NewBatch(), &on_commit, &commit_failure);
  }
  absl::StatusOr<std::string> Checkpoint(absl::string_view name) override {
    return base_->Checkpoint(name);
  }
  absl::Status DropCheckpoint(absl::string_view name) override {
    return base_->DropCheckpoint(name);
  }
  absl::StatusOr<std::shared_ptr<const Snapshot>> OpenToRead(
      const std::string& directory) const override {
    return base_->OpenToRead(directory);
  }
  absl::Status Replace(absl::string_view directory) override { return base_->Replace(directory); }
  std::string name() const override { return base_->name(); }
  absl::Status RemoveUnnamed() override { return base_->RemoveUnnamed(); }
  Health GetHealth() const override { return health; }

  Health health;                    // as the test says
  std::function<void()> on_commit;  // after each batch
  absl::Status commit_failure;      // of the batches to come, which then write nothing

 private:
  using Hook = std::function<void()>;
  static void CallHook(Hook* hook) {
    if (Hook once = std::exchange(*hook, nullptr)) once();
  }

  class HookedSnapshot final : public Snapshot {
   public:
    HookedSnapshot(std::shared_ptr<const Snapshot> snapshot, std::shared_ptr<Hook> hook)
        : snapshot_(std::move(snapshot)), hook_(std::move(hook)) {}
    absl::Status Scan(absl::string_view begin, absl::string_view end,
                      const Visit& visit) const override {
      absl::Status status = snapshot_->Scan(begin, end, visit);
      CallHook(hook_.get());
      return status;
    }

   private:
    const std::shared_ptr<const Snapshot> snapshot_;
    const std::shared_ptr<Hook> hook_;
  };

  class HookedBatch final : public Batch {
   public:
    HookedBatch(std::unique_ptr<Batch> batch, const Hook* on_commit, const absl::Status* failure)
        : batch_(std::move(batch)), on_commit_(*on_commit), failure_(*failure) {}
    absl::Status Put(absl::string_view key, absl::string_view value) override {
      return batch_->Put(key, value);
    }
    absl::Status Delete(absl::string_view key) override { return batch_->Delete(key); }
    absl::Status Commit() override {
      if (!failure_.ok()) return failure_;
      absl::Status status = batch_->Commit();
      if (on_commit_) on_commit_();
      return status;
    }

   private:
    const std::unique_ptr<Batch> batch_;
    const Hook& on_commit_;
    const absl::Status& failure_;
  };

  const std::shared_ptr<Base> base_;
  const std::shared_ptr<Hook> hook_ = std::make_shared<Hook>();
};

}  // namespace rookery::store
