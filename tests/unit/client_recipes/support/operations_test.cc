#include "coordinator/client/recipes/support/operations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>

#include "coordinator/client/session_client.h"
#include "coordinator/model/path.h"
#include "tests/unit/client/fake_link.h"
#include "tests/unit/client/virtual_executor.h"

namespace rookery::client::recipes {
namespace {

using model::ErrorCode;
using ::testing::ElementsAre;
using ::testing::Pair;

constexpr model::SessionId kSession = 7;

// A client over a server of a few lines: a set of nodes with their owners.
class OperationsTest : public ::testing::Test {
 protected:
  OperationsTest() {
    Options options;
    options.servers = {{"a", 1}};
    client_ = std::make_unique<SessionClient>(&executor_, &executor_, links_.Factory(),
                                              std::move(options));
    operations_ = std::make_unique<Operations>(client_.get());
    client_->Connect();
    executor_.RunPosted();
    Open();
  }

  void Open() {
    links_.last().handler->OnOpened({6000, kSession, "password", false});
    replied_ = 0;
    executor_.RunPosted();
  }

  // Runs it against the server until it is over.
  ErrorCode Result(Async<ErrorCode> work) {
    std::optional<ErrorCode> result;
    struct Runs {
      static Async<> Run(Async<ErrorCode> work, std::optional<ErrorCode>* result) {
        *result = co_await work;
      }
    };
    scope_.Spawn(Runs::Run(std::move(work), &result));
    while (!result.has_value()) {
      executor_.Pass(20);
      if (replied_ == links_.last().sent.size()) continue;
      const Operation operation = links_.last().sent[replied_++];
      if (before_) before_(operation);
      if (links_.last().closed) {
        executor_.Pass(2000);
        Open();
        continue;
      }
      links_.last().handler->OnReply(Do(operation));
      executor_.RunPosted();
    }
    return *result;
  }

  // What the server does.
  model::Reply Do(const Operation& operation) {
    if (const auto* write = std::get_if<model::WriteOperation>(&operation)) {
      return Make(std::get<model::CreateRequest>(*write));
    }
    const auto& exists = std::get<model::ExistsRequest>(std::get<model::ReadOperation>(operation));
    const auto found = nodes_.find(exists.path);
    if (exists.path != "/" && found == nodes_.end()) return {ErrorCode::kNoNode, 1, {}};
    model::StatReply reply;
    if (found != nodes_.end()) reply.stat.ephemeral_owner = found->second;
    return {ErrorCode::kOk, 1, reply};
  }
  model::Reply Make(const model::CreateRequest& create) {
    const std::string parent(model::ParentPath(create.path));
    if (parent != "/" && !nodes_.contains(parent)) return {ErrorCode::kNoNode, 1, {}};
    if (nodes_.contains(create.path)) return {ErrorCode::kNodeExists, 1, {}};
    nodes_[create.path] = create.flags == model::kEphemeral ? kSession : 0;
    return {ErrorCode::kOk, 1, model::CreateReply{.path = create.path}};
  }
  static const model::CreateRequest* CreateOf(const Operation& operation) {
    const auto* write = std::get_if<model::WriteOperation>(&operation);
    return write == nullptr ? nullptr : std::get_if<model::CreateRequest>(write);
  }

  VirtualExecutor executor_;
  FakeLinks links_;
  std::map<std::string, model::SessionId> nodes_;  // by path: the owner
  std::function<void(const Operation&)> before_;   // each operation is done
  size_t replied_ = 0;
  std::unique_ptr<SessionClient> client_;
  std::unique_ptr<Operations> operations_;
  Scope scope_;
};

TEST_F(OperationsTest, AParentThatGoesWhileThePathIsMadeIsMadeAgain) {
  bool gone = false;
  before_ = [&](const Operation& operation) {
    const model::CreateRequest* create = CreateOf(operation);
    if (create == nullptr || create->path != "/a/b/c" || std::exchange(gone, true)) return;
    nodes_.clear();  // containers above it, which were empty
  };
  EXPECT_EQ(Result(operations_->EnsurePath("/a/b/c", *model::OpenAcl())), ErrorCode::kOk);
  EXPECT_TRUE(gone);
  EXPECT_THAT(nodes_, ElementsAre(Pair("/a", 0), Pair("/a/b", 0), Pair("/a/b/c", 0)));
}

TEST_F(OperationsTest, AnEphemeralNodeIsMadeThoughItsParentGoes) {
  nodes_["/members"] = 0;
  bool gone = false;
  before_ = [&](const Operation& operation) {
    if (CreateOf(operation) != nullptr && !std::exchange(gone, true)) nodes_.erase("/members");
  };
  EXPECT_EQ(Result(operations_->CreateEphemeral({.path = "/members/a", .data = ""})),
            ErrorCode::kOk);
  EXPECT_THAT(nodes_, ElementsAre(Pair("/members", 0), Pair("/members/a", kSession)));
}

TEST_F(OperationsTest, AnEphemeralNodeIsKnownAgainAfterALostAnswer) {
  bool lost = false;
  before_ = [&](const Operation& operation) {
    const model::CreateRequest* create = CreateOf(operation);
    if (create == nullptr || std::exchange(lost, true)) return;
    Make(*create);  // it is done, and the answer is lost
    links_.last().handler->OnClosed(absl::UnavailableError("gone"));
    executor_.RunPosted();
  };
  EXPECT_EQ(Result(operations_->CreateEphemeral({.path = "/a", .data = ""})), ErrorCode::kOk);
}

TEST_F(OperationsTest, AnothersNodeIsNotTakenForOursAfterALostAnswer) {
  bool lost = false;
  before_ = [&](const Operation& operation) {
    if (CreateOf(operation) == nullptr || std::exchange(lost, true)) return;
    nodes_["/a"] = kSession + 1;
    links_.last().handler->OnClosed(absl::UnavailableError("gone"));
    executor_.RunPosted();
  };
  EXPECT_EQ(Result(operations_->CreateEphemeral({.path = "/a", .data = ""})),
            ErrorCode::kNodeExists);
}

}  // namespace
}  // namespace rookery::client::recipes
