// Recipes beside a server of ours, over both protocols: what their tests share.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>

#include "absl/strings/str_cat.h"
#include "coordinator/base/net/free_port.h"
#include "coordinator/client/factory/client_factory.h"
#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace rookery::client::recipes {

inline constexpr int64_t kWaitMs = 30000;

// What came, in order, for a thread that waits for it.
template <typename Event>
class Heard {
 public:
  void operator()(Event event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    changed_.notify_all();
  }
  // The next one; fails the test and gives a default if none comes.
  Event Next() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::milliseconds(kWaitMs),
                           [this] { return !events_.empty(); })) {
      ADD_FAILURE() << "nothing came";
      return Event();
    }
    Event event = std::move(events_.front());
    events_.pop_front();
    return event;
  }
  bool empty() {
    const std::lock_guard lock(mutex_);
    return events_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> events_;
};

// One server for all tests of a suite, which run once over each protocol; each test has a path of
// its own.
class RecipeTest : public ::testing::TestWithParam<Protocol> {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::make_unique<testing::TemporaryDirectory>();
    const int zookeeper = FreePort();
    const int grpc = FreePort();
    zookeeper_ = absl::StrCat("127.0.0.1:", zookeeper);
    grpc_ = absl::StrCat("127.0.0.1:", grpc);
    std::ofstream(directory_->path() / "zoo.cfg")
        << "tickTime=200\ndataDir=" << directory_->path().string()
        << "/data\nclientPort=" << zookeeper << "\nclientPortAddress=127.0.0.1\ngrpcPort=" << grpc
        << "\ngrpcPortAddress=127.0.0.1\n";
    server_ = testing::ChildProcess({ROOKERYD_PROGRAM, (directory_->path() / "zoo.cfg").string()},
                                    (directory_->path() / "log").string());
  }
  static void TearDownTestSuite() {
    server_ = {};
    directory_.reset();
  }

  static std::unique_ptr<BlockingClient> Open() {
    Options options;
    options.session_timeout_ms = 4000;
    auto client = OpenBlockingClient(GetParam(), GetParam() == Protocol::kGrpc ? grpc_ : zookeeper_,
                                     std::move(options), kWaitMs);
    EXPECT_TRUE(client.ok()) << client.status();
    return client.ok() ? *std::move(client) : nullptr;
  }
  // Of this test.
  static std::string Path(absl::string_view name = "") {
    std::string test = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    for (char& c : test) c = c == '/' ? '-' : c;
    return absl::StrCat("/", test, name);
  }

  static inline std::unique_ptr<testing::TemporaryDirectory> directory_;
  static inline testing::ChildProcess server_;
  static inline std::string zookeeper_, grpc_;
};

inline std::string ProtocolName(const ::testing::TestParamInfo<Protocol>& info) {
  return info.param == Protocol::kGrpc ? "Grpc" : "ZooKeeper";
}

}  // namespace rookery::client::recipes
