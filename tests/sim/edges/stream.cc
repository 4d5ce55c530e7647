#include "tests/sim/edges/stream.h"

#include <algorithm>
#include <utility>

namespace rookery::sim {
namespace {

// What two kernels hold of one direction.
constexpr size_t kWindowBytes = 256u << 10;
// Repetitions of what was lost in a cut begin within this.
constexpr int64_t kRepeatMostUs = 200'000;
// One piece in so many arrives cut in two.
constexpr uint64_t kCutOneIn = 16;

}  // namespace

void Pipe::Queue(Chunk chunk) {
  queued_bytes += chunk.bytes.size();
  queue.push_back(std::move(chunk));
  Send();
}

void Pipe::Send() {
  while (!queue.empty() && (queue.front().end || taken_bytes < kWindowBytes)) {
    Chunk chunk = std::move(queue.front());
    queue.pop_front();
    queued_bytes -= chunk.bytes.size();
    taken_bytes += chunk.bytes.size();
    if (turn != world->events()) turn_bytes = 0;
    turn = world->events();
    turn_bytes += chunk.bytes.size();
    if (!chunk.end && network->on_bytes) network->on_bytes(from, to, &chunk.bytes);
    // What is written in one turn leaves together.
    if (!chunk.end && !flight.empty() && !flight.back().end && stalled < flight.size() &&
        flight.back().sent_us == world->NowUs()) {
      flight.back().bytes.append(chunk.bytes);
      continue;
    }
    Launch(std::move(chunk), network->Latency(from, to));
  }
  if (!queue.empty()) {
    drain_wanted = true;
  } else if (drain_wanted && sender != nullptr) {
    drain_wanted = false;
    sender->OnDrained();
  }
}

void Pipe::Launch(Chunk chunk, int64_t after_us) {
  chunk.sent_us = world->NowUs();
  flight.push_back(std::move(chunk));
  last_us = std::max(last_us, world->NowUs() + after_us);
  Schedule(last_us);
}

void Pipe::Schedule(int64_t at_us) {
  world->Schedule(at_us, nullptr, [self = shared_from_this(), epoch = epoch] {
    if (self->epoch == epoch) self->Arrive();
  });
}

void Pipe::Postpone(int64_t late_us) {
  ++epoch;
  stalled = 0;
  if (late_us < 0) {
    flight.clear();
    return;
  }
  last_us = std::max(last_us, world->NowUs() + late_us);
  for (size_t i = 0; i < flight.size(); ++i) Schedule(last_us);
}

void Pipe::Arrive() {
  if (stalled > 0 || network->IsCut(from, to)) {
    ++stalled;
    return;
  }
  Chunk chunk = std::move(flight.front());
  flight.pop_front();
  if (receiver != nullptr) {
    receiver->OnChunk(std::move(chunk));
  } else {
    OnRead(chunk.bytes.size());
  }
}

void Pipe::Unstall() {
  if (stalled == 0) return;
  const uint64_t due = std::exchange(stalled, 0);
  const int64_t wait_us =
      network->HasChance() ? network->random_.Between(0, kRepeatMostUs) : network->latency_us;
  const int64_t at_us = world->NowUs() + wait_us;
  for (uint64_t i = 0; i < due; ++i) {
    Schedule(at_us);
  }
  last_us = std::max(last_us, at_us);
}

void Pipe::OnRead(size_t bytes) {
  taken_bytes -= bytes;
  if (!queue.empty()) Send();
}

SimStream::SimStream(World* world, SimNetwork* network, Process* owner, uint16_t local,
                     uint16_t peer, std::shared_ptr<Pipe> out, std::shared_ptr<Pipe> in)
    : world_(world),
      network_(network),
      id_(++network->last_id_),
      owner_(owner),
      local_(local),
      peer_(peer),
      out_(std::move(out)),
      in_(std::move(in)) {
  out_->sender = this;
  in_->receiver = this;
  network_->streams_.emplace(id_, this);
}

SimStream::~SimStream() {
  Close();
  *alive_ = false;
  out_->sender = nullptr;
  in_->receiver = nullptr;
  network_->streams_.erase(id_);
}

void SimStream::Start(StreamHandler* handler) {
  handler_ = handler;
  Pump();
}

void SimStream::Write(std::string bytes) {
  if (closed_ || ended_ || bytes.empty()) return;
  out_->Queue({.bytes = std::move(bytes)});
}

void SimStream::ResumeReading() {
  paused_ = false;
  Pump();
}

void SimStream::CloseAfterFlush() {
  if (closed_) return;
  closed_ = true;
  out_->QueueEnd(absl::OkStatus());
}

void SimStream::Close() {
  if (closed_) return;
  closed_ = true;
  out_->queue.clear();
  out_->queued_bytes = 0;
  out_->QueueEnd(absl::OkStatus());
}

void SimStream::OnChunk(Pipe::Chunk chunk) {
  if (chunk.end) return End(chunk.why);
  if (closed_ || ended_) return in_->OnRead(chunk.bytes.size());
  if (network_->HasChance() && chunk.bytes.size() > 1 && network_->random_.Below(kCutOneIn) == 0) {
    const size_t cut = 1 + network_->random_.Below(chunk.bytes.size() - 1);
    arrived_.push_back(chunk.bytes.substr(0, cut));
    chunk.bytes.erase(0, cut);
  }
  arrived_.push_back(std::move(chunk.bytes));
  Pump();
}

void SimStream::OnDrained() {
  world_->Schedule(world_->NowUs(), owner_, [this, alive = alive_] {
    if (*alive && !closed_ && !ended_ && handler_ != nullptr) handler_->OnDrained();
  });
}

void SimStream::End(const absl::Status& why) {
  if (closed_ || ended_) return;
  ended_ = true;
  why_ = why;
  out_->queue.clear();
  out_->queued_bytes = 0;
  Pump();
}

// Handler calls come from tasks of the owner.
void SimStream::Pump() {
  if (handler_ == nullptr || pumping_) return;
  pumping_ = true;
  world_->Schedule(world_->NowUs(), owner_, [this, alive = alive_] {
    if (*alive) Deliver();
  });
}

void SimStream::Deliver() {
  pumping_ = false;
  const std::shared_ptr<bool> alive = alive_;
  while (!closed_ && !paused_ && !arrived_.empty()) {
    const std::string bytes = std::move(arrived_.front());
    arrived_.pop_front();
    const std::shared_ptr<Pipe> in = in_;
    handler_->OnBytes(bytes);
    in->OnRead(bytes.size());
    if (!*alive) return;
  }
  if (closed_ || paused_ || !ended_) return;
  closed_ = true;
  handler_->OnClosed(why_);
}

}  // namespace rookery::sim
