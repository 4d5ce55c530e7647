#include "coordinator/base/ring.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>

#include "coordinator/base/random.h"

namespace rookery {
namespace {

TEST(RingTest, HoldsWhatADequeHolds) {
  Random random(7);
  Ring<std::unique_ptr<uint64_t>> ring;
  std::deque<uint64_t> model;
  for (uint64_t i = 0; i < 100'000; ++i) {
    // Mostly more, then mostly fewer, so that it grows, goes round, and is given back.
    if (random.Chance(i / 20'000 % 2 == 0 ? 0.7 : 0.3)) {
      ring.push_back(std::make_unique<uint64_t>(i));
      model.push_back(i);
    } else if (!model.empty()) {
      ASSERT_EQ(*ring.front(), model.front());
      ring.pop_front();
      model.pop_front();
    }
    ASSERT_EQ(ring.size(), model.size());
    if (!model.empty()) ASSERT_EQ(*ring.back(), model.back());
  }
  size_t at = 0;
  for (const auto& element : ring) ASSERT_EQ(*element, model[at++]);
}

}  // namespace
}  // namespace rookery
