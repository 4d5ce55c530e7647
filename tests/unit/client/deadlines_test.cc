// How long a request waits.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/unit/client/session_client_fixture.h"

namespace rookery::client {
namespace {

using model::ErrorCode;
using ::testing::ElementsAre;

class DeadlinesTest : public SessionClientTest {};

TEST_F(DeadlinesTest, RequestTimesOutAndItsLateAnswerFindsNobody) {
  options_.request_timeout_ms = 1000;
  StartConnected();
  Set("/a");
  executor_.Pass(1200);
  Set("/b");
  EXPECT_THAT(results_, ElementsAre("/a: OperationTimeout?"));
  Answer({ErrorCode::kOk, 5, model::StatReply()});
  Answer({ErrorCode::kNoNode, 6, {}});
  EXPECT_THAT(results_, ElementsAre("/a: OperationTimeout?", "/b: NoNode"));
}

TEST_F(DeadlinesTest, WaitingRequestTimesOutUnapplied) {
  options_.request_timeout_ms = 1000;
  Start();
  Set("/a");
  executor_.Pass(1200);
  EXPECT_THAT(results_, ElementsAre("/a: OperationTimeout"));
}

TEST_F(DeadlinesTest, ALongTimeoutIsNeverTooShortAndHalfASecondTooLongAtMost) {
  options_.request_timeout_ms = 10'000;
  Start();
  executor_.Pass(77);  // between two ticks
  Set("/a");
  executor_.Pass(9'999);
  EXPECT_THAT(results_, ElementsAre());
  executor_.Pass(501);
  EXPECT_THAT(results_, ElementsAre("/a: OperationTimeout"));
}

TEST_F(DeadlinesTest, ACallMayHaveADeadlineOfItsOwn) {
  StartConnected();
  std::vector<std::string> late;
  const auto ask = [&](std::string path, int32_t timeout_ms) {
    client_->GetData(
        path, nullptr,
        [&late, path](const Result<model::DataReply>& result) {
          late.push_back(absl::StrCat(path, " ", model::ErrorName(result.error)));
        },
        timeout_ms);
  };
  ask("/long", 1500);
  ask("/short", 20);
  ask("/for-ever", 0);
  ask("/middle", 700);
  executor_.Pass(19);
  EXPECT_THAT(late, ElementsAre());
  executor_.Pass(1);
  EXPECT_THAT(late, ElementsAre("/short OperationTimeout"));
  executor_.Pass(680);
  EXPECT_THAT(late, ElementsAre("/short OperationTimeout", "/middle OperationTimeout"));
  Answer({ErrorCode::kOk, 5, model::DataReply()});
  EXPECT_EQ(late.back(), "/long Ok");
}

TEST_F(DeadlinesTest, AWaitingCallThatTimedOutLeavesTheOthersTheirPlaces) {
  Start();
  for (const auto& [path, timeout_ms] :
       std::vector<std::pair<std::string, int32_t>>{{"/a", 0}, {"/b", 20}, {"/c", 0}}) {
    client_->GetData(path, nullptr, [](const Result<model::DataReply>&) {}, timeout_ms);
  }
  executor_.Pass(20);
  OpenSession();
  std::vector<std::string> sent;
  for (const auto& operation : links_.last().sent) {
    sent.push_back(std::get<model::GetDataRequest>(std::get<model::ReadOperation>(operation)).path);
  }
  EXPECT_THAT(sent, ElementsAre("/a", "/c"));
}

}  // namespace
}  // namespace rookery::client
