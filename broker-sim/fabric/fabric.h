// The network between simulated brokers and their clients, in one process: a message takes a while,
// a broker that is down answers nothing, one that is halted answers late.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "broker-sim/fabric/messages.h"
#include "coordinator/base/coroutine/async.h"
#include "coordinator/base/executor.h"

namespace rookery::broker_sim {

// The way back for an answer. Dropped without one, the asker hears at once that there is none, as
// from a connection that was closed.
template <typename Response>
class Reply {
 public:
  using Tell = absl::AnyInvocable<void(std::optional<Response>)>;
  explicit Reply(Tell tell) : tell_(std::move(tell)) {}
  Reply(Reply&& other) noexcept : tell_(std::exchange(other.tell_, nullptr)) {}
  Reply& operator=(Reply&& other) noexcept {
    std::swap(tell_, other.tell_);
    return *this;
  }
  ~Reply() {
    if (tell_ != nullptr) tell_(std::nullopt);
  }
  void operator()(Response response) { std::exchange(tell_, nullptr)(std::move(response)); }

 private:
  Tell tell_;
};

// Who takes requests. Calls come on the peer's executor.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual void Take(LeaderAndIsrRequest request, Reply<LeaderAndIsrResponse> reply) = 0;
  virtual void Take(UpdateMetadataRequest request, Reply<UpdateMetadataResponse> reply) = 0;
  virtual void Take(StopReplicaRequest request, Reply<StopReplicaResponse> reply) = 0;
  virtual void Take(AlterPartitionRequest request, Reply<AlterPartitionResponse> reply) = 0;
  virtual void Take(ControlledShutdownRequest request, Reply<ControlledShutdownResponse> reply) = 0;
  virtual void Take(AllocateProducerIdsRequest request,
                    Reply<AllocateProducerIdsResponse> reply) = 0;
  virtual void Take(FetchRequest request, Reply<FetchResponse> reply) = 0;
  virtual void Take(ProduceRequest request, Reply<ProduceResponse> reply) = 0;
  virtual void Take(InitProducerIdRequest request, Reply<InitProducerIdResponse> reply) = 0;
  virtual void Take(MetadataRequest request, Reply<MetadataResponse> reply) = 0;
  virtual void Take(CreateTopicRequest request, Reply<TopicResponse> reply) = 0;
  virtual void Take(CreatePartitionsRequest request, Reply<TopicResponse> reply) = 0;
  virtual void Take(DeleteTopicRequest request, Reply<TopicResponse> reply) = 0;
};

class Fabric {
 public:
  // `base` outlives the fabric.
  Fabric(Executor* base, int64_t delay_us) : base_(base), delay_us_(delay_us) {}

  // From now on `peer` takes what is sent to `id`, on `executor`.
  void Join(int32_t id, Peer* peer, Executor* executor) {
    peers_[id] = {peer, executor, std::make_shared<bool>(true)};
  }
  // What is under way to it is lost.
  void Leave(int32_t id) {
    const auto peer = peers_.find(id);
    if (peer == peers_.end()) return;
    *peer->second.there = false;
    peers_.erase(peer);
  }
  bool IsThere(int32_t id) const { return peers_.contains(id); }

  // Asks `to`; the coroutine that awaits it runs on `own`. nullopt: no answer, for whatever reason.
  template <typename Request>
  Async<std::optional<typename Request::Response>> Call(Executor* own, int32_t to, Request request,
                                                        int64_t timeout_us) {
    using Response = typename Request::Response;
    Completion<std::optional<Response>> done;
    auto once = std::make_shared<decltype(done.Callback())>(done.Callback());
    const auto is_first = [told = std::make_shared<bool>(false)] {
      return !std::exchange(*told, true);
    };
    const auto finish = [once, is_first](std::optional<Response> response) {
      if (is_first()) (*once)(std::move(response));
    };
    const TimerId timer = own->RunAfter(timeout_us, [once, is_first] {
      if (is_first()) (*once)(std::nullopt);
    });
    Later([this, own, to, finish, request = std::move(request)]() mutable {
      Deliver<Request>(own, to, std::move(request), finish);
    });
    auto response = co_await done;
    own->Cancel(timer);
    co_return response;
  }

 private:
  struct Place {
    Peer* peer = nullptr;
    Executor* executor = nullptr;
    std::shared_ptr<bool> there;
  };

  void Later(Task task) {
    if (delay_us_ == 0) {
      base_->Post(std::move(task));
    } else {
      base_->RunAfter(delay_us_, std::move(task));
    }
  }

  template <typename Request, typename Finish>
  void Deliver(Executor* own, int32_t to, Request request, Finish finish) {
    using Response = typename Request::Response;
    // An answer travels; that there will be none is known at once.
    Reply<Response> reply([this, base = base_, own, finish](std::optional<Response> response) {
      const bool answered = response.has_value();
      Task arrive = [own, finish, response = std::move(response)]() mutable {
        own->Post(
            [finish, response = std::move(response)]() mutable { finish(std::move(response)); });
      };
      if (answered) {
        Later(std::move(arrive));
      } else {
        base->Post(std::move(arrive));
      }
    });
    const auto place = peers_.find(to);
    if (place == peers_.end()) return;
    Executor* executor = place->second.executor;
    executor->Post([peer = place->second.peer, there = place->second.there,
                    request = std::move(request), reply = std::move(reply)]() mutable {
      if (*there) peer->Take(std::move(request), std::move(reply));
    });
  }

  Executor* const base_;
  const int64_t delay_us_;
  std::map<int32_t, Place> peers_;
};

}  // namespace rookery::broker_sim
