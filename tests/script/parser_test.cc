// The scripts' own grammar.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/script/command.h"
#include "tests/script/reply_text.h"
#include "tests/script/script.h"
#include "tests/script/words.h"

namespace rookery::script {
namespace {

using testing::ElementsAre;

TEST(WordsTest, QuotesWhatNeedsQuotes) {
  const auto words = SplitWords(R"(c1  create "/a \"b\" \x01" x="y)");
  ASSERT_TRUE(words.ok());
  ASSERT_EQ(words->size(), 4u);
  EXPECT_EQ((*words)[2].text, "/a \"b\" \x01");
  EXPECT_TRUE((*words)[2].quoted);
  EXPECT_EQ((*words)[3].text, "x=\"y");
  EXPECT_FALSE(SplitWords(R"(c1 get "/a)").ok());
  EXPECT_EQ(PathText("/a"), "/a");
  for (const std::string& path : {std::string(), std::string("/a b"), std::string("/\0", 2),
                                  std::string("/\x01"
                                              "f"),
                                  std::string("/\"")}) {
    const auto again = SplitWords(PathText(path));
    ASSERT_TRUE(again.ok()) << PathText(path);
    EXPECT_EQ(again->at(0).text, path);
  }
}

TEST(ScriptFileTest, IsWrittenAsItWasRead) {
  const std::string text =
      "# head\n\nc1 open\n  Ok\nc1 multi\n+ create /a\n+ delete /a\n  Ok z1\n  + Ok /a\n\n# end\n";
  const std::vector<Step> steps = ParseScript(text);
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_THAT(steps[0].before, ElementsAre("# head", ""));
  EXPECT_EQ(steps[0].line, 3);
  EXPECT_THAT(steps[1].request, ElementsAre("c1 multi", "+ create /a", "+ delete /a"));
  EXPECT_THAT(steps[1].answers, ElementsAre("Ok z1", "+ Ok /a"));
  EXPECT_TRUE(steps[2].request.empty());
  EXPECT_EQ(ScriptText(steps), text);
}

TEST(CommandTest, ReadsOperandsInAnyOrder) {
  const auto command =
      ParseCommand({R"(c1 create /a "x" acl=ip:::1:rw,world:anyone:33 stat ephemeral &)"}, 0);
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->connection, "c1");
  EXPECT_FALSE(command->waits);
  const auto& create =
      std::get<model::CreateRequest>(std::get<model::WriteOperation>(command->what));
  EXPECT_EQ(create,
            (model::CreateRequest{.path = "/a",
                                  .data = "x",
                                  .acl = model::Acl{{3, {"ip", "::1"}}, {33, {"world", "anyone"}}},
                                  .flags = model::kEphemeral,
                                  .want_stat = true}));
}

TEST(CommandTest, TellsZxidsFromTheBase) {
  const auto command = ParseCommand({"c1 setwatches since=z5 data=/a,/b"}, 100);
  ASSERT_TRUE(command.ok()) << command.status();
  const auto& watches =
      std::get<model::SetWatchesRequest>(std::get<model::ReadOperation>(command->what));
  EXPECT_EQ(watches.relative_zxid, 105);
  EXPECT_THAT(watches.data, ElementsAre("/a", "/b"));
  EXPECT_EQ((Names{.zxid_base = 100}.Zxid(105)), "z5");
  EXPECT_EQ((Names{.zxid_base = 100}.Zxid(0)), "0");
}

TEST(CommandTest, RefusesWhatItDoesNotUnderstand) {
  for (const char* line :
       {"c1", "c1 fly /a", "c1 get", "c1 get /a wtach", "c1 set /a \"x\" version=x",
        "c1 create /a acl=world", "c1 setwatches since=5", "c1 drop now"}) {
    EXPECT_EQ(ParseCommand({line}, 0).status().code(), absl::StatusCode::kInvalidArgument) << line;
  }
  EXPECT_FALSE(ParseCommand({"c1 multi", "+ fly"}, 0).ok());
}

}  // namespace
}  // namespace rookery::script
