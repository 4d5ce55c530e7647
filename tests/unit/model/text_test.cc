#include "coordinator/model/text.h"

#include <gtest/gtest.h>

namespace rookery::model {
namespace {

TEST(TextTest, PlainTextIsWhatPathsMayHold) {
  for (const char* text : {"", "a b", "ü€", "/"}) EXPECT_TRUE(IsPlainText(text)) << text;
  for (const char* text : {"\n", "\x7f", "\xff", "\xc3", "\xf0\x9f\x90\xa6", "\xee\x80\x80"}) {
    EXPECT_FALSE(IsPlainText(text)) << text;
  }
}

TEST(TextTest, Utf8IsWhatMessagesMayHold) {
  for (const char* text : {"", "a\n", "ü€", "\xf0\x9f\x90\xa6", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
  EXPECT_TRUE(IsUtf8(absl::string_view("\0", 1)));
  // Cut short, too long a form, a surrogate, above the last, a lone tail.
  for (const char* text :
       {"\xff", "a\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"}) {
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
}

}  // namespace
}  // namespace rookery::model
