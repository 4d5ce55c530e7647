#include "tests/sim/edges/network.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/sim/edges/process.h"
#include "tests/sim/edges/stream.h"

namespace rookery::sim {
namespace {

constexpr int64_t kSynRepeatUs = 1'000'000;
constexpr uint16_t kClientPort = 1;

}  // namespace

class SimListener : public Listener {
 public:
  SimListener(SimNetwork* network, Process* process, uint16_t port, Network::OnAccept on_accept)
      : network_(network), port_(port), on_accept_(std::move(on_accept)) {
    network_->listeners_[port] = {process, &on_accept_};
    network_->owners_[port] = process;
  }
  ~SimListener() override {
    auto found = network_->listeners_.find(port_);
    if (found != network_->listeners_.end() && found->second.on_accept == &on_accept_) {
      network_->listeners_.erase(found);
    }
  }
  Address Local() const override { return {"127.0.0.1", port_}; }

 private:
  SimNetwork* const network_;
  const uint16_t port_;
  Network::OnAccept on_accept_;
};

void SimNetwork::SetChance(uint64_t seed, int64_t latency_least_us, int64_t latency_most_us) {
  random_ = Random(seed);
  latency_least_us_ = latency_least_us;
  latency_most_us_ = latency_most_us;
}

void SimNetwork::SetDelay(Process* from, Process* to, int64_t delay_us) {
  if (delay_us == 0) {
    delays_.erase({from, to});
  } else {
    delays_[{from, to}] = delay_us;
  }
}

int64_t SimNetwork::Latency(Process* from, Process* to) {
  int64_t latency = HasChance() ? random_.Between(latency_least_us_, latency_most_us_) : latency_us;
  if (!delays_.empty()) {
    const auto found = delays_.find({from, to});
    if (found != delays_.end()) latency += found->second;
  }
  return latency;
}

void SimNetwork::Cut(Process* a, Process* b) {
  CutOneWay(a, b);
  CutOneWay(b, a);
}

void SimNetwork::Heal(Process* a, Process* b) {
  MendOneWay(a, b);
  MendOneWay(b, a);
}

void SimNetwork::MendOneWay(Process* from, Process* to) {
  if (cuts_.erase({from, to}) == 0) return;
  for (const auto& [id, weak] : pipes_) {
    const std::shared_ptr<Pipe> pipe = weak.lock();
    if (pipe != nullptr && pipe->from == from && pipe->to == to) pipe->Unstall();
  }
}

void SimNetwork::Reset(Process* a, Process* b, const Break& how) {
  const absl::Status why = absl::UnavailableError("connection reset");
  std::vector<std::shared_ptr<Pipe>> hit;
  for (const auto& [id, weak] : pipes_) {
    const std::shared_ptr<Pipe> pipe = weak.lock();
    if (pipe == nullptr) continue;
    if ((pipe->from == a && pipe->to == b) || (pipe->from == b && pipe->to == a)) {
      hit.push_back(pipe);
    }
  }
  for (const std::shared_ptr<Pipe>& pipe : hit) {
    if (how.late_us != 0) pipe->Postpone(how.late_us);
    pipe->queue.clear();
    pipe->queued_bytes = 0;
    pipe->Launch({.bytes = "", .end = true, .why = why},
                 pipe->to == a ? how.news_a_us : how.news_b_us);
  }
}

std::vector<Process*> SimNetwork::PeersOf(const Process* process) const {
  std::vector<Process*> peers;
  for (const auto& [id, stream] : streams_) {
    if (stream->owner() != process) continue;
    if (std::find(peers.begin(), peers.end(), stream->other()) == peers.end()) {
      peers.push_back(stream->other());
    }
  }
  return peers;
}

void SimNetwork::OnKilled(Process* process, int64_t silent_us) {
  std::erase_if(listeners_, [&](const auto& each) { return each.second.process == process; });
  std::vector<SimStream*> mine;
  for (const auto& [id, stream] : streams_) {
    if (stream->owner() == process) mine.push_back(stream);
  }
  for (SimStream* stream : mine) stream->Forget();
  for (const auto& [id, weak] : pipes_) {
    const std::shared_ptr<Pipe> pipe = weak.lock();
    if (pipe == nullptr || pipe->from != process) continue;
    pipe->queue.clear();
    pipe->queued_bytes = 0;
    if (pipe->receiver == nullptr) continue;
    pipe->Launch({.bytes = "", .end = true, .why = absl::UnavailableError("connection reset")},
                 std::max(silent_us, latency_us));
  }
}

absl::StatusOr<std::unique_ptr<Listener>> SimNetwork::Listen(Process* process,
                                                             const Address& address,
                                                             Network::OnAccept on_accept) {
  uint16_t port = address.port;
  if (port == 0) {
    port = 40'000;
    while (listeners_.contains(port)) ++port;
  }
  if (listeners_.contains(port)) return absl::AlreadyExistsError("the address is in use");
  return std::make_unique<SimListener>(this, process, port, std::move(on_accept));
}

struct SimNetwork::Attempt {
  Process* process;
  Address address;
  int64_t deadline_us;
  Network::OnConnect done;
};

void SimNetwork::Connect(Process* process, const Address& address, int64_t timeout_us,
                         Network::OnConnect done) {
  auto attempt = std::make_shared<Attempt>(
      Attempt{process, address, world_->NowUs() + timeout_us, std::move(done)});
  const auto owner = owners_.find(address.port);
  Process* to = owner == owners_.end() ? nullptr : owner->second;
  const int64_t there_us = to == nullptr ? latency_us : Latency(process, to);
  const int64_t back_us = to == nullptr ? latency_us : Latency(to, process);
  const int64_t at_us = std::min(world_->NowUs() + there_us + back_us, attempt->deadline_us);
  world_->Schedule(at_us, process,
                   [this, attempt = std::move(attempt)]() mutable { Try(std::move(attempt)); });
}

void SimNetwork::Try(std::shared_ptr<Attempt> attempt) {
  Process* const from = attempt->process;
  const auto owner = owners_.find(attempt->address.port);
  Process* const to = owner == owners_.end() ? nullptr : owner->second;
  if (to != nullptr && (IsCut(from, to) || IsCut(to, from) || !to->powered())) {
    if (world_->NowUs() >= attempt->deadline_us) {
      attempt->done(absl::DeadlineExceededError("no answer"));
      return;
    }
    const int64_t at_us = std::min(world_->NowUs() + kSynRepeatUs, attempt->deadline_us);
    world_->Schedule(at_us, from,
                     [this, attempt = std::move(attempt)]() mutable { Try(std::move(attempt)); });
    return;
  }
  if (to == nullptr || !listeners_.contains(attempt->address.port)) {
    attempt->done(
        absl::UnavailableError(absl::StrCat(attempt->address.ToString(), ": connection refused")));
    return;
  }
  Join(attempt);
}

void SimNetwork::Join(const std::shared_ptr<Attempt>& attempt) {
  const uint16_t port = attempt->address.port;
  Process* const from = attempt->process;
  Process* const to = listeners_.at(port).process;
  auto there = std::make_shared<Pipe>(world_, this, ++last_id_, from, to);
  pipes_[there->id] = there;
  auto back = std::make_shared<Pipe>(world_, this, ++last_id_, to, from);
  pipes_[back->id] = back;
  auto mine = std::make_unique<SimStream>(world_, this, from, kClientPort, port, there, back);
  auto theirs = std::make_unique<SimStream>(world_, this, to, port, kClientPort, back, there);
  world_->Schedule(world_->NowUs(), to, [this, port, theirs = std::move(theirs)]() mutable {
    const auto listener = listeners_.find(port);
    if (listener != listeners_.end()) (*listener->second.on_accept)(std::move(theirs));
  });
  attempt->done(absl::StatusOr<std::unique_ptr<Stream>>(std::move(mine)));
}

}  // namespace rookery::sim
