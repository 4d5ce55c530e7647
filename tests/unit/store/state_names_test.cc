#include "coordinator/store/state_names.h"

#include <string>

#include "gtest/gtest.h"

namespace rookery::store {
namespace {

TEST(StateNamesTest, TheFormatOfTodayIsRead) {
  EXPECT_TRUE(CheckFormat("state-1", FormatText()).ok());
}

TEST(StateNamesTest, EachFlippedBitOfTheFormatIsRefused) {
  const std::string text = FormatText();
  for (size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string flipped = text;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(CheckFormat("state-1", flipped).ok()) << "bit " << bit;
  }
}

TEST(StateNamesTest, AFormatThatWasCutOrGrewIsRefused) {
  const std::string text = FormatText();
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(CheckFormat("state-1", text.substr(0, size)).ok()) << size << " bytes";
  }
  EXPECT_FALSE(CheckFormat("state-1", text + "\n").ok());
}

}  // namespace
}  // namespace rookery::store
