// Connections of the simulated network. Private to edges/.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "tests/sim/edges/network.h"
#include "tests/sim/edges/process.h"

namespace rookery::sim {

// One direction of a connection: what its kernels hold of it. Outlives the ends as long as bytes
// are under way.
struct Pipe : std::enable_shared_from_this<Pipe> {
  Pipe(World* world, SimNetwork* network, uint64_t id, Process* from, Process* to)
      : world(world), network(network), id(id), from(from), to(to) {}
  ~Pipe() { network->pipes_.erase(id); }

  // Bytes, or the end.
  struct Chunk {
    std::string bytes;
    bool end = false;
    absl::Status why;
    int64_t sent_us = 0;
  };
  void Queue(Chunk chunk);
  // Written and not yet taken by the kernel, which happens at the end of a turn.
  size_t QueuedBytes() const { return queued_bytes + (turn == world->events() ? turn_bytes : 0); }
  void QueueEnd(absl::Status why) { Queue({.bytes = "", .end = true, .why = std::move(why)}); }
  // Hands to the network what the other side's window has room for.
  void Send();
  void Launch(Chunk chunk, int64_t after_us);
  void Schedule(int64_t at_us);
  // The next chunk under way is there, unless the line is cut.
  void Arrive();
  // What is under way arrives so much later; negative: never.
  void Postpone(int64_t late_us);
  // The line works again: what waited arrives after some repetitions.
  void Unstall();
  void OnRead(size_t bytes);

  World* const world;
  SimNetwork* const network;
  const uint64_t id;
  Process* const from;
  Process* const to;
  SimStream* sender = nullptr;    // null once destroyed
  SimStream* receiver = nullptr;  // likewise
  std::deque<Chunk> queue;        // written, and no room yet
  size_t queued_bytes = 0;
  std::deque<Chunk> flight;
  uint64_t turn = 0;       // the last one in which bytes left
  size_t turn_bytes = 0;   // how many
  size_t taken_bytes = 0;  // under way, or there and unread
  int64_t last_us = 0;     // when the last chunk of flight arrives
  uint64_t epoch = 0;      // of arrivals: those of an earlier one are void
  uint64_t stalled = 0;    // chunks, from the front of flight, whose time has come during a cut
  bool drain_wanted = false;
};

class SimStream : public Stream {
 public:
  SimStream(World* world, SimNetwork* network, Process* owner, uint16_t local, uint16_t peer,
            std::shared_ptr<Pipe> out, std::shared_ptr<Pipe> in);
  ~SimStream() override;

  void Start(StreamHandler* handler) override;
  void Write(std::string bytes) override;
  size_t QueuedBytes() const override { return out_->QueuedBytes(); }
  void PauseReading() override { paused_ = true; }
  void ResumeReading() override;
  void CloseAfterFlush() override;
  void Close() override;
  Address Peer() const override { return {"127.0.0.1", peer_}; }
  Address Local() const override { return {"127.0.0.1", local_}; }

  Process* owner() const { return owner_; }
  Process* other() const { return out_->to; }
  // From the pipe.
  void OnChunk(Pipe::Chunk chunk);
  void OnDrained();
  // The connection is gone under this end: what was written and has not left is dropped.
  void End(const absl::Status& why);
  // The process is gone: nobody is told.
  void Forget() { closed_ = true; }

 private:
  void Pump();
  void Deliver();

  World* const world_;
  SimNetwork* const network_;
  const uint64_t id_;
  Process* const owner_;
  const uint16_t local_, peer_;
  const std::shared_ptr<Pipe> out_, in_;
  StreamHandler* handler_ = nullptr;
  std::deque<std::string> arrived_;
  bool paused_ = false;
  bool pumping_ = false;
  bool ended_ = false;
  bool closed_ = false;
  absl::Status why_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::sim
