// What every executor and every network promises (coordinator/base/executor.h, network.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/base/edge_harness.h"

namespace rookery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class EdgeContract : public testing::TestWithParam<std::unique_ptr<EdgeHarness> (*)()> {
 protected:
  std::unique_ptr<EdgeHarness> edges_ = GetParam()();
};

class ExecutorContract : public EdgeContract {};

TEST_P(ExecutorContract, RunsTasksInTheOrderOfPostingAndNeverFromInside) {
  std::vector<int> ran;
  edges_->Do([&] {
    edges_->executor()->Post([&] { ran.push_back(1); });
    edges_->executor()->Post([&] {
      edges_->executor()->Post([&] { ran.push_back(3); });
      ran.push_back(2);
    });
    EXPECT_TRUE(ran.empty());
  });
  ASSERT_TRUE(edges_->WaitFor([&] { return ran.size() == 3; }));
  EXPECT_THAT(ran, ElementsAre(1, 2, 3));
}

TEST_P(ExecutorContract, RunsTimersByTheirTimeAndNotBefore) {
  std::vector<int> ran;
  int64_t begun_us = 0, late_us = 0;
  edges_->Do([&] {
    begun_us = edges_->NowUs();
    edges_->executor()->RunAfter(20'000, [&] {
      late_us = edges_->NowUs();
      ran.push_back(2);
    });
    edges_->executor()->RunAfter(1'000, [&] { ran.push_back(1); });
  });
  ASSERT_TRUE(edges_->WaitFor([&] { return ran.size() == 2; }));
  EXPECT_THAT(ran, ElementsAre(1, 2));
  EXPECT_GE(late_us - begun_us, 20'000);
}

TEST_P(ExecutorContract, ForgetsCancelledTimersAndIgnoresOldOnes) {
  bool cancelled_ran = false, other_ran = false;
  TimerId over = 0;
  edges_->Do([&] { over = edges_->executor()->RunAfter(0, [] {}); });
  edges_->Do([&] {
    edges_->executor()->Cancel(0);
    const TimerId timer = edges_->executor()->RunAfter(1'000, [&] { cancelled_ran = true; });
    edges_->executor()->RunAfter(5'000, [&] { other_ran = true; });
    edges_->executor()->Cancel(timer);
    edges_->executor()->Cancel(timer);
  });
  ASSERT_TRUE(edges_->WaitFor([&] { return other_ran; }));
  edges_->Do([&] { edges_->executor()->Cancel(over); });
  EXPECT_FALSE(cancelled_ran);
}

TEST_P(ExecutorContract, BackgroundWorkIsDoneInItsOrderAndPostsBack) {
  std::vector<int> ran;
  for (int i = 1; i <= 3; ++i) {
    edges_->background()->Run([&, i] { edges_->executor()->Post([&, i] { ran.push_back(i); }); });
  }
  ASSERT_TRUE(edges_->WaitFor([&] { return ran.size() == 3; }));
  EXPECT_THAT(ran, ElementsAre(1, 2, 3));
}

// One end of a connection and all it was told.
class Side : public StreamHandler {
 public:
  void Begin(std::unique_ptr<Stream> with) {
    stream = std::move(with);
    stream->Start(this);
  }
  void OnBytes(absl::string_view bytes) override {
    EXPECT_FALSE(inside_) << "called from inside a method";
    EXPECT_FALSE(paused) << "bytes while reading is paused";
    EXPECT_FALSE(closed.has_value()) << "bytes after the end";
    text.append(bytes.data(), bytes.size());
  }
  void OnClosed(absl::Status why) override {
    EXPECT_FALSE(closed.has_value());
    closed = why;
  }
  void OnDrained() override { ++drained; }
  void Write(std::string bytes) {
    inside_ = true;
    stream->Write(std::move(bytes));
    inside_ = false;
  }

  std::unique_ptr<Stream> stream;
  std::string text;
  std::optional<absl::Status> closed;
  int drained = 0;
  bool paused = false;

 private:
  bool inside_ = false;
};

class NetworkContract : public EdgeContract {
 protected:
  ~NetworkContract() override {
    edges_->Do([&] {
      near_.stream.reset();
      far_.stream.reset();
      listener_.reset();
    });
  }
  void Listen() {
    edges_->Do([&] {
      auto listener = edges_->network()->Listen(
          {"127.0.0.1", 0},
          [this](std::unique_ptr<Stream> stream) { far_.Begin(std::move(stream)); });
      ASSERT_TRUE(listener.ok()) << listener.status();
      listener_ = *std::move(listener);
      address_ = listener_->Local();
    });
  }
  absl::Status Connect() {
    std::optional<absl::Status> connected;
    edges_->Do([&] {
      edges_->network()->Connect(address_, 5'000'000,
                                 [&](absl::StatusOr<std::unique_ptr<Stream>> stream) {
                                   connected = stream.status();
                                   if (stream.ok()) near_.Begin(*std::move(stream));
                                 });
      EXPECT_FALSE(connected.has_value()) << "done was called from inside";
    });
    EXPECT_TRUE(edges_->WaitFor([&] { return connected.has_value(); }));
    return connected.value_or(absl::UnknownError("nothing was said"));
  }
  void Join() {
    Listen();
    ASSERT_TRUE(Connect().ok());
    ASSERT_TRUE(edges_->WaitFor([&] { return far_.stream != nullptr; }));
  }

  std::unique_ptr<Listener> listener_;
  Address address_;
  Side near_, far_;
};

TEST_P(NetworkContract, CarriesBytesBothWaysInOrder) {
  Join();
  std::string sent(3u << 20, '\0');
  for (size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 7 + i / 251);
  edges_->Do([&] {
    for (size_t at = 0; at < sent.size(); at += 70'000) near_.Write(sent.substr(at, 70'000));
    far_.Write("answer");
  });
  ASSERT_TRUE(edges_->WaitFor([&] { return far_.text.size() >= sent.size(); }));
  ASSERT_TRUE(edges_->WaitFor([&] { return near_.text.size() >= 6; }));
  edges_->Do([&] {
    EXPECT_EQ(far_.text, sent);
    EXPECT_EQ(near_.text, "answer");
  });
}

TEST_P(NetworkContract, TellsAPortWhereNobodyListens) {
  Listen();
  edges_->Do([&] { listener_.reset(); });
  const absl::Status status = Connect();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("refused"));
}

TEST_P(NetworkContract, RefusesAnAddressInUse) {
  Listen();
  edges_->Do([&] {
    const auto second = edges_->network()->Listen(address_, [](std::unique_ptr<Stream>) {});
    EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  });
}

TEST_P(NetworkContract, AnOrderlyEndComesBehindTheBytes) {
  Join();
  edges_->Do([&] {
    near_.Write("last words");
    near_.stream->CloseAfterFlush();
    near_.stream.reset();
  });
  ASSERT_TRUE(edges_->WaitFor([&] { return far_.closed.has_value(); }));
  edges_->Do([&] {
    EXPECT_EQ(far_.text, "last words");
    EXPECT_TRUE(far_.closed->ok()) << *far_.closed;
    EXPECT_FALSE(near_.closed.has_value());
  });
}

TEST_P(NetworkContract, NothingIsReadWhilePausedAndNothingIsLost) {
  Join();
  edges_->Do([&] {
    far_.stream->PauseReading();
    far_.paused = true;
    near_.Write("held back");
    near_.Write(" and more");
  });
  // A round trip on another way shows that there was time for it.
  edges_->Do([&] { far_.Write("echo"); });
  ASSERT_TRUE(edges_->WaitFor([&] { return near_.text == "echo"; }));
  edges_->Do([&] {
    EXPECT_EQ(far_.text, "");
    far_.paused = false;
    far_.stream->ResumeReading();
  });
  ASSERT_TRUE(edges_->WaitFor([&] { return far_.text == "held back and more"; }));
}

TEST_P(NetworkContract, SaysWhatWaitsForAReaderAndWhenItIsGone) {
  Join();
  const size_t size = 16u << 20;
  edges_->Do([&] {
    far_.stream->PauseReading();
    far_.paused = true;
    near_.Write(std::string(size, 'x'));
    near_.Write(std::string(size, 'y'));
    EXPECT_GT(near_.stream->QueuedBytes(), 0u);
  });
  edges_->Do([&] { EXPECT_EQ(near_.drained, 0); });
  edges_->Do([&] {
    far_.paused = false;
    far_.stream->ResumeReading();
  });
  ASSERT_TRUE(edges_->WaitFor([&] { return far_.text.size() == 2 * size; }));
  ASSERT_TRUE(edges_->WaitFor([&] { return near_.stream->QueuedBytes() == 0; }));
  ASSERT_TRUE(edges_->WaitFor([&] { return near_.drained > 0; }));
}

TEST_P(NetworkContract, ADestroyedStreamIsAnEndForTheOther) {
  Join();
  edges_->Do([&] { near_.stream.reset(); });
  ASSERT_TRUE(edges_->WaitFor([&] { return far_.closed.has_value(); }));
}

std::string NameOf(const testing::TestParamInfo<std::unique_ptr<EdgeHarness> (*)()>& info) {
  return info.param == RealEdges ? "Real" : "Simulated";
}
INSTANTIATE_TEST_SUITE_P(Edges, ExecutorContract, testing::Values(RealEdges, SimulatedEdges),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(Edges, NetworkContract, testing::Values(RealEdges, SimulatedEdges),
                         NameOf);

}  // namespace
}  // namespace rookery
