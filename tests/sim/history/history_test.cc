#include "tests/sim/history/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/history/json.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

using ::testing::HasSubstr;

Call SetDataCall() {
  Call call;
  call.client = 2;
  call.number = 7;
  call.operation =
      model::WriteOperation(model::SetDataRequest{.path = "/a", .data = "x", .version = 3});
  call.invoked = 10;
  call.returned = 12;
  call.session = 99;
  call.server = 1;
  call.zxid = (int64_t{1} << 32) | 5;
  call.body = model::StatReply{.stat = {.mzxid = 5, .version = 4, .data_length = 1}};
  return call;
}

// Writing and reading again gives the same text, and so the same values.
void ExpectSurvives(const History& history) {
  const std::string text = ToJsonLines(history);
  const absl::StatusOr<History> again = FromJsonLines(text);
  ASSERT_TRUE(again.ok()) << again.status() << "\n" << text;
  EXPECT_EQ(ToJsonLines(*again), text);
}

TEST(HistoryTest, ACallSurvivesJson) {
  History history;
  history.calls.push_back(SetDataCall());
  const absl::StatusOr<History> again = FromJsonLines(ToJsonLines(history));
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_EQ(again->calls.size(), 1u);
  const Call& call = again->calls[0];
  EXPECT_EQ(call.operation.index(), 0u);
  EXPECT_EQ(std::get<model::SetDataRequest>(std::get<0>(call.operation)),
            std::get<model::SetDataRequest>(std::get<0>(history.calls[0].operation)));
  EXPECT_EQ(call.body, history.calls[0].body);
  EXPECT_EQ(call.zxid, history.calls[0].zxid);
  EXPECT_TRUE(call.ok());
  EXPECT_TRUE(call.answered());
}

TEST(HistoryTest, EveryKindOfOperationSurvivesJson) {
  History history;
  const auto add = [&](client::Operation operation, model::ReplyBody body) {
    Call call;
    call.number = history.calls.size() + 1;
    call.operation = std::move(operation);
    call.body = std::move(body);
    history.calls.push_back(std::move(call));
  };
  using W = model::WriteOperation;
  using R = model::ReadOperation;
  add(W(model::CreateRequest{.path = "/a-", .data = "", .flags = 3, .want_stat = true}),
      model::CreateReply{.path = "/a-1", .stat = {.czxid = 4}, .with_stat = true});
  add(W(model::DeleteRequest{"/a", 2}), model::EmptyReply());
  add(W(model::SetAclRequest{.path = "/a", .version = 1}), model::StatReply());
  add(W(model::CloseSessionRequest()), model::EmptyReply());
  add(R(model::ExistsRequest{"/a"}), model::StatReply{{.version = 2}});
  add(R(model::GetDataRequest{"/a"}), model::DataReply{.data = std::nullopt});
  add(R(model::GetDataRequest{"/a"}), model::DataReply{.data = ""});
  add(R(model::GetChildrenRequest{.path = "/", .want_stat = true}),
      model::ChildrenReply{.children = {"a", "b"}, .stat = {.cversion = 3}, .with_stat = true});
  add(R(model::SyncRequest{"/"}), model::EmptyReply());
  model::MultiRequest multi;
  multi.parts.push_back(model::CheckRequest{"/a", 1});
  multi.parts.push_back(model::SetDataRequest{.path = "/a", .data = "y"});
  model::MultiReply reply;
  reply.parts.push_back({.kind = model::MultiReply::Part::Kind::kCheck});
  reply.parts.push_back(
      {.kind = model::MultiReply::Part::Kind::kSetData, .body = model::StatReply{{.version = 8}}});
  add(W(multi), reply);
  ExpectSurvives(history);
  const absl::StatusOr<History> again = FromJsonLines(ToJsonLines(history));
  ASSERT_TRUE(again.ok());
  for (size_t i = 0; i < history.calls.size(); ++i) {
    EXPECT_EQ(again->calls[i].body, history.calls[i].body) << ToText(history.calls[i]);
  }
}

TEST(HistoryTest, WhatServersDidSurvivesJson) {
  History history;
  history.told.push_back({.client = 1, .call = 2, .order = 3, .event = {.path = "/a"}});
  history.sessions.push_back({.client = 1, .state = client::SessionState::kExpired});
  history.lives.push_back({.server = 1, .life = 2, .up = true});
  history.applied.push_back({.server = 1, .index = 4, .digest = ~uint64_t{0}});
  history.changed.push_back({.kind = model::Change::Kind::kDataChanged, .path = "/b"});
  history.session_turns.push_back({.kind = SessionTurn::Kind::kExpired, .session = 5});
  history.configured.push_back({.index = 6, .voters = {1, 2, 3}, .outgoing = {1, 2}});
  history.led.push_back({.server = 3, .engine = 3, .term = 9});
  history.committed.push_back({.server = 3, .index = 10});
  history.log.push_back({.kind = LogStep::Kind::kLost, .index = 11, .hash = 12});
  history.votes.push_back({.term = 13, .vote = 2});
  history.scans.push_back({.server = 2, .zxid = 15, .nodes = {{"/b", {.data = "y"}}}});
  history.followed.push_back({.server = 2,
                              .paths = {"/b"},
                              .armed = 16,
                              .through = 17,
                              .events = {{client::WatchEvent::Kind::kDeleted, "/b", 17}}});
  history.final_states.push_back({.server = 1,
                                  .zxid = 14,
                                  .nodes = {{"/a", {.data = "x", .stat = {.version = 1}}}},
                                  .sessions = {{7, 8}}});
  ExpectSurvives(history);
}

TEST(HistoryTest, AWrongLineIsNamed) {
  EXPECT_THAT(FromJsonLines("{\"kind\":\"led\"}\n{\"kind\":\"fled\"}").status().message(),
              HasSubstr("line 2: unknown kind: fled"));
  EXPECT_THAT(FromJsonLines("{\"kind\":\"led\",\"term\":\"x\"}").status().message(),
              HasSubstr("wrong field of a led: term"));
  EXPECT_THAT(FromJsonLines("{\"kind\":\"call\",\"op\":\"eat\"}").status().message(),
              HasSubstr("op: eat"));
  EXPECT_THAT(FromJsonLines("no").status().message(), HasSubstr("line 1"));
  EXPECT_THAT(FromJsonLines("{\"kind\":\"final\",\"server\":1}").status().message(),
              HasSubstr("line 1: a final needs the zxid"));
}

TEST(HistoryTest, ACallReadsLikeASentence) {
  EXPECT_EQ(ToText(SetDataCall()),
            "client 2 #7 setData /a x version=3 -> Ok zxid=0x100000005 server=1 v4 cv0 a0 m0x5 "
            "p0x0 children=0");
  Call lost = SetDataCall();
  lost.server = 0;
  lost.zxid = 0;
  lost.error = model::ErrorCode::kConnectionLoss;
  lost.maybe_applied = true;
  lost.body = model::EmptyReply();
  EXPECT_EQ(ToText(lost), "client 2 #7 setData /a x version=3 -> ConnectionLoss, perhaps applied");
}

}  // namespace
}  // namespace rookery::sim
