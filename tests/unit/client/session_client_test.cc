#include "coordinator/client/session_client.h"

#include <gmock/gmock.h>

#include "tests/unit/client/session_client_fixture.h"

namespace rookery::client {
namespace {

using model::ErrorCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(SessionClientTest, TellsItsStatesInOrder) {
  StartConnected();
  Break();
  EXPECT_THAT(states_, ElementsAre("CONNECTING", "CONNECTED", "CONNECTING"));
}

TEST_F(SessionClientTest, SendsWhatWaitedOnceConnected) {
  Start();
  Set("/a");
  Set("/b");
  EXPECT_THAT(links_.last().sent, IsEmpty());
  OpenSession();
  EXPECT_EQ(links_.last().sent.size(), 2u);
  Answer({ErrorCode::kOk, 5, model::StatReply()});
  Answer({ErrorCode::kNoNode, 6, {}});
  EXPECT_THAT(results_, ElementsAre("/a: Ok", "/b: NoNode"));
  EXPECT_EQ(client_->last_zxid(), 6);
}

TEST_F(SessionClientTest, ResumesItsSessionOnAnotherServer) {
  StartConnected();
  const Address first = links_.last().server;
  Set("/a");
  Answer({ErrorCode::kOk, 12, model::StatReply()});
  Break();
  executor_.Pass(0);
  ASSERT_EQ(links_.records.size(), 2u);
  EXPECT_NE(links_.last().server.host, first.host);
  EXPECT_EQ(links_.last().hello.session, 7);
  EXPECT_EQ(links_.last().hello.password, "password");
  EXPECT_EQ(links_.last().hello.last_zxid_seen, 12);
}

TEST_F(SessionClientTest, SaysWhyItLostAServer) {
  StartConnected();
  EXPECT_EQ(client_->last_failure(), "");
  const std::string server = links_.last().server.ToString();
  Break();
  EXPECT_EQ(client_->last_failure(), server + ": gone");
}

TEST_F(SessionClientTest, TriesEveryServerBeforeItWaits) {
  Start();
  for (int i = 0; i < 2; ++i) {
    Break();
    executor_.Pass(0);
  }
  ASSERT_EQ(links_.records.size(), 3u);
  EXPECT_NE(links_.records[0]->server.host, links_.records[1]->server.host);
  EXPECT_NE(links_.records[1]->server.host, links_.records[2]->server.host);
  EXPECT_NE(links_.records[0]->server.host, links_.records[2]->server.host);
  Break();
  executor_.Pass(0);
  EXPECT_EQ(links_.records.size(), 3u);
  executor_.Pass(20);
  EXPECT_EQ(links_.records.size(), 4u);
}

TEST_F(SessionClientTest, LostWritesMayHaveBeenAppliedAndWaitingOnesWereNot) {
  StartConnected();
  Set("/sent");
  Break();
  Set("/waiting");
  EXPECT_THAT(results_, ElementsAre("/sent: ConnectionLoss?"));
  executor_.Pass(0);
  OpenSession();
  Answer({ErrorCode::kOk, 5, model::StatReply()});
  EXPECT_THAT(results_, ElementsAre("/sent: ConnectionLoss?", "/waiting: Ok"));
}

TEST_F(SessionClientTest, WatchIsToldOnce) {
  StartConnected();
  WatchData("/a");
  Answer({ErrorCode::kOk, 5, model::DataReply()});
  links_.last().handler->OnEvent({model::EventType::kNodeDataChanged, "/a", 6});
  links_.last().handler->OnEvent({model::EventType::kNodeDataChanged, "/a", 7});
  EXPECT_THAT(events_, ElementsAre("NodeDataChanged /a"));
}

TEST_F(SessionClientTest, AWatchIsAskedForWhateverTheOperationsFlagSays) {
  StartConnected();
  const model::ReadOperation reads[] = {model::GetDataRequest{"/a"}, model::ExistsRequest{"/a"},
                                        model::GetChildrenRequest{"/a"}};
  for (const model::ReadOperation& read : reads) {
    client_->Submit(read, Record(), [](Result<model::ReplyBody>) {}, Client::kTimeoutOfOptions);
    const auto& sent = std::get<model::ReadOperation>(links_.last().sent.back());
    std::visit(
        [](const auto& one) {
          if constexpr (requires { one.watch; }) EXPECT_TRUE(one.watch);
        },
        sent);
  }
}

TEST_F(SessionClientTest, FailedReadLeavesNoWatch) {
  StartConnected();
  WatchData("/a");
  Answer({ErrorCode::kNoNode, 5, {}});
  links_.last().handler->OnEvent({model::EventType::kNodeCreated, "/a", 6});
  EXPECT_THAT(events_, IsEmpty());
}

TEST_F(SessionClientTest, ExistsOfAMissingNodeWatchesItsCreation) {
  StartConnected();
  client_->Exists("/a", Record(), [](Result<model::StatReply>) {});
  Answer({ErrorCode::kNoNode, 5, {}});
  Break();
  executor_.Pass(0);
  OpenSession();
  ASSERT_EQ(links_.last().restored.size(), 1u);
  EXPECT_THAT(links_.last().restored[0].exist, ElementsAre("/a"));
  links_.last().handler->OnEvent({model::EventType::kNodeCreated, "/a", 6});
  EXPECT_THAT(events_, ElementsAre("NodeCreated /a"));
}

TEST_F(SessionClientTest, WatchesAreRestoredBeforeWaitingRequests) {
  StartConnected();
  WatchData("/a");
  client_->GetChildren("/b", Record(), [](Result<model::ChildrenReply>) {});
  Answer({ErrorCode::kOk, 5, model::DataReply()});
  Answer({ErrorCode::kOk, 9, model::ChildrenReply()});
  Break();
  executor_.Pass(0);
  OpenSession();
  ASSERT_EQ(links_.last().restored.size(), 1u);
  EXPECT_EQ(links_.last().restored[0].relative_zxid, 9);
  EXPECT_THAT(links_.last().restored[0].data, ElementsAre("/a"));
  EXPECT_THAT(links_.last().restored[0].child, ElementsAre("/b"));
}

TEST_F(SessionClientTest, AWatchThatStaysIsToldAgainAndAgain) {
  StartConnected();
  client_->AddWatch("/a", model::WatchMode::kPersistent, Record(), nullptr);
  client_->AddWatch("/", model::WatchMode::kPersistentRecursive, Record(), nullptr);
  links_.last().handler->OnEvent({model::EventType::kNodeCreated, "/a", 4});
  EXPECT_THAT(events_, IsEmpty());  // it is not answered yet
  Answer({ErrorCode::kOk, 5, model::AddWatchReply()});
  WatchData("/a");
  Answer({ErrorCode::kOk, 5, model::AddWatchReply()});
  Answer({ErrorCode::kOk, 5, model::DataReply()});
  links_.last().handler->OnEvent({model::EventType::kNodeDataChanged, "/a", 6});
  EXPECT_THAT(events_,
              ElementsAre("NodeDataChanged /a", "NodeDataChanged /a", "NodeDataChanged /a"));
  events_.clear();
  links_.last().handler->OnEvent({model::EventType::kNodeChildrenChanged, "/a", 7});
  EXPECT_THAT(events_, ElementsAre("NodeChildrenChanged /a"));  // recursive ones hear of no lists
  events_.clear();
  links_.last().handler->OnEvent({model::EventType::kNodeCreated, "/a/b/c", 8});
  EXPECT_THAT(events_, ElementsAre("NodeCreated /a/b/c"));
}

TEST_F(SessionClientTest, AWatchThatStaysIsArmedAgainAndSaysSo) {
  StartConnected();
  client_->AddWatch("/a", model::WatchMode::kPersistent, Record(), nullptr);
  client_->AddWatch("/b", model::WatchMode::kPersistentRecursive, Record(), nullptr);
  client_->AddWatch("/lost", model::WatchMode::kPersistent, Record(), nullptr);
  Answer({ErrorCode::kOk, 5, model::AddWatchReply()});
  Answer({ErrorCode::kOk, 5, model::AddWatchReply()});
  Break();  // the third was not answered
  executor_.Pass(0);
  OpenSession();
  ASSERT_EQ(links_.last().restored.size(), 1u);
  EXPECT_THAT(links_.last().restored[0].persistent, ElementsAre("/a"));
  EXPECT_THAT(links_.last().restored[0].persistent_recursive, ElementsAre("/b"));
  EXPECT_THAT(events_, ElementsAre("Reconnected /a", "Reconnected /b"));
  events_.clear();
  Break();
  executor_.Pass(0);
  OpenSession(0);
  EXPECT_THAT(events_, ElementsAre("SessionLost /a", "SessionLost /b"));
}

TEST_F(SessionClientTest, ARemovedWatchIsNotToldAnyMore) {
  StartConnected();
  for (const auto mode : {model::WatchMode::kPersistent, model::WatchMode::kPersistentRecursive}) {
    client_->AddWatch("/a", mode, Record(), nullptr);
    Answer({ErrorCode::kOk, 5, model::AddWatchReply()});
  }
  client_->RemoveWatch("/a", model::WatchMode::kPersistent, nullptr);
  const auto& sent = std::get<model::ReadOperation>(links_.last().sent.back());
  EXPECT_EQ(std::get<model::RemoveWatchesRequest>(sent).type, model::WatcherType::kPersistent);
  Answer({ErrorCode::kOk, 5, {}});
  links_.last().handler->OnEvent({model::EventType::kNodeDataChanged, "/a", 6});
  EXPECT_THAT(events_, ElementsAre("NodeDataChanged /a"));
  client_->RemoveWatch("/a", model::WatchMode::kPersistentRecursive, nullptr);
  Answer({ErrorCode::kNoWatcher, 6, {}});  // says nothing of ours
  links_.last().handler->OnEvent({model::EventType::kNodeDataChanged, "/a", 7});
  EXPECT_EQ(events_.size(), 2u);
}

TEST_F(SessionClientTest, ExpiryEndsEverything) {
  StartConnected();
  WatchData("/a");
  Answer({ErrorCode::kOk, 5, model::DataReply()});
  Break();
  Set("/b");
  executor_.Pass(0);
  OpenSession(0);
  EXPECT_EQ(client_->state(), SessionState::kExpired);
  Set("/c");
  executor_.RunPosted();
  EXPECT_THAT(results_, ElementsAre("/b: SessionExpired", "/c: SessionExpired"));
  EXPECT_THAT(events_, ElementsAre("SessionLost /a"));
}

TEST_F(SessionClientTest, PingsInSilenceAndGivesUpOnASilentServer) {
  StartConnected();
  executor_.Pass(2000);
  EXPECT_EQ(links_.last().heartbeats, 1);
  links_.last().handler->OnHeard();
  executor_.Pass(2000);
  EXPECT_EQ(links_.records.size(), 1u);
  EXPECT_EQ(links_.last().heartbeats, 2);
  executor_.Pass(2600);
  EXPECT_EQ(links_.records.size(), 2u);
  EXPECT_TRUE(links_.records[0]->closed);
}

TEST_F(SessionClientTest, GivesUpOnAHandshakeThatIsNotAnswered) {
  Start();
  executor_.Pass(2100);
  EXPECT_EQ(links_.records.size(), 2u);
}

TEST_F(SessionClientTest, CloseWaitsForWhatWasAskedBefore) {
  StartConnected();
  bool closed = false;
  Set("/a");
  client_->Close([&] { closed = true; });
  Set("/b");
  executor_.RunPosted();
  EXPECT_THAT(results_, ElementsAre("/b: SessionExpired"));
  Answer({ErrorCode::kOk, 5, model::StatReply()});
  EXPECT_FALSE(closed);
  Answer({ErrorCode::kOk, 6, {}});
  EXPECT_TRUE(closed);
  EXPECT_EQ(client_->state(), SessionState::kClosed);
  EXPECT_TRUE(links_.last().closed);
}

TEST_F(SessionClientTest, CloseEndsEvenIfNobodyAnswers) {
  StartConnected();
  bool closed = false;
  client_->Close([&] { closed = true; });
  executor_.Pass(2500);
  EXPECT_TRUE(closed);
  EXPECT_EQ(client_->state(), SessionState::kClosed);
}

TEST_F(SessionClientTest, CloseWithoutAConnectionIsDoneAtOnce) {
  Start();
  Set("/a");
  bool closed = false;
  client_->Close([&] { closed = true; });
  executor_.RunPosted();
  EXPECT_TRUE(closed);
  EXPECT_THAT(results_, ElementsAre("/a: SessionExpired"));
}

TEST_F(SessionClientTest, CloseInsideOfACallback) {
  StartConnected();
  client_->SetData({"/a", "x", -1}, [this](Result<model::StatReply>) { client_->Close(nullptr); });
  Set("/b");
  Break();
  EXPECT_EQ(client_->state(), SessionState::kClosed);
  EXPECT_THAT(results_, ElementsAre("/b: ConnectionLoss?"));
}

TEST_F(SessionClientTest, CredentialsComeBackOnEveryConnection) {
  options_.credentials = {{"digest", "one:1"}};
  StartConnected();
  std::vector<ErrorCode> told;
  client_->AddCredential({"digest", "two:2"}, [&](ErrorCode error) { told.push_back(error); });
  EXPECT_THAT(links_.last().credentials, ElementsAre("two:2"));
  links_.last().handler->OnCredential(ErrorCode::kOk);
  EXPECT_THAT(told, IsEmpty());
  links_.last().handler->OnCredential(ErrorCode::kOk);
  EXPECT_THAT(told, ElementsAre(ErrorCode::kOk));
  Break();
  executor_.Pass(0);
  ASSERT_EQ(links_.last().hello.credentials.size(), 2u);
  EXPECT_EQ(links_.last().hello.credentials[1].auth, "two:2");
}

TEST_F(SessionClientTest, RefusedCredentialEndsTheClient) {
  StartConnected();
  std::vector<ErrorCode> told;
  client_->AddCredential({"nonsense", "x"}, [&](ErrorCode error) { told.push_back(error); });
  Set("/a");
  links_.last().handler->OnCredential(ErrorCode::kAuthFailed);
  EXPECT_EQ(client_->state(), SessionState::kAuthFailed);
  EXPECT_THAT(told, ElementsAre(ErrorCode::kAuthFailed));
  EXPECT_THAT(results_, ElementsAre("/a: AuthFailed?"));
}

TEST_F(SessionClientTest, LivesBelowItsChroot) {
  options_.chroot = "/kafka";
  StartConnected();
  std::string created;
  client_->Create({"/a", "x", model::Acl(), 0, false},
                  [&](Result<model::CreateReply> result) { created = result.value.path; });
  const auto& sent = std::get<model::WriteOperation>(links_.last().sent[0]);
  EXPECT_EQ(std::get<model::CreateRequest>(sent).path, "/kafka/a");
  Answer({ErrorCode::kOk, 5, model::CreateReply{"/kafka/a", {}, false}});
  EXPECT_EQ(created, "/a");
  WatchData("/");
  Answer({ErrorCode::kOk, 6, model::DataReply()});
  links_.last().handler->OnEvent({model::EventType::kNodeDataChanged, "/kafka", 7});
  EXPECT_THAT(events_, ElementsAre("NodeDataChanged /"));
}

TEST_F(SessionClientTest, FailedMultiCarriesTheErrorOfItsPart) {
  StartConnected();
  Result<model::MultiReply> told;
  client_->Multi({}, [&](Result<model::MultiReply> result) { told = std::move(result); });
  model::MultiReply multi;
  for (const ErrorCode error :
       {ErrorCode::kOk, ErrorCode::kBadVersion, ErrorCode::kRuntimeInconsistency}) {
    multi.parts.push_back({.error = error});
  }
  Answer({ErrorCode::kOk, 5, multi});
  EXPECT_EQ(told.error, ErrorCode::kBadVersion);
  EXPECT_EQ(told.value.parts.size(), 3u);
}

TEST_F(SessionClientTest, BoundsWhatWaits) {
  options_.requests_max = 1;
  Start();
  Set("/a");
  Set("/b");
  executor_.RunPosted();
  EXPECT_THAT(results_, ElementsAre("/b: ConnectionLoss"));
}

}  // namespace
}  // namespace rookery::client
