#include "tests/unit/base/edge_harness.h"

#include <future>
#include <utility>

#include "coordinator/base/clock.h"
#include "coordinator/base/net/asio_core.h"
#include "tests/sim/edges/process.h"
#include "tests/sim/edges/world.h"

namespace rookery {
namespace {

constexpr int64_t kPatienceUs = 20'000'000;

class Real final : public EdgeHarness {
 public:
  Real() : background_(StartThread("background")) { core_.Start("core"); }
  ~Real() override {
    background_.reset();
    core_.Stop();
  }
  Executor* executor() override { return &core_; }
  Network* network() override { return &core_; }
  BackgroundExecutor* background() override { return background_.get(); }
  int64_t NowUs() override { return SystemClock().NowUs(); }
  void Do(std::function<void()> task) override {
    std::promise<void> done;
    core_.Post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }
  bool WaitFor(std::function<bool()> done) override {
    const int64_t deadline_us = NowUs() + kPatienceUs;
    std::promise<bool> result;
    std::function<void()> look = [&] {
      if (done()) return result.set_value(true);
      if (NowUs() > deadline_us) return result.set_value(false);
      core_.RunAfter(200, [&look] { look(); });
    };
    core_.Post([&look] { look(); });
    return result.get_future().get();
  }

 private:
  AsioCore core_;
  std::unique_ptr<BackgroundExecutor> background_;
};

class Simulated final : public EdgeHarness {
 public:
  Executor* executor() override { return &process_; }
  Network* network() override { return &process_; }
  BackgroundExecutor* background() override { return &background_; }
  int64_t NowUs() override { return process_.NowUs(); }
  void Do(std::function<void()> task) override {
    bool done = false;
    process_.Post([&] {
      task();
      done = true;
    });
    world_.RunUntil([&] { return done; });
  }
  bool WaitFor(std::function<bool()> done) override { return world_.RunUntil(done, kPatienceUs); }

 private:
  sim::World world_;
  sim::Process process_{&world_};
  sim::Background background_{&process_};
};

}  // namespace

std::unique_ptr<EdgeHarness> RealEdges() { return std::make_unique<Real>(); }
std::unique_ptr<EdgeHarness> SimulatedEdges() { return std::make_unique<Simulated>(); }

}  // namespace rookery
