#include "coordinator/frontend/commands/directory_meter.h"

#include <algorithm>
#include <utility>

namespace rookery::frontend {

DirectoryMeter::DirectoryMeter(Executor* core, BackgroundExecutor* background, const Clock* clock,
                               std::string data_dir, std::string log_dir, Measure measure)
    : core_(core),
      background_(background),
      clock_(clock),
      measure_([data_dir = std::move(data_dir), log_dir = std::move(log_dir),
                measure = std::move(measure)] {
        return DirectoryFacts{.data_bytes = measure(data_dir), .log_bytes = measure(log_dir)};
      }),
      facts_(measure_()) {}

DirectoryMeter::~DirectoryMeter() {
  *alive_ = false;
  core_->Cancel(timer_);
}

void DirectoryMeter::Start() { MeasureInBackground(); }

void DirectoryMeter::MeasureInBackground() {
  background_->Run([this, core = core_, clock = clock_, alive = alive_, measure = measure_] {
    const int64_t begin_us = clock->NowUs();
    const DirectoryFacts facts = measure();
    const int64_t pause_us = std::max(kPeriodUs, 20 * (clock->NowUs() - begin_us));
    core->Post([this, alive, facts, pause_us] {
      if (!*alive) return;
      facts_ = facts;
      timer_ = core_->RunAfter(pause_us, [this] { MeasureInBackground(); });
    });
  });
}

}  // namespace rookery::frontend
