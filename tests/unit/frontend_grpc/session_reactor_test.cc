#include "coordinator/frontend/grpc/pump/session_reactor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

namespace rookery::frontend {
namespace {

using ::testing::ElementsAre;

using Reactor = grpc::ServerBidiReactor<v1::SessionRequest, v1::SessionResponse>;

// Runs what is posted when the test says so.
class Core final : public Executor {
 public:
  void Post(Task task) override { tasks_.push_back(std::move(task)); }
  TimerId RunAfter(int64_t, Task) override { return 0; }
  void Cancel(TimerId) override {}
  bool IsCurrent() const override { return true; }
  void RunAll() {
    while (!tasks_.empty()) {
      Task task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
  }

 private:
  std::deque<Task> tasks_;
};

// gRPC's side of a stream: writes down what it is asked for, and reacts when the test says so.
class FakeStream final
    : public grpc::ServerCallbackReaderWriter<v1::SessionRequest, v1::SessionResponse> {
 public:
  explicit FakeStream(Reactor* reactor) : reactor_(reactor) { BindReactor(reactor); }

  void Finish(grpc::Status status) override {
    asked.push_back(status.ok() ? "finish" : "finish with " + status.error_message());
  }
  void SendInitialMetadata() override {}
  void Read(v1::SessionRequest*) override { asked.push_back("read"); }
  void Write(const v1::SessionResponse*, grpc::WriteOptions) override { asked.push_back("write"); }
  void WriteAndFinish(const v1::SessionResponse*, grpc::WriteOptions, grpc::Status) override {}

  std::vector<std::string> asked;

 private:
  grpc::internal::ServerReactor* reactor() override { return reactor_; }
  void CallOnDone() override {}

  Reactor* const reactor_;
};

class SessionReactorTest : public ::testing::Test {
 protected:
  ~SessionReactorTest() override {
    reactor->OnDone();
    core.RunAll();
  }
  void Send() { dynamic_cast<SessionSink*>(reactor)->Send({}); }

  Core core;
  grpc::CallbackServerContext context;
  Reactor* const reactor = NewSessionReactor(&context, nullptr, &core, {});  // ends with OnDone
  FakeStream stream{reactor};
};

TEST_F(SessionReactorTest, FinishesBehindWhatWaitsToBeWritten) {
  Send();
  Send();
  reactor->OnReadDone(false);
  core.RunAll();
  EXPECT_THAT(stream.asked, ElementsAre("read", "write"));
  reactor->OnWriteDone(true);
  EXPECT_THAT(stream.asked, ElementsAre("read", "write", "write"));
  reactor->OnWriteDone(true);
  EXPECT_THAT(stream.asked, ElementsAre("read", "write", "write", "finish"));
}

TEST_F(SessionReactorTest, FinishesWhenTheWriteFailsThatItWaitedFor) {
  Send();
  Send();
  reactor->OnCancel();
  core.RunAll();
  EXPECT_THAT(stream.asked, ElementsAre("read", "write"));
  reactor->OnWriteDone(false);
  EXPECT_THAT(stream.asked, ElementsAre("read", "write", "finish"));
}

TEST_F(SessionReactorTest, FinishesWhenItIsCancelledAfterAWriteFailed) {
  Send();
  Send();
  reactor->OnWriteDone(false);
  reactor->OnCancel();
  core.RunAll();
  EXPECT_THAT(stream.asked, ElementsAre("read", "write", "finish"));
}

TEST_F(SessionReactorTest, ReadsNothingOnceItFinishes) {
  Send();
  v1::SessionResponse large;
  large.mutable_opened()->set_password(std::string(65u << 20, 'x'));
  dynamic_cast<SessionSink*>(reactor)->Send(std::move(large));  // more than may wait
  reactor->OnWriteDone(true);
  reactor->OnReadDone(true);  // came in at the same time
  core.RunAll();
  EXPECT_EQ(stream.asked.size(), 3u);
  EXPECT_THAT(stream.asked.back(), ::testing::HasSubstr("does not read its replies"));
}

}  // namespace
}  // namespace rookery::frontend
