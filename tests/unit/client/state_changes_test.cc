// Every call, at every moment, with every change of state beside it and everything that a callback
// may do: each call is answered once, each watch that was registered is told once. Run under the
// sanitizers too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "coordinator/client/session_client.h"
#include "tests/unit/client/fake_link.h"
#include "tests/unit/client/virtual_executor.h"

namespace rookery::client {
namespace {

using model::ErrorCode;

enum class Moment { kBeforeConnect, kConnecting, kConnected };
enum class Change { kAnswer, kLoss, kExpiry, kAuthFailed, kSilence };
enum class Place { kOutside, kCallback, kObserver, kWatch };
enum class Action { kNothing, kClose, kCloseTwice, kAsk, kAddCredential, kListenAndForget };

constexpr Moment kMoments[] = {Moment::kBeforeConnect, Moment::kConnecting, Moment::kConnected};
constexpr Change kChanges[] = {Change::kAnswer, Change::kLoss, Change::kExpiry, Change::kAuthFailed,
                               Change::kSilence};
constexpr Place kPlaces[] = {Place::kOutside, Place::kCallback, Place::kObserver, Place::kWatch};
constexpr Action kActions[] = {Action::kNothing, Action::kClose,         Action::kCloseTwice,
                               Action::kAsk,     Action::kAddCredential, Action::kListenAndForget};

// The reply of a server to which everything is well.
struct WellReplied {
  using Body = model::ReplyBody;
  Body operator()(const model::CreateRequest&) const { return model::CreateReply(); }
  Body operator()(const model::SetDataRequest&) const { return model::StatReply(); }
  Body operator()(const model::SetAclRequest&) const { return model::StatReply(); }
  Body operator()(const model::MultiRequest&) const { return model::MultiReply(); }
  Body operator()(const model::ExistsRequest&) const { return model::StatReply(); }
  Body operator()(const model::GetDataRequest&) const { return model::DataReply(); }
  Body operator()(const model::GetAclRequest&) const { return model::AclReply(); }
  Body operator()(const model::GetChildrenRequest&) const { return model::ChildrenReply(); }
  Body operator()(const model::SyncRequest&) const { return model::SyncReply(); }
  Body operator()(const auto&) const { return model::EmptyReply(); }
};
model::ReplyBody BodyFor(const Operation& operation) {
  return std::visit([](const auto& direction) { return std::visit(WellReplied(), direction); },
                    operation);
}

// One client, the server that a test plays, and a count of what was asked and answered.
class Case {
 public:
  using Told = std::function<void(ErrorCode)>;
  using Ask = std::function<void(Client*, Watch, Told)>;

  Case() {
    Options options;
    options.servers = {{"a", 1}, {"b", 1}, {"c", 1}};
    options.session_timeout_ms = 6000;
    options.request_timeout_ms = 5000;
    options.observer = [this](SessionState) {
      if (place_ == Place::kObserver) Act();
    };
    client_ = std::make_unique<SessionClient>(&executor_, &executor_, links_.Factory(),
                                              std::move(options));
  }

  void Run(const Ask& ask, Moment moment, Place place, Action action, Change change) {
    action_ = action;
    if (moment != Moment::kBeforeConnect) client_->Connect();
    executor_.RunPosted();
    if (moment == Moment::kConnected) Serve();
    place_ = place;
    // Asked before, so that its answer comes before the call's.
    Count(
        [](Client* client, Watch watch, Told told) {
          client->GetData("/first", std::move(watch),
                          [told](const Result<model::DataReply>& result) { told(result.error); });
        },
        true);
    Count(ask, false);
    if (place == Place::kOutside) Act();
    if (moment == Moment::kBeforeConnect) client_->Connect();
    executor_.RunPosted();
    Apply(change);
    for (int i = 0; i < 3; ++i) {
      executor_.Pass(50);
      Serve();
      TellOfFirst();
    }
    End();
  }

  void Check() const {
    EXPECT_TRUE(IsFinal(client_->state()));
    for (const auto& [call, times] : answered_) EXPECT_EQ(times, 1) << "call " << call;
    for (const auto& [call, times] : told_) {
      EXPECT_EQ(times, registered_.contains(call) ? 1 : 0) << "the watch of call " << call;
    }
    EXPECT_EQ(credentials_told_, credentials_asked_);
    EXPECT_EQ(closes_told_, closes_asked_);
  }

 private:
  // Asks, and counts the answer and what the watch tells.
  void Count(const Ask& ask, bool first) {
    const int call = static_cast<int>(answered_.size());
    answered_[call] = 0;
    told_[call] = 0;
    ask(
        client_.get(),
        [this, call, first](const WatchEvent&) {
          ++told_[call];
          if (first && place_ == Place::kWatch) Act();
        },
        [this, call, first](ErrorCode error) {
          ++answered_[call];
          if (error == ErrorCode::kOk) registered_.insert(call);
          if (first && place_ == Place::kCallback) Act();
        });
  }

  void Act() {
    if (std::exchange(acted_, true)) return;
    const auto close = [this] {
      ++closes_asked_;
      client_->Close([this] { ++closes_told_; });
    };
    switch (action_) {
      case Action::kNothing:
        return;
      case Action::kClose:
        return close();
      case Action::kCloseTwice:
        close();
        return close();
      case Action::kAsk:
        return Count(
            [](Client* client, Watch, Told told) {
              client->Exists("/more", nullptr, [told](const Result<model::StatReply>& result) {
                // No watch was asked for, so none may be expected.
                told(result.ok() ? ErrorCode::kNoNode : result.error);
              });
            },
            false);
      case Action::kAddCredential:
        ++credentials_asked_;
        return client_->AddCredential({"digest", "u:p"},
                                      [this](ErrorCode) { ++credentials_told_; });
      case Action::kListenAndForget: {
        const uint64_t kept = client_->Listen([](SessionState) {});
        client_->Forget(client_->Listen([this, kept](SessionState) { client_->Forget(kept); }));
        return;
      }
    }
  }

  bool HasLink() const { return !links_.records.empty() && !links_.records.back()->closed; }
  LinkHandler* handler() { return links_.last().handler; }

  // Opens the newest connection and answers everything on it, as long as the client keeps it.
  void Serve() {
    if (!HasLink()) return;
    const auto record = links_.records.back();
    if (opened_.insert(record.get()).second) {
      handler()->OnOpened({6000, 7, "password", false});
      executor_.RunPosted();
    }
    while (!record->closed && credentials_done_[record.get()] < record->credentials.size()) {
      ++credentials_done_[record.get()];
      handler()->OnCredential(ErrorCode::kOk);
      executor_.RunPosted();
    }
    while (!record->closed && replied_[record.get()] < record->sent.size()) {
      const Operation operation = record->sent[replied_[record.get()]++];
      handler()->OnReply({ErrorCode::kOk, 5, BodyFor(operation)});
      executor_.RunPosted();
    }
  }

  void TellOfFirst() {
    if (!HasLink() || !opened_.contains(links_.records.back().get())) return;
    model::Event event;
    event.type = model::EventType::kNodeDataChanged;
    event.path = "/first";
    handler()->OnEvent(event);
    executor_.RunPosted();
  }

  void Apply(Change change) {
    if (!HasLink()) return;
    switch (change) {
      case Change::kAnswer:
        return Serve();
      case Change::kLoss:
        handler()->OnClosed(absl::UnavailableError("gone"));
        return executor_.RunPosted();
      case Change::kExpiry:
        if (opened_.contains(links_.records.back().get())) {
          handler()->OnClosed(absl::UnavailableError("gone"));
          executor_.Pass(0);
        }
        if (!HasLink()) return;
        opened_.insert(links_.records.back().get());
        handler()->OnOpened({0, 0, "", false});
        return executor_.RunPosted();
      case Change::kAuthFailed:
        handler()->OnCredential(ErrorCode::kAuthFailed);
        return executor_.RunPosted();
      case Change::kSilence:
        return executor_.Pass(20'000);
    }
  }

  void End() {
    place_ = Place::kOutside;
    ++closes_asked_;
    client_->Close([this] { ++closes_told_; });
    executor_.RunPosted();
    Serve();
    executor_.Pass(30'000);
  }

  VirtualExecutor executor_;
  FakeLinks links_;
  Place place_ = Place::kOutside;
  Action action_ = Action::kNothing;
  bool acted_ = false;
  std::map<int, int> answered_;  // by call, how often
  std::map<int, int> told_;
  std::set<int> registered_;
  int credentials_asked_ = 0, credentials_told_ = 0;
  int closes_asked_ = 0, closes_told_ = 0;
  std::set<const LinkRecord*> opened_;
  std::map<const LinkRecord*, size_t> replied_;
  std::map<const LinkRecord*, size_t> credentials_done_;
  std::unique_ptr<SessionClient> client_;  // ends first
};

// Every call of the interface; those that leave no watch answer so that none is expected.
std::map<std::string, Case::Ask> Calls() {
  const auto write = [](auto method, const auto& request) -> Case::Ask {
    return [=](Client* client, const Watch&, const Case::Told& told) {
      (client->*method)(
          request,
          [told](const auto& result) { told(result.ok() ? ErrorCode::kNoNode : result.error); },
          Client::kTimeoutOfOptions);
    };
  };
  const auto read = [](auto method) -> Case::Ask {
    return [=](Client* client, Watch watch, const Case::Told& told) {
      (client->*method)(
          "/node", std::move(watch), [told](const auto& result) { told(result.error); },
          Client::kTimeoutOfOptions);
    };
  };
  return {{"create", write(&Client::Create, model::CreateRequest{.path = "/node"})},
          {"delete", write(&Client::Delete, model::DeleteRequest{.path = "/node"})},
          {"setData", write(&Client::SetData, model::SetDataRequest{.path = "/node"})},
          {"setAcl", write(&Client::SetAcl, model::SetAclRequest{.path = "/node"})},
          {"multi", write(&Client::Multi, model::MultiRequest())},
          {"getAcl", write(&Client::GetAcl, std::string("/node"))},
          {"sync", write(&Client::Sync, std::string("/node"))},
          {"exists", read(&Client::Exists)},
          {"getData", read(&Client::GetData)},
          {"getChildren", read(&Client::GetChildren)}};
}

class StateChangesTest : public ::testing::TestWithParam<Moment> {};

TEST_P(StateChangesTest, EachCallIsAnsweredOnceAndEachWatchToldOnce) {
  int cases = 0;
  for (const auto& [name, ask] : Calls()) {
    for (const Place place : kPlaces) {
      for (const Action action : kActions) {
        for (const Change change : kChanges) {
          SCOPED_TRACE(absl::StrCat(name, ", place ", static_cast<int>(place), ", action ",
                                    static_cast<int>(action), ", change ",
                                    static_cast<int>(change)));
          Case one;
          one.Run(ask, GetParam(), place, action, change);
          one.Check();
          ++cases;
          ASSERT_FALSE(HasFailure());
        }
      }
    }
  }
  EXPECT_EQ(cases, 10 * 4 * 6 * 5);
}

INSTANTIATE_TEST_SUITE_P(Moments, StateChangesTest, ::testing::ValuesIn(kMoments));

}  // namespace
}  // namespace rookery::client
