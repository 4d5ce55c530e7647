#include "tests/unit/consensus_peer/world.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace rookery::consensus {

// One end of a connection. Bytes and the end arrive in order, `latency_us` later.
class WorldStream : public Stream {
 public:
  WorldStream(World* world, Process* owner, uint16_t local, uint16_t peer)
      : world_(world), id_(++world->last_stream_), owner_(owner), local_(local), peer_port_(peer) {
    world_->streams_.emplace(id_, this);
  }
  ~WorldStream() override {
    Close();
    world_->streams_.erase(id_);
  }
  static void Join(WorldStream* a, WorldStream* b) {
    a->other_ = b->shared_from(b);
    b->other_ = a->shared_from(a);
  }

  void Start(StreamHandler* handler) override {
    handler_ = handler;
    Pump();
  }
  void Write(std::string bytes) override {
    if (closed_) return;
    const auto other = other_.lock();
    WorldStream* to = other == nullptr ? nullptr : other->self;
    if (to == nullptr) return;
    if (world_->on_bytes) world_->on_bytes(owner_, to->owner_, &bytes);
    if (world_->IsCut(owner_, to->owner_)) return;
    queued_ += bytes.size();
    const size_t size = bytes.size();
    world_->Schedule(world_->now_us_ + world_->latency_us, nullptr,
                     [mine = handle_, other, size, bytes = std::move(bytes)]() mutable {
                       if (mine->self != nullptr) mine->self->queued_ -= size;
                       if (other->self != nullptr) other->self->Arrive(std::move(bytes));
                     });
  }
  size_t QueuedBytes() const override { return queued_; }
  void PauseReading() override { paused_ = true; }
  void ResumeReading() override {
    paused_ = false;
    Pump();
  }
  void CloseAfterFlush() override { Close(); }
  void Close() override {
    if (closed_) return;
    closed_ = true;
    if (const auto other = other_.lock(); other != nullptr && other->self != nullptr) {
      if (!world_->IsCut(owner_, other->self->owner_)) {
        EndOther(other, absl::OkStatus());
      }
    }
  }
  Address Peer() const override { return {"127.0.0.1", peer_port_}; }
  Address Local() const override { return {"127.0.0.1", local_}; }

  // The connection breaks under both ends.
  void Break(absl::Status why) {
    if (const auto other = other_.lock(); other != nullptr && other->self != nullptr) {
      EndOther(other, why);
    }
    End(why);
  }

  struct Handle {
    WorldStream* self;
  };
  World* world_;
  const uint64_t id_;
  Process* owner_;
  std::weak_ptr<Handle> other_;
  bool closed_ = false;

 private:
  std::shared_ptr<Handle> shared_from(WorldStream* stream) { return stream->handle_; }
  void EndOther(std::shared_ptr<Handle> other, absl::Status why) {
    world_->Schedule(world_->now_us_ + world_->latency_us, nullptr, [other, why] {
      if (other->self != nullptr) other->self->End(why);
    });
  }
  void Arrive(std::string bytes) {
    if (closed_) return;
    arrived_.push_back(std::move(bytes));
    Pump();
  }
  void End(absl::Status why) {
    if (closed_ || ended_) return;
    ended_ = true;
    why_ = why;
    Pump();
  }
  // Handler calls come from tasks of the owner.
  void Pump() {
    if (handler_ == nullptr || pumping_) return;
    pumping_ = true;
    world_->Schedule(world_->now_us_, owner_, [handle = handle_] {
      if (handle->self != nullptr) handle->self->Deliver();
    });
  }
  void Deliver() {
    pumping_ = false;
    const std::shared_ptr<Handle> handle = handle_;
    while (handle->self != nullptr && !closed_ && !paused_ && !arrived_.empty()) {
      std::string bytes = std::move(arrived_.front());
      arrived_.pop_front();
      handler_->OnBytes(bytes);
    }
    if (handle->self == nullptr || closed_ || paused_ || !ended_) return;
    closed_ = true;
    handler_->OnClosed(why_);
  }

  uint16_t local_, peer_port_;
  StreamHandler* handler_ = nullptr;
  std::deque<std::string> arrived_;
  size_t queued_ = 0;
  bool paused_ = false;
  bool pumping_ = false;
  bool ended_ = false;
  absl::Status why_;
  // Shared with events under way; null once destroyed.
  struct Guard {
    explicit Guard(std::shared_ptr<Handle> h) : handle(std::move(h)) {}
    ~Guard() { handle->self = nullptr; }
    std::shared_ptr<Handle> handle;
  };
  std::shared_ptr<Handle> handle_ = std::make_shared<Handle>(Handle{this});
  Guard guard_{handle_};
};

class WorldListener : public rookery::Listener {
 public:
  WorldListener(World* world, Process* process, uint16_t port, Network::OnAccept on_accept)
      : world_(world), port_(port), on_accept_(std::move(on_accept)) {
    world_->listeners_[port] = {process, &on_accept_};
  }
  ~WorldListener() override {
    auto found = world_->listeners_.find(port_);
    if (found != world_->listeners_.end() && found->second.second == &on_accept_) {
      world_->listeners_.erase(found);
    }
  }
  Address Local() const override { return {"127.0.0.1", port_}; }

 private:
  World* world_;
  uint16_t port_;
  Network::OnAccept on_accept_;
};

uint64_t World::Schedule(int64_t at_us, Process* process, Task task) {
  const uint64_t id = ++sequence_;
  timers_[id] = at_us;
  events_[{at_us, id}] = Event{process, process == nullptr ? 0 : process->life_, std::move(task)};
  return id;
}

bool World::RunOne(int64_t until_us) {
  for (auto place = events_.begin(); place != events_.end(); ++place) {
    if (place->first.first > until_us) break;
    Event& event = place->second;
    if (event.process != nullptr && event.process->paused) continue;
    now_us_ = std::max(now_us_, place->first.first);
    timers_.erase(place->first.second);
    Event taken = std::move(event);
    events_.erase(place);
    if (taken.process == nullptr || taken.process->life_ == taken.life) taken.task();
    return true;
  }
  now_us_ = std::max(now_us_, until_us);
  return false;
}

void World::DropEvents(Process* process) {
  std::vector<Task> dropped;
  do {
    dropped.clear();
    for (auto place = events_.begin(); place != events_.end();) {
      if (process == nullptr || place->second.process == process) {
        timers_.erase(place->first.second);
        dropped.push_back(std::move(place->second.task));
        place = events_.erase(place);
      } else {
        ++place;
      }
    }
  } while (!dropped.empty());
}

bool World::RunUntil(const std::function<bool()>& done, int64_t us) {
  const int64_t end = now_us_ + us;
  while (!done()) {
    if (!RunOne(end)) return done();
  }
  return true;
}

void World::RunFor(int64_t us) {
  RunUntil([] { return false; }, us);
}

void World::Reset(Process* a, Process* b) {
  std::vector<WorldStream*> hit;
  for (const auto& [id, stream] : streams_) {
    const auto other = stream->other_.lock();
    if (stream->owner_ == a && other != nullptr && other->self != nullptr &&
        other->self->owner_ == b) {
      hit.push_back(stream);
    }
  }
  for (WorldStream* stream : hit) stream->Break(absl::UnavailableError("connection reset"));
}

void World::Cut(Process* a, Process* b) { cuts_.insert(std::minmax(a, b)); }
void World::Heal(Process* a, Process* b) { cuts_.erase(std::minmax(a, b)); }
bool World::IsCut(Process* a, Process* b) const { return cuts_.count(std::minmax(a, b)) > 0; }

void Process::Kill() {
  ++life_;
  std::erase_if(world_->listeners_, [&](const auto& each) { return each.second.first == this; });
  std::vector<WorldStream*> mine;
  for (const auto& [id, stream] : world_->streams_) {
    if (stream->owner_ == this) mine.push_back(stream);
  }
  for (WorldStream* stream : mine) {
    stream->Break(absl::UnavailableError("connection reset"));
    stream->closed_ = true;
  }
  world_->DropEvents(this);
}

void Process::Post(Task task) { world_->Schedule(world_->now_us_, this, std::move(task)); }

TimerId Process::RunAfter(int64_t delay_us, Task task) {
  return world_->Schedule(world_->now_us_ + delay_us, this, std::move(task));
}

void Process::Cancel(TimerId timer) {
  auto found = world_->timers_.find(timer);
  if (found == world_->timers_.end()) return;
  world_->events_.erase({found->second, timer});
  world_->timers_.erase(found);
}

absl::StatusOr<std::unique_ptr<rookery::Listener>> Process::Listen(const Address& address,
                                                                   OnAccept on_accept) {
  if (world_->listeners_.count(address.port) > 0) {
    return absl::AlreadyExistsError("the address is in use");
  }
  return std::make_unique<WorldListener>(world_, this, address.port, std::move(on_accept));
}

void Process::Connect(const Address& address, int64_t timeout_us, OnConnect done) {
  auto call = std::make_shared<OnConnect>(std::move(done));
  auto found = world_->listeners_.find(address.port);
  Process* to = found == world_->listeners_.end() ? nullptr : found->second.first;
  if (to != nullptr && world_->IsCut(this, to)) {
    world_->Schedule(world_->now_us_ + timeout_us, this,
                     [call] { (*call)(absl::DeadlineExceededError("no answer")); });
    return;
  }
  world_->Schedule(world_->now_us_ + 2 * world_->latency_us, this, [this, call, address] {
    auto now = world_->listeners_.find(address.port);
    if (now == world_->listeners_.end()) {
      (*call)(absl::UnavailableError(absl::StrCat(address.ToString(), ": connection refused")));
      return;
    }
    Process* peer = now->second.first;
    auto mine = std::make_unique<WorldStream>(world_, this, 1, address.port);
    auto theirs = std::make_shared<std::unique_ptr<Stream>>();
    auto end = std::make_unique<WorldStream>(world_, peer, address.port, 1);
    WorldStream::Join(mine.get(), end.get());
    *theirs = std::move(end);
    world_->Schedule(world_->now_us_, peer, [world = world_, port = address.port, theirs] {
      auto listener = world->listeners_.find(port);
      if (listener == world->listeners_.end()) return;
      (*listener->second.second)(std::move(*theirs));
    });
    (*call)(absl::StatusOr<std::unique_ptr<Stream>>(std::move(mine)));
  });
}

void WorldBackground::Run(Task task) {
  waiting_.push_back(std::move(task));
  Next();
}

void WorldBackground::Next() {
  if (busy_ || stuck || waiting_.empty()) return;
  busy_ = true;
  process_->RunAfter(work_us, [this] {
    Task task = std::move(waiting_.front());
    waiting_.pop_front();
    task();
    busy_ = false;
    Next();
  });
}

void WorldBackground::SetFree() {
  stuck = false;
  Next();
}

absl::StatusOr<std::string> MemoryFiles::Read(absl::string_view name) {
  auto found = files.find(std::string(name));
  if (found == files.end()) return absl::NotFoundError(absl::StrCat(name, ": no such file"));
  return found->second;
}

absl::Status MemoryFiles::WriteDurably(absl::string_view name, absl::string_view bytes) {
  files[std::string(name)] = std::string(bytes);
  return absl::OkStatus();
}

absl::Status MemoryFiles::WriteAt(absl::string_view name, uint64_t offset,
                                  absl::string_view bytes) {
  std::string& file = files[std::string(name)];
  if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size());
  file.replace(offset, bytes.size(), std::string(bytes));
  return absl::OkStatus();
}

}  // namespace rookery::consensus
