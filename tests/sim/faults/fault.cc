#include "tests/sim/faults/fault.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/base/check.h"

namespace rookery::sim {
namespace {

using Kind = Fault::Kind;

constexpr auto kKinds = static_cast<size_t>(Kind::kCount);
constexpr int64_t kSecond = 1'000'000;

struct Shape {
  Kind kind;
  const char* name;
  int weight;  // among others
};
constexpr Shape kShapes[] = {
    {Kind::kCrash, "crash", 6},
    {Kind::kPowerLoss, "power-loss", 6},
    {Kind::kCrashInDiskWork, "crash-in-disk-work", 6},
    {Kind::kPause, "pause", 5},
    {Kind::kCut, "cut", 6},
    {Kind::kCutOneWay, "cut-one-way", 5},
    {Kind::kCutClients, "cut-clients", 3},
    {Kind::kReset, "reset", 6},
    {Kind::kResetClients, "reset-clients", 5},
    {Kind::kDelay, "delay", 5},
    {Kind::kFlipWire, "flip-wire", 2},
    {Kind::kSlowDisk, "slow-disk", 4},
    {Kind::kFullDisk, "full-disk", 2},
    {Kind::kFlipLog, "flip-log", 1},
    {Kind::kFlipState, "flip-state", 1},
    {Kind::kFlipFile, "flip-file", 1},
    {Kind::kDamageCheckpoint, "damage-checkpoint", 4},
    {Kind::kDrift, "drift", 2},
    {Kind::kJumpWall, "jump-wall", 2},
    {Kind::kTransfer, "transfer", 5},
    {Kind::kWipe, "wipe", 1},
    {Kind::kAddServer, "add-server", 1},
    {Kind::kCrashClient, "crash-client", 4},
    {Kind::kPauseClient, "pause-client", 4},
    {Kind::kCutClient, "cut-client", 3},
    {Kind::kResetClient, "reset-client", 6},
};
static_assert(std::size(kShapes) == kKinds);
// Those before are what DrawFaults draws: the draws of older seeds stay what they were.
constexpr auto kServerKinds = static_cast<size_t>(Kind::kCrashClient);

// Often short, sometimes longer than a session's timeout.
int64_t DrawDuration(Random* random) {
  constexpr int64_t kMostUs[] = {20'000, 300'000, kSecond, 4 * kSecond, 12 * kSecond};
  return random->Between(1'000, kMostUs[random->Below(std::size(kMostUs))]);
}

int64_t DrawAmount(Kind kind, Random* random) {
  switch (kind) {
    case Kind::kCrashInDiskWork:
      return random->Between(1, random->Chance(0.5) ? 8 : 200);
    case Kind::kAddServer:
      return random->Between(0, 1);
    case Kind::kReset:
    case Kind::kResetClient:
    case Kind::kDamageCheckpoint:
      return random->Between(0, 3);
    case Kind::kDelay:
      return random->Between(1'000, random->Chance(0.5) ? 30'000 : 400'000);
    case Kind::kSlowDisk:
      return random->Between(1'000, random->Chance(0.5) ? 20'000 : 600'000);
    case Kind::kDrift:
      return random->Between(-20'000, 20'000);
    case Kind::kJumpWall:
      return random->Between(-4'000'000, 4'000'000);
    default:
      return 0;
  }
}

bool TakesOther(Kind kind) {
  return kind == Kind::kCut || kind == Kind::kCutOneWay || kind == Kind::kReset ||
         kind == Kind::kDelay || kind == Kind::kFlipWire;
}

Fault DrawFault(Kind kind, Random* random, const FaultOptions& options) {
  Fault fault = {.kind = kind};
  fault.at_us = random->Between(0, options.run_us);
  // The leader is worth a fault of its own every third time.
  fault.server =
      random->Chance(0.33) ? 0 : static_cast<uint32_t>(random->Between(1, options.servers));
  if (TakesOther(kind) && random->Chance(0.6)) {
    fault.other = static_cast<uint32_t>(random->Between(1, options.servers));
  }
  fault.for_us = DrawDuration(random);
  fault.amount = DrawAmount(kind, random);
  // What the leader has made is what others fetch.
  if (kind == Kind::kDamageCheckpoint && fault.amount < 2) fault.server = 0;
  return fault;
}

// The leader falls, or hands over, and leads again in the same life, some times in a row.
void AddReturns(Random* random, const FaultOptions& options, std::vector<Fault>* faults) {
  constexpr Kind kFalls[] = {Kind::kTransfer, Kind::kTransfer, Kind::kCut, Kind::kCutOneWay,
                             Kind::kPause};
  int64_t at_us = random->Between(options.run_us / 4, options.run_us);
  for (int64_t left = random->Between(1, 5); left > 0; --left) {
    Fault fall = {.kind = kFalls[random->Below(std::size(kFalls))], .at_us = at_us};
    if (fall.kind == Kind::kTransfer) {
      fall.server = static_cast<uint32_t>(random->Between(1, options.servers));
    }
    fall.for_us = random->Between(300'000, 2 * kSecond);
    at_us += fall.for_us + random->Between(100'000, kSecond);
    faults->push_back(fall);
    faults->push_back({.kind = Kind::kTransfer, .at_us = at_us, .amount = 1});
    at_us += random->Between(300'000, 2 * kSecond);
  }
}

}  // namespace

absl::string_view NameOf(Kind kind) {
  for (const Shape& shape : kShapes) {
    if (shape.kind == kind) return shape.name;
  }
  ROOKERY_CHECK(false) << "no such kind";
  return "";
}

std::string ToText(const Fault& fault) {
  std::string text = absl::StrFormat(
      "%9.6f %s %s", static_cast<double>(fault.at_us) * 1e-6, NameOf(fault.kind),
      fault.server == 0
          ? "leader"
          : absl::StrCat(IsOfClient(fault.kind) ? "client " : "server ", fault.server));
  if (fault.other != 0) absl::StrAppend(&text, " and ", fault.other);
  if (fault.amount != 0) absl::StrAppend(&text, ", ", fault.amount);
  absl::StrAppendFormat(&text, ", for %.6f s", static_cast<double>(fault.for_us) * 1e-6);
  return text;
}

bool IsOfClient(Kind kind) { return static_cast<size_t>(kind) >= kServerKinds; }

void AddClientFaults(Random* random, uint32_t clients, int64_t run_us, std::vector<Fault>* faults) {
  uint64_t sum = 0;
  for (size_t i = kServerKinds; i < kKinds; ++i) sum += static_cast<uint64_t>(kShapes[i].weight);
  const int64_t most = random->Chance(0.5) ? 8 : 25;
  for (int64_t left = random->Between(3, most); left > 0; --left) {
    uint64_t at = random->Below(sum);
    size_t kind = kServerKinds;
    while (at >= static_cast<uint64_t>(kShapes[kind].weight)) {
      at -= static_cast<uint64_t>(kShapes[kind++].weight);
    }
    Fault fault = {.kind = kShapes[kind].kind};
    fault.at_us = random->Between(0, run_us);
    fault.server = static_cast<uint32_t>(random->Between(1, clients));
    fault.for_us = DrawDuration(random);
    fault.amount = DrawAmount(fault.kind, random);
    faults->push_back(fault);
  }
  std::stable_sort(faults->begin(), faults->end(),
                   [](const Fault& a, const Fault& b) { return a.at_us < b.at_us; });
}

std::vector<Fault> DrawFaults(Random* random, const FaultOptions& options) {
  // A run has its own taste: some kinds often, some not at all.
  std::array<uint64_t, kServerKinds> weights = {};
  uint64_t sum = 0;
  for (size_t i = 0; i < kServerKinds; ++i) {
    const uint64_t taste = random->Below(4);  // a quarter of the kinds does not come
    weights[i] = static_cast<uint64_t>(kShapes[i].weight) * taste;
    sum += weights[i];
  }
  if (sum == 0) sum = weights[0] = 1;
  // Some cannot be when their time comes.
  constexpr int64_t kLeast = 9;
  const int64_t most = random->Chance(0.5) ? 20 : 60;
  std::vector<Fault> faults;
  for (int64_t left = random->Between(kLeast, most); left > 0; --left) {
    uint64_t at = random->Below(sum);
    size_t kind = 0;
    while (at >= weights[kind]) at -= weights[kind++];
    faults.push_back(DrawFault(kShapes[kind].kind, random, options));
  }
  if (random->Chance(0.4)) AddReturns(random, options, &faults);
  std::erase_if(faults, [&](const Fault& fault) { return fault.at_us > options.run_us; });
  std::stable_sort(faults.begin(), faults.end(),
                   [](const Fault& a, const Fault& b) { return a.at_us < b.at_us; });
  return faults;
}

}  // namespace rookery::sim
