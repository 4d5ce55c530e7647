// What a worker writes, a line each:
//
//   begin <seed>
//   violation <text>
//   end <hash> <virtual us> <cpu us> <requests> <succeeded> <faults> <searches>
//       <given up> '|' <rare paths> '|' <faults>
#include "tests/sim/worker.h"

#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "coordinator/base/check.h"
#include "coordinator/base/fatal.h"
#include "tests/sim/edges/world.h"

namespace rookery::sim {
namespace {

// A run that takes more CPU than this goes round in circles.
constexpr int kCpuMaxSeconds = 60;

int g_out = -1;

void WriteLine(const std::string& line) {
  const std::string text = absl::StrCat(absl::StrReplaceAll(line, {{"\n", " "}}), "\n");
  for (size_t at = 0; at < text.size();) {
    const ssize_t written = write(g_out, text.data() + at, text.size() - at);
    if (written <= 0) _exit(3);
    at += static_cast<size_t>(written);
  }
}

void Ended(absl::string_view text, bool failed_check) {
  if (!failed_check) throw ProcessEnded{ProcessEnded::Kind::kFatal, std::string(text)};
  WriteLine(absl::StrCat("violation ", text));
}

void LimitCpu() {
  const itimerval limit = {.it_interval = {}, .it_value = {.tv_sec = kCpuMaxSeconds, .tv_usec = 0}};
  setitimer(ITIMER_PROF, &limit, nullptr);
}

[[noreturn]] void Work(const std::vector<uint64_t>& seeds, const PlanOf& plan_of) {
  SetEnder(Ended);
  for (const uint64_t seed : seeds) {
    LimitCpu();
    WriteLine(absl::StrCat("begin ", seed));
    const RunResult result = RunSeed(plan_of(seed));
    for (const std::string& text : result.violations) WriteLine(absl::StrCat("violation ", text));
    WriteLine(absl::StrCat("end ", result.trace_hash, " ", result.virtual_us, " ", result.cpu_us,
                           " ", result.requests, " ", result.succeeded, " ", result.fault_count(),
                           " ", result.searches.made, " ", result.searches.given_up, "|",
                           result.rare.ToText(), "|", FaultsToText(result)));
  }
  _exit(0);
}

uint64_t Number(absl::string_view text) {
  uint64_t number = 0;
  return absl::SimpleAtoi(text, &number) ? number : 0;
}

std::string DeathOf(int status) {
  if (!WIFSIGNALED(status)) return absl::StrCat("the run's process ended with ", status);
  if (WTERMSIG(status) == SIGPROF) {
    return absl::StrCat("the run took more than ", kCpuMaxSeconds, " s of CPU");
  }
  return absl::StrCat("the run's process died of signal ", WTERMSIG(status));
}

}  // namespace

Worker::Worker(std::vector<uint64_t> seeds, PlanOf plan_of) : left_(std::move(seeds)) {
  std::array<int, 2> ends = {};
  ROOKERY_CHECK(pipe(ends.data()) == 0) << "no pipe";
  pid_ = fork();
  ROOKERY_CHECK(pid_ >= 0) << "no process";
  if (pid_ == 0) {
    close(ends[0]);
    g_out = ends[1];
    Work(left_, plan_of);
  }
  close(ends[1]);
  fd_ = ends[0];
}

Worker::~Worker() {
  close(fd_);
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool Worker::Read(absl::FunctionRef<void(const Outcome&)> take) {
  std::array<char, 4096> piece = {};
  const ssize_t size = read(fd_, piece.data(), piece.size());
  if (size > 0) {
    buffer_.append(piece.data(), static_cast<size_t>(size));
    for (size_t end; (end = buffer_.find('\n')) != std::string::npos;) {
      const std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      Line(line, take);
    }
    return true;
  }
  int status = 0;
  waitpid(std::exchange(pid_, 0), &status, 0);
  if (now_.seed != 0) {
    now_.violations.push_back(DeathOf(status));
    take(std::exchange(now_, {}));
    left_.erase(left_.begin());
  }
  return false;
}

void Worker::Line(const std::string& line, absl::FunctionRef<void(const Outcome&)> take) {
  absl::string_view rest = line;
  if (absl::ConsumePrefix(&rest, "begin ")) {
    now_ = {.seed = Number(rest)};
  } else if (absl::ConsumePrefix(&rest, "violation ")) {
    now_.violations.emplace_back(rest);
  } else if (absl::ConsumePrefix(&rest, "end ")) {
    const std::vector<absl::string_view> parts = absl::StrSplit(rest, '|');
    const std::vector<absl::string_view> numbers = absl::StrSplit(parts[0], ' ');
    ROOKERY_CHECK(parts.size() == 3 && numbers.size() == 8) << line;
    now_.trace_hash = Number(numbers[0]);
    now_.virtual_us = static_cast<int64_t>(Number(numbers[1]));
    now_.cpu_us = static_cast<int64_t>(Number(numbers[2]));
    now_.requests = Number(numbers[3]);
    now_.succeeded = Number(numbers[4]);
    now_.faults = Number(numbers[5]);
    now_.searches = {Number(numbers[6]), Number(numbers[7])};
    now_.rare = std::string(parts[1]);
    now_.faults_by_kind = std::string(parts[2]);
    left_.erase(left_.begin());
    take(std::exchange(now_, {}));
  }
}

Outcome RunIsolated(const RunPlan& plan) {
  Worker worker({plan.seed}, [&plan](uint64_t) { return plan; });
  Outcome outcome;
  while (worker.Read([&](const Outcome& one) { outcome = one; })) {
  }
  return outcome;
}

}  // namespace rookery::sim
