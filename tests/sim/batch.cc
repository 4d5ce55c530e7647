#include "tests/sim/batch.h"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace rookery::sim {
namespace {

constexpr uint64_t kSeedsForRarePaths = 1'000;
constexpr uint64_t kReachedLeast = 20;
constexpr uint64_t kUnjudgedOneIn = 100;
constexpr double kProgressSeconds = 10;

double Now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

class Sums {
 public:
  void Add(const Outcome& one) {
    ++seeds_;
    virtual_us_ += one.virtual_us;
    cpu_us_ += one.cpu_us;
    if (one.cpu_us > cpu_most_us_) {
      cpu_most_us_ = one.cpu_us;
      cpu_most_seed_ = one.seed;
    }
    searches_.made += one.searches.made;
    searches_.given_up += one.searches.given_up;
    if (one.searches.given_up > 0) ++unjudged_;
    requests_ += one.requests;
    succeeded_ += one.succeeded;
    faults_ += one.faults;
    if (one.requests < kRequestsLeast || 2 * one.succeeded < one.requests ||
        one.faults < kFaultsLeast) {
      if (thin_++ == 0) thin_seed_ = one.seed;
    }
    if (!one.violations.empty()) ++failed_;
    rare_.AddText(one.rare);
    for (const absl::string_view word : absl::StrSplit(one.faults_by_kind, ' ')) {
      const std::pair<std::string, absl::string_view> pair = absl::StrSplit(word, '=');
      uint64_t times = 0;
      if (absl::SimpleAtoi(pair.second, &times)) kinds_[pair.first] += times;
    }
  }

  uint64_t seeds() const { return seeds_; }
  uint64_t failed() const { return failed_; }

  void PrintProgress(uint64_t of, double seconds) const {
    absl::PrintF("  %d of %d seeds, %.1f simulated hours per minute, %d failed\n", seeds_, of,
                 HoursPerMinute(seconds), failed_);
    std::fflush(stdout);
  }

  void Print(double seconds) const {
    absl::PrintF(
        "%d seeds in %.1f s: %.1f simulated hours (%.1f per minute), %.3f s of CPU a seed (most "
        "%.2f, seed %d)\n",
        seeds_, seconds, static_cast<double>(virtual_us_) / 3.6e9, HoursPerMinute(seconds),
        static_cast<double>(cpu_us_) * 1e-6 / static_cast<double>(std::max<uint64_t>(1, seeds_)),
        static_cast<double>(cpu_most_us_) * 1e-6, cpu_most_seed_);
    absl::PrintF("%d requests, %d succeeded; %d faults:", requests_, succeeded_, faults_);
    for (const auto& [kind, times] : kinds_) absl::PrintF(" %s=%d", kind, times);
    absl::PrintF("\nrare paths: %s\n", rare_.ToText());
    absl::PrintF("%d searches for an order, %d given up, in %d seeds\n", searches_.made,
                 searches_.given_up, unjudged_);
    if (thin_ > 0) {
      absl::PrintF(
          "%d seeds had less than %d requests, half of them well, or %d faults (the first: %d)\n",
          thin_, kRequestsLeast, kFaultsLeast, thin_seed_);
    }
    absl::PrintF("%d of %d seeds failed\n", failed_, seeds_);
  }

  bool Judged() const {
    if (unjudged_ * kUnjudgedOneIn <= seeds_) return true;
    absl::PrintF("more than one seed in %d has a history that is too hard to judge\n",
                 kUnjudgedOneIn);
    return false;
  }

  // Prints those that were not reached often enough.
  bool RarePathsReached(bool recipes) const {
    bool all = true;
    for (size_t i = 0; i < static_cast<size_t>(Rare::kCount); ++i) {
      const auto path = static_cast<Rare>(i);
      if (IsOfRecipes(path) != recipes || rare_.Of(path) >= kReachedLeast) continue;
      all = false;
      absl::PrintF("rare path %s was reached %d times, and should be at least %d times\n",
                   NameOf(path), rare_.Of(path), kReachedLeast);
    }
    return all;
  }

 private:
  double HoursPerMinute(double seconds) const {
    return static_cast<double>(virtual_us_) / 3.6e9 / std::max(seconds, 0.001) * 60;
  }

  uint64_t seeds_ = 0, failed_ = 0, thin_ = 0;
  int64_t virtual_us_ = 0, cpu_us_ = 0, cpu_most_us_ = 0;
  uint64_t cpu_most_seed_ = 0;
  uint64_t thin_seed_ = 0;
  uint64_t requests_ = 0, succeeded_ = 0, faults_ = 0;
  Searches searches_;
  uint64_t unjudged_ = 0;  // seeds in which a search gave up
  std::map<std::string, uint64_t> kinds_;
  RarePaths rare_;
};

// Runs all seeds, `jobs` at a time; ends when `take` returns false.
void RunAll(const BatchOptions& options, const PlanOf& plan_of,
            absl::FunctionRef<bool(const Outcome&)> take) {
  const uint32_t jobs = std::max(1u, options.jobs);
  std::vector<std::unique_ptr<Worker>> workers;
  for (uint32_t job = 0; job < jobs; ++job) {
    std::vector<uint64_t> seeds;
    for (uint64_t i = job; i < options.seeds; i += jobs) seeds.push_back(options.first_seed + i);
    if (!seeds.empty()) workers.push_back(std::make_unique<Worker>(std::move(seeds), plan_of));
  }
  bool go_on = true;
  while (!workers.empty() && go_on) {
    std::vector<pollfd> polled;
    for (const auto& worker : workers) polled.push_back({worker->fd(), POLLIN, 0});
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    for (size_t i = polled.size(); i-- > 0 && go_on;) {
      if (polled[i].revents == 0) continue;
      const bool more =
          workers[i]->Read([&](const Outcome& outcome) { go_on = go_on && take(outcome); });
      if (more) continue;
      // Done, or it died in a run: another goes on behind that.
      std::vector<uint64_t> left = workers[i]->left();
      workers.erase(workers.begin() + static_cast<int64_t>(i));
      if (!left.empty()) workers.push_back(std::make_unique<Worker>(std::move(left), plan_of));
    }
  }
}

}  // namespace

void PrintViolations(const Outcome& outcome, bool recipes) {
  for (const std::string& text : outcome.violations) {
    absl::PrintF("seed %d VIOLATION %s\n", outcome.seed, text);
  }
  absl::PrintF("  replay: ./tools/sim %s--seed %d --trace\n", recipes ? "--recipes " : "",
               outcome.seed);
  std::fflush(stdout);
}

bool RunBatch(const BatchOptions& options, const PlanOf& plan_of) {
  const double begin = Now();
  double told = begin;
  Sums sums;
  RunAll(options, plan_of, [&](const Outcome& outcome) {
    sums.Add(outcome);
    if (!outcome.violations.empty()) PrintViolations(outcome, options.recipes);
    if (Now() - told >= kProgressSeconds) {
      told = Now();
      sums.PrintProgress(options.seeds, told - begin);
    }
    return !options.stop_at_violation || outcome.violations.empty();
  });
  sums.Print(Now() - begin);
  bool good = sums.failed() == 0;
  if (sums.seeds() < kSeedsForRarePaths) return good;
  good = sums.RarePathsReached(options.recipes) && good;
  return sums.Judged() && good;
}

std::optional<Outcome> FirstViolation(const BatchOptions& options, const PlanOf& plan_of) {
  std::optional<Outcome> first;
  RunAll(options, plan_of, [&](const Outcome& outcome) {
    if (!outcome.violations.empty()) first = outcome;
    return !first.has_value();
  });
  return first;
}

}  // namespace rookery::sim
