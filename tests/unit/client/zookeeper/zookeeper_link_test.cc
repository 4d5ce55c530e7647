#include "coordinator/client/zookeeper/zookeeper_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "coordinator/sasl/digest_md5.h"
#include "coordinator/wire/zookeeper/handshake.h"
#include "coordinator/wire/zookeeper/reply.h"
#include "coordinator/wire/zookeeper/request.h"
#include "tests/unit/client/fake_network.h"
#include "tests/unit/client/virtual_executor.h"

namespace rookery::client {
namespace {

using model::ErrorCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ZooKeeperLinkTest : public ::testing::Test, public LinkHandler {
 protected:
  void OnOpened(Opened opened) override {
    told_.push_back(absl::StrCat("opened ", opened.session, " ", opened.timeout_ms));
  }
  void OnReply(model::Reply&& reply) override {
    told_.push_back(absl::StrCat("reply ", model::ErrorName(reply.error), " ", reply.zxid));
    if (close_at_reply_) link_->Close();
  }
  void OnCredential(ErrorCode error) override {
    told_.push_back(absl::StrCat("credential ", model::ErrorName(error)));
  }
  void OnEvent(const model::Event& event) override {
    told_.push_back(absl::StrCat("event ", event.path));
  }
  void OnHeard() override { told_.push_back("heard"); }
  void OnClosed(absl::Status why) override {
    told_.push_back(absl::StrCat("closed ", absl::StatusCodeToString(why.code())));
  }

  void Open(Hello hello = {}) {
    hello.timeout_ms = 4000;
    link_ = std::make_unique<ZooKeeperLink>(&executor_, &network_, Address{"a", 1}, this);
    link_->Open(hello);
    executor_.RunPosted();
  }
  void OpenSession(Hello hello = {}) {
    OpenSessionAndKeepFrames(std::move(hello));
    sent();
  }
  void OpenSessionAndKeepFrames(Hello hello) {
    Open(std::move(hello));
    sent();  // the handshake
    std::string bytes;
    wire::EncodeConnectResponse({4000, 7, std::string(16, 'p')}, true, &bytes);
    Receive(bytes);
  }
  void Receive(const std::string& bytes) {
    if (StreamHandler* handler = network_.streams.back()->handler) handler->OnBytes(bytes);
    executor_.RunPosted();
  }
  void Reply(int32_t xid, ErrorCode error, model::Zxid zxid) {
    std::string bytes;
    wire::EncodeReply(xid, {error, zxid, {}}, &bytes);
    Receive(bytes);
  }
  // The frames' payloads that were written since the last call.
  std::vector<std::string> sent() {
    executor_.RunPosted();
    wire::FrameSplitter splitter(1 << 20, wire::FrameSplitter::FirstBytes::kFrame);
    splitter.Append(std::exchange(network_.streams.back()->written, {}));
    std::vector<std::string> frames;
    for (auto item = splitter.Next(); item.kind == wire::FrameSplitter::Kind::kFrame;
         item = splitter.Next()) {
      frames.emplace_back(item.bytes);
    }
    return frames;
  }

  VirtualExecutor executor_;
  FakeNetwork network_{&executor_};
  std::unique_ptr<ZooKeeperLink> link_;
  std::vector<std::string> told_;
  bool close_at_reply_ = false;
};

TEST_F(ZooKeeperLinkTest, HelloBecomesAConnectRequest) {
  Hello hello;
  hello.session = 7;
  hello.password = std::string(16, 'p');
  hello.last_zxid_seen = 99;
  Open(hello);
  const auto frames = sent();
  ASSERT_EQ(frames.size(), 1u);
  const auto request = wire::DecodeConnectRequest(frames[0]);
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->session, 7);
  EXPECT_EQ(request->password, hello.password);
  EXPECT_EQ(request->last_zxid_seen, 99);
  EXPECT_EQ(request->timeout_ms, 4000);
}

TEST_F(ZooKeeperLinkTest, CredentialsOfTheHelloLeaveFirst) {
  Hello hello;
  hello.credentials = {{"digest", "u:p"}};
  Open(hello);
  sent();
  std::string bytes;
  wire::EncodeConnectResponse({4000, 7, std::string(16, 'p')}, true, &bytes);
  Receive(bytes);
  link_->Send(model::ReadOperation(model::SyncRequest{"/"}));
  const auto frames = sent();
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(wire::DecodeRequest(frames[0])->xid, wire::kAuthXid);
  EXPECT_EQ(wire::DecodeRequest(frames[1])->xid, 1);
  EXPECT_THAT(told_, ElementsAre("opened 7 4000"));
}

TEST_F(ZooKeeperLinkTest, RefusedSessionIsToldAsZero) {
  Open();
  std::string bytes;
  wire::EncodeConnectResponse({}, true, &bytes);
  Receive(bytes);
  EXPECT_THAT(told_, ElementsAre("opened 0 0"));
}

TEST_F(ZooKeeperLinkTest, NobodyListening) {
  network_.refusal = absl::UnavailableError("refused");
  Open();
  EXPECT_THAT(told_, ElementsAre("closed UNAVAILABLE"));
}

TEST_F(ZooKeeperLinkTest, RequestsOfOneTurnLeaveTogetherAndAreAnsweredInOrder) {
  OpenSession();
  link_->Send(model::WriteOperation(model::DeleteRequest{"/a", -1}));
  link_->Send(model::ReadOperation(model::SyncRequest{"/"}));
  EXPECT_THAT(network_.streams.back()->written, IsEmpty());
  EXPECT_EQ(sent().size(), 2u);
  told_.clear();
  Reply(1, ErrorCode::kNoNode, 5);
  Reply(2, ErrorCode::kOperationTimeout, 6);
  EXPECT_THAT(told_, ElementsAre("reply NoNode 5", "reply OperationTimeout 6"));
}

TEST_F(ZooKeeperLinkTest, EventsPingsAndAuthStandOutsideOfTheOrder) {
  OpenSession();
  link_->Send(model::WriteOperation(model::DeleteRequest{"/a", -1}));
  told_.clear();
  std::string event;
  wire::EncodeEvent({model::EventType::kNodeDeleted, "/a", 5}, &event);
  Reply(wire::kPingXid, ErrorCode::kOk, 4);
  Receive(event);
  Reply(wire::kAuthXid, ErrorCode::kAuthFailed, 0);
  Reply(wire::kSetWatchesXid, ErrorCode::kOk, 4);
  Reply(1, ErrorCode::kOk, 5);
  EXPECT_THAT(told_,
              ElementsAre("heard", "event /a", "credential AuthFailed", "heard", "reply Ok 5"));
}

TEST_F(ZooKeeperLinkTest, WrongNumberEndsTheConnection) {
  OpenSession();
  link_->Send(model::WriteOperation(model::DeleteRequest{"/a", -1}));
  told_.clear();
  Reply(2, ErrorCode::kOk, 5);
  EXPECT_THAT(told_, ElementsAre("closed INVALID_ARGUMENT"));
  EXPECT_TRUE(network_.streams.back()->closed);
}

TEST_F(ZooKeeperLinkTest, AnswerThatNobodyAskedForEndsTheConnection) {
  OpenSession();
  told_.clear();
  Reply(1, ErrorCode::kOk, 5);
  EXPECT_THAT(told_, ElementsAre("closed INVALID_ARGUMENT"));
}

TEST_F(ZooKeeperLinkTest, GarbageEndsTheConnection) {
  OpenSession();
  told_.clear();
  Receive("\xff\xff\xff\xff garbage");
  EXPECT_THAT(told_, ElementsAre("closed INVALID_ARGUMENT"));
}

TEST_F(ZooKeeperLinkTest, OrderlyEndIsToldOnce) {
  OpenSession();
  told_.clear();
  network_.streams.back()->handler->OnClosed(absl::OkStatus());
  EXPECT_THAT(told_, ElementsAre("closed OK"));
  EXPECT_TRUE(network_.streams.back()->closed);
}

TEST_F(ZooKeeperLinkTest, NothingIsToldAfterCloseInACallback) {
  OpenSession();
  link_->Send(model::WriteOperation(model::DeleteRequest{"/a", -1}));
  link_->Send(model::WriteOperation(model::DeleteRequest{"/b", -1}));
  told_.clear();
  close_at_reply_ = true;
  std::string both;
  wire::EncodeReply(1, {ErrorCode::kOk, 5, {}}, &both);
  wire::EncodeReply(2, {ErrorCode::kOk, 6, {}}, &both);
  Receive(both);
  EXPECT_THAT(told_, ElementsAre("reply Ok 5"));
}

TEST_F(ZooKeeperLinkTest, EndBeforeTheConnectionIsThere) {
  link_ = std::make_unique<ZooKeeperLink>(&executor_, &network_, Address{"a", 1}, this);
  link_->Open(Hello());
  link_.reset();
  executor_.RunPosted();
  EXPECT_THAT(told_, IsEmpty());
  ASSERT_EQ(network_.streams.size(), 1u);
  EXPECT_TRUE(network_.streams[0]->closed);
}

// What a server with a user "kafka" answers to the login in `frame`, a request's payload.
class LoginServer {
 public:
  std::string Answer(absl::string_view frame) {
    const auto request = wire::DecodeRequest(frame);
    const auto& token = std::get<wire::SaslRequest>(request->body).token;
    const absl::StatusOr<sasl::Step> step = server_.Take(token.value_or(""));
    std::string bytes;
    wire::EncodeSaslReply(request->xid, step.ok() ? ErrorCode::kOk : ErrorCode::kAuthFailed,
                          step.ok() ? model::Data(step->token) : std::nullopt, &bytes);
    return bytes;
  }

 private:
  sasl::DigestMd5Server server_{[](const std::string& user) -> std::optional<std::string> {
    if (user == "kafka") return "pw:with:colons";
    return std::nullopt;
  }};
};

TEST_F(ZooKeeperLinkTest, LogsInBeforeItSaysThatTheSessionIsOpen) {
  OpenSessionAndKeepFrames({.credentials = {{"sasl", "kafka:pw:with:colons"}}});
  EXPECT_THAT(told_, IsEmpty());
  LoginServer server;
  for (int step = 0; step < 2; ++step) {
    const std::vector<std::string> frames = sent();
    ASSERT_EQ(frames.size(), 1u);
    Receive(server.Answer(frames[0]));
  }
  EXPECT_THAT(told_, ElementsAre("opened 7 4000", "credential Ok"));
  EXPECT_THAT(sent(), IsEmpty());
  link_->Send(model::ReadOperation(model::ExistsRequest{"/a"}));
  EXPECT_EQ(sent().size(), 1u);
  Reply(3, ErrorCode::kNoNode, 9);
  EXPECT_EQ(told_.back(), "reply NoNode 9");
}

TEST_F(ZooKeeperLinkTest, ARefusedLoginIsARefusedCredential) {
  OpenSessionAndKeepFrames({.credentials = {{"sasl", "kafka:guessed"}}});
  LoginServer server;
  Receive(server.Answer(sent().at(0)));
  Receive(server.Answer(sent().at(0)));
  EXPECT_THAT(told_, ElementsAre("credential AuthFailed"));
}

TEST_F(ZooKeeperLinkTest, AServerWithoutLoginsRefusesThem) {
  OpenSessionAndKeepFrames({.credentials = {{"sasl", "kafka:pw"}}});
  ASSERT_EQ(sent().size(), 1u);
  std::string bytes;
  wire::EncodeSaslReply(1, ErrorCode::kOk, std::nullopt, &bytes);
  Receive(bytes);
  EXPECT_THAT(told_, ElementsAre("credential AuthFailed"));
}

TEST_F(ZooKeeperLinkTest, ALoginLaterDoesNotDisturbRequests) {
  OpenSession();
  told_.clear();
  link_->Send(model::ReadOperation(model::ExistsRequest{"/a"}));
  link_->SendCredential({"sasl", "kafka:pw:with:colons"});
  LoginServer server;
  std::vector<std::string> frames = sent();
  ASSERT_EQ(frames.size(), 2u);
  // Logins are answered at once, requests in their order.
  Receive(server.Answer(frames[1]));
  Reply(1, ErrorCode::kNoNode, 9);
  Receive(server.Answer(sent().at(0)));
  EXPECT_THAT(told_, ElementsAre("reply NoNode 9", "credential Ok"));
}

}  // namespace
}  // namespace rookery::client
