// Draws a picture of the cluster on the terminal again and again, until it is told to stop.
#pragma once

#include <functional>
#include <memory>

#include "broker-sim/screen/terminal.h"
#include "broker-sim/view/picture.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"

namespace rookery::broker_sim {

class LiveScreen {
 public:
  // `take` gives the picture as it is now, without elapsed time and speeds. On the executor, which
  // outlives this.
  LiveScreen(Executor* executor, const Clock* clock, bool typed_into,
             std::function<Picture()> take);

  void Start();
  // The terminal is the shell's again. What is to stay is printed afterwards.
  void Stop();

 private:
  void Draw();

  static constexpr int64_t kPeriodUs = 250'000;
  Executor* const executor_;
  const Clock* const clock_;
  const std::function<Picture()> take_;
  const int64_t begun_us_;
  Terminal terminal_;
  Speeds speeds_;
  int drawn_rows_ = 0, drawn_columns_ = 0;
  std::shared_ptr<bool> running_ = std::make_shared<bool>(true);
};

}  // namespace rookery::broker_sim
