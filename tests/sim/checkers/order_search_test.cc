// The search for an order against one that tries all: random histories of one node with lost writes
// among the others, some of which were told what cannot be.
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "coordinator/base/random.h"
#include "tests/sim/checkers/build.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/register_ops.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

using model::ErrorCode;

// Every place, every one of `perhaps`, nothing left out.
bool FitsSomehow(const RegisterGroup& group, size_t at, std::vector<RegisterState> states,
                 std::vector<bool> used) {
  if (at == group.known.size()) return true;
  for (size_t i = 0; i < group.perhaps.size(); ++i) {
    // It was asked after the answer of this or a later one.
    const bool early =
        std::any_of(group.known.begin() + static_cast<int64_t>(at), group.known.end(),
                    [&](const RegisterOp& known) {
                      return known.call != nullptr && known.call->answered() &&
                             std::holds_alternative<model::WriteOperation>(known.call->operation) &&
                             known.call->returned < group.perhaps[i].call->invoked;
                    });
    if (used[i] || early) continue;
    std::vector<RegisterState> next = states;
    if (!Apply(group.perhaps[i], &next)) continue;
    used[i] = true;
    if (FitsSomehow(group, at, std::move(next), used)) return true;
    used[i] = false;
  }
  return Apply(group.known[at], &states) && FitsSomehow(group, at + 1, std::move(states), used);
}

// What really happens to /k, one request after the other; lost ones late, or never.
class Teller {
 public:
  explicit Teller(uint64_t seed) : random_(seed) {}

  History Tell() {
    for (int left = 12; left > 0; --left) {
      if (!late_.empty() && random_.Chance(0.4)) {
        (void)Do(late_.front());
        late_.erase(late_.begin());
      }
      Ask();
    }
    return std::move(build_.history);
  }

 private:
  void Ask() {
    const Times times{now_, now_ + 1};
    now_ += 2;
    if (random_.Chance(0.35)) return Read(times);
    const model::WriteOperation write = Draw();
    if (lost_ < 4 && random_.Chance(0.4)) {
      ++lost_;
      build_.Lost(1, write, times);
      if (random_.Chance(0.4)) {
        late_.push_back(write);
      } else if (random_.Chance(0.5)) {
        (void)Do(write);
      }
      return;
    }
    const ErrorCode error = Do(write);
    if (error != ErrorCode::kOk) {
      build_.Refused(2, write, times, zxid_, error);
    } else if (std::holds_alternative<model::SetDataRequest>(write)) {
      build_.Ok(2, write, times, zxid_, Stats(Seen()));
    } else {
      build_.Ok(2, write, times, zxid_);
    }
  }
  void Read(Times times) {
    if (!present_) {
      build_.Refused(2, Exists("/k"), times, zxid_, ErrorCode::kNoNode);
    } else if (random_.Chance(0.5)) {
      build_.Ok(2, Exists("/k"), times, zxid_, Stats(Seen()));
    } else {
      build_.Ok(2, Get("/k"), times, zxid_, Holds(data_, Seen()));
    }
  }
  // What an answer says of the node: now and then what is not so.
  model::Stat Seen() {
    model::Stat stat = StatOf(1, mzxid_, version_);
    if (random_.Chance(0.03)) stat.version += random_.Chance(0.5) ? 1 : -1;
    if (random_.Chance(0.02)) stat.mzxid -= 1;
    return stat;
  }
  model::WriteOperation Draw() {
    const std::string data = random_.Chance(0.5) ? "x" : absl::StrCat("d", now_);
    switch (random_.Below(6)) {
      case 0:
        return model::CreateRequest{.path = "/k", .data = data};
      case 1:
        return model::DeleteRequest{.path = "/k", .version = random_.Chance(0.2) ? version_ : -1};
      default:
        return model::SetDataRequest{
            .path = "/k", .data = data, .version = random_.Chance(0.3) ? version_ : -1};
    }
  }
  ErrorCode Do(const model::WriteOperation& write) {
    ++zxid_;
    const auto* set = std::get_if<model::SetDataRequest>(&write);
    const auto* create = std::get_if<model::CreateRequest>(&write);
    if (create != nullptr) {
      if (present_) return ErrorCode::kNodeExists;
      present_ = true;
      version_ = 0;
      data_ = *create->data;
    } else {
      if (!present_) return ErrorCode::kNoNode;
      const int32_t expected =
          set != nullptr ? set->version : std::get<model::DeleteRequest>(write).version;
      if (expected != -1 && expected != version_) return ErrorCode::kBadVersion;
      if (set != nullptr) {
        ++version_;
        data_ = *set->data;
      } else {
        present_ = false;
      }
    }
    mzxid_ = zxid_;
    return ErrorCode::kOk;
  }

  Random random_;
  Build build_;
  Order now_ = 1;
  model::Zxid zxid_ = 1, mzxid_ = 0;
  bool present_ = false;
  int32_t version_ = 0;
  std::string data_;
  int lost_ = 0;
  std::vector<model::WriteOperation> late_;
};

TEST(OrderSearchTest, FindsAnOrderWhereverThereIsOne) {
  int fit = 0, misfit = 0;
  for (uint64_t seed = 1; seed <= 20'000; ++seed) {
    const History history = Teller(seed).Tell();
    bool fits = true;
    for (const RegisterGroup& group : GroupRegisters(history)) {
      fits = fits && FitsSomehow(group, 0, std::vector<RegisterState>(group.paths.size()),
                                 std::vector<bool>(group.perhaps.size()));
    }
    ++(fits ? fit : misfit);
    std::string text;
    for (const Call& call : history.calls) absl::StrAppend(&text, ToText(call), "\n");
    ASSERT_EQ(CheckLinearizability(history).empty(), fits) << "seed " << seed << "\n" << text;
  }
  EXPECT_GT(fit, 5'000);
  EXPECT_GT(misfit, 1'000);
}

}  // namespace
}  // namespace rookery::sim
