// Simulated brokers on one rookeryd without preload, each request of theirs to it written down, for
// comparison with recordings.
#pragma once

#include <condition_variable>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "broker-sim/broker/broker.h"
#include "coordinator/base/net/asio_core.h"
#include "coordinator/client/blocking.h"
#include "tests/broker_sim/recording.h"
#include "tests/broker_sim/referee.h"
#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace rookery::broker_sim {

class SilentTimeline final : public Timeline {
  void Tell(TimelineEvent) override {}
};

class SimulatedBrokers {
 public:
  enum class Ids { kConfigured, kGenerated };
  // Brokers 0 to `count` - 1, none of them started. With generated ids that is only how the test
  // calls them.
  explicit SimulatedBrokers(int32_t count, Ids ids = Ids::kConfigured);
  ~SimulatedBrokers();

  void Start(int32_t id);
  void Kill(int32_t id);
  // Before the next election.
  void Choose(int32_t winner, const std::set<int32_t>& others);

  // What a broker sends from here on is asked for by Sent().
  void Mark();
  // Waits until it has sent as many requests as `expected`, and until it and all the others had
  // time to send more.
  Requests Sent(int32_t id, const Requests& expected);
  // Waits until it has sent `count` requests that begin with `prefix`.
  void WaitFor(int32_t id, const std::string& prefix, size_t count);

  // A request to a broker, as a tool sends it.
  template <typename Request>
  std::optional<typename Request::Response> Ask(int32_t to, Request request) {
    using Answer = std::optional<typename Request::Response>;
    struct Way {
      static Async<> Go(SimulatedBrokers* self, int32_t to, Request request,
                        std::promise<Answer>* answer) {
        constexpr int64_t kAnswerWithinUs = 30'000'000;
        auto response =
            co_await self->fabric_.Call(&self->core_, to, std::move(request), kAnswerWithinUs);
        answer->set_value(std::move(response));
      }
    };
    std::promise<Answer> answer;
    core_.Post([&] { scope_.Spawn(Way::Go(this, to, request, &answer)); });
    return answer.get_future().get();
  }

  // The tree as somebody else alters it. Once a broker has started.
  client::BlockingClient& tree();

 private:
  struct Member {
    std::unique_ptr<Broker> broker;
    Disk disk;
    std::vector<std::string> lines;  // of its tap
    size_t marked = 0;
    bool runs = false;
  };

  void MakeBroker(int32_t id, uint16_t port, Ids ids);
  Requests SinceMark(int32_t id);
  void LetAllSpeak();

  testing::TemporaryDirectory directory_;
  std::string servers_;
  testing::ChildProcess server_;
  AsioCore core_;
  Fabric fabric_{&core_, 0};
  SilentTimeline timeline_;
  Referee referee_;
  std::mutex mutex_;  // of the lines
  std::condition_variable more_;
  std::map<int32_t, Member> members_;
  Scope scope_;
  std::unique_ptr<client::BlockingClient> tree_;
};

}  // namespace rookery::broker_sim
