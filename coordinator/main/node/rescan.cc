#include "coordinator/main/node/rescan.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/logging.h"

namespace rookery {
namespace {

// About 20 MiB a second at most, so that nobody waits for it.
constexpr uint64_t kSliceBytes = 1 << 20;
constexpr int64_t kPauseUs = 50'000;

constexpr char kRepair[] =
    "; nothing from it may be served: move the data directory away and let the server come back "
    "with `rookery ensemble rejoin N`, a lone server needs `rookery restore`";

}  // namespace

Rescan::Rescan(Executor* core, BackgroundExecutor* background, std::shared_ptr<store::Base> base,
               int64_t period_us, std::function<void(absl::Status)> on_damage)
    : core_(core),
      background_(background),
      base_(std::move(base)),
      period_us_(period_us),
      on_damage_(std::move(on_damage)) {
  Begin();
}

Rescan::~Rescan() {
  *alive_ = false;
  core_->Cancel(timer_);
}

void Rescan::Hurry() {
  if (pass_ != nullptr) {
    again_ = true;
    return;
  }
  core_->Cancel(timer_);
  Begin();
}

void Rescan::Begin() {
  again_ = false;
  pass_ = std::make_shared<Pass>();
  pass_->name = base_->name();
  pass_->snapshot = base_->TakeSnapshot();
  Slice();
}

void Rescan::Slice() {
  background_->Run([this, core = core_, alive = alive_, pass = pass_]() mutable {
    absl::StatusOr<bool> more = pass->check.Continue(*pass->snapshot, kSliceBytes);
    if (more.ok() && !*more) {
      const absl::Status sum = pass->check.Finish();
      if (!sum.ok()) more = sum;
    }
    pass.reset();  // a snapshot may hold a directory that is to be removed
    core->Post([this, alive = std::move(alive), more = std::move(more)] {
      if (*alive) OnSlice(more);
    });
  });
}

void Rescan::OnSlice(const absl::StatusOr<bool>& more) {
  if (!more.ok()) {
    std::string text =
        absl::StrCat("the state in ", pass_->name, " is damaged: ", more.status().message());
    if (!absl::StrContains(text, "rookery ensemble rejoin")) absl::StrAppend(&text, kRepair);
    return on_damage_(absl::Status(more.status().code(), text));
  }
  if (*more) {
    timer_ = core_->RunAfter(kPauseUs, [this] { Slice(); });
    return;
  }
  LogInfo("the state was read again and is whole", {{"state", pass_->name},
                                                    {"entry", pass_->check.state().applied_index},
                                                    {"bytes", pass_->check.bytes()}});
  pass_.reset();
  if (again_) return Begin();
  timer_ = core_->RunAfter(period_us_, [this] { Begin(); });
}

}  // namespace rookery
