#include "tools/rookery/shell/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::tools::shell {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(SplitWordsTest, BlanksPartWordsAndQuotesHoldThem) {
  EXPECT_THAT(*SplitWords("  set /a   'two words' \"and \\\"three\\\"\" x\\ y '' "),
              ElementsAre("set", "/a", "two words", "and \"three\"", "x y", ""));
  EXPECT_THAT(*SplitWords("   "), IsEmpty());
  EXPECT_THAT(*SplitWords("a'b'c"), ElementsAre("abc"));
}

TEST(SplitWordsTest, OpenQuoteIsAnError) {
  EXPECT_THAT(std::string(SplitWords("set /a 'x").status().message()), HasSubstr("not closed"));
}

const Grammar kGrammar{"sw", "v", 1, 2};

TEST(ArgumentsTest, OptionsStandAnywhere) {
  const auto arguments = Arguments::Parse(kGrammar, {"/a", "-v", "-3", "data", "-s"});
  ASSERT_TRUE(arguments.ok()) << arguments.status();
  EXPECT_TRUE(arguments->Has('s'));
  EXPECT_FALSE(arguments->Has('w'));
  EXPECT_EQ(*arguments->Number('v'), -3);
  EXPECT_EQ(arguments->word(0), "/a");
  EXPECT_EQ(arguments->word(1), "data");
}

TEST(ArgumentsTest, NumbersAndWhatFollowsTwoDashesAreWords) {
  const auto negative = Arguments::Parse(kGrammar, {"/a", "-5"});
  ASSERT_TRUE(negative.ok());
  EXPECT_EQ(negative->word(1), "-5");
  const auto dashed = Arguments::Parse(kGrammar, {"--", "-s", "-w"});
  ASSERT_TRUE(dashed.ok());
  EXPECT_EQ(dashed->word(0), "-s");
  EXPECT_FALSE(dashed->Has('s'));
}

TEST(ArgumentsTest, SaysWhatIsWrong) {
  const auto message = [](const std::vector<std::string>& words) {
    return std::string(Arguments::Parse(kGrammar, words).status().message());
  };
  EXPECT_EQ(message({}), "too few words");
  EXPECT_EQ(message({"a", "b", "c"}), "too many words, from c on");
  EXPECT_EQ(message({"a", "-x"}), "unknown option -x");
  EXPECT_THAT(message({"a", "-stat"}), HasSubstr("unknown option -stat"));
  EXPECT_EQ(message({"a", "-v"}), "-v wants a value");
}

TEST(ArgumentsTest, OptionWantsANumber) {
  const auto arguments = Arguments::Parse(kGrammar, {"/a", "-v", "x"});
  ASSERT_TRUE(arguments.ok());
  EXPECT_EQ(arguments->Number('v').status().message(), "-v wants a number, found x");
  EXPECT_EQ(*Arguments::Parse(kGrammar, {"/a"})->Number('v'), std::nullopt);
}

}  // namespace
}  // namespace rookery::tools::shell
