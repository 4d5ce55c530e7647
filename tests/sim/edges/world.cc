#include "tests/sim/edges/world.h"

#include <algorithm>
#include <utility>

#include "tests/sim/edges/network.h"
#include "tests/sim/edges/process.h"

namespace rookery::sim {

World::World() : network_(std::make_unique<SimNetwork>(this)) {}

World::~World() { DropEvents(nullptr); }

TimerId World::Schedule(int64_t at_us, Process* process, Task task) {
  uint32_t slot;
  if (free_.empty()) {
    slot = static_cast<uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Slot& place = slots_[slot];
  place.task = std::move(task);
  place.process = process;
  place.life = process == nullptr ? 0 : process->life();
  place.used = true;
  Push(at_us, slot);
  return (static_cast<uint64_t>(place.generation) << 32) | (slot + 1);
}

void World::Push(int64_t at_us, uint32_t slot) {
  heap_.push_back({at_us, ++sequence_, slot, slots_[slot].generation});
  std::push_heap(heap_.begin(), heap_.end());
}

World::Slot World::Take(uint32_t slot) {
  Slot& place = slots_[slot];
  Slot taken = std::move(place);
  place = Slot();
  place.generation = taken.generation + 1;
  free_.push_back(slot);
  return taken;
}

void World::Cancel(TimerId timer) {
  if (timer == 0) return;
  const auto slot = static_cast<uint32_t>(timer & 0xffffffff) - 1;
  if (slot >= slots_.size()) return;
  if (!slots_[slot].used || slots_[slot].generation != timer >> 32) return;
  Take(slot);
}

void World::Release(Process* process) {
  std::vector<Key> deferred = std::exchange(deferred_, {});
  for (const Key& key : deferred) {
    const Slot& place = slots_[key.slot];
    if (!place.used || place.generation != key.generation) continue;
    if (place.process == process) {
      Push(now_us_, key.slot);
    } else {
      deferred_.push_back(key);
    }
  }
}

bool World::RunOne(int64_t until_us) {
  while (!heap_.empty() && heap_.front().at_us <= until_us) {
    std::pop_heap(heap_.begin(), heap_.end());
    const Key key = heap_.back();
    heap_.pop_back();
    const Slot& place = slots_[key.slot];
    if (!place.used || place.generation != key.generation) continue;
    if (place.process != nullptr && place.process->paused()) {
      deferred_.push_back(key);
      continue;
    }
    now_us_ = std::max(now_us_, key.at_us);
    Slot event = Take(key.slot);
    if (event.process != nullptr && event.process->life() != event.life) continue;
    ++events_;
    running_ = event.process;
    if (on_end && event.process != nullptr) {
      try {
        event.task();
        running_ = nullptr;
      } catch (const ProcessEnded& end) {
        running_ = nullptr;
        on_end(event.process, end);
      }
    } else {
      event.task();
      running_ = nullptr;
    }
    return true;
  }
  now_us_ = std::max(now_us_, until_us);
  return false;
}

void World::DropEvents(Process* process) {
  bool again = true;
  while (again) {
    again = false;
    for (uint32_t slot = 0; slot < slots_.size(); ++slot) {
      if (!slots_[slot].used) continue;
      if (process != nullptr && slots_[slot].process != process) continue;
      again = true;
      Take(slot);  // destroys the task at the end of this line, which may schedule
    }
  }
}

bool World::RunUntil(const std::function<bool()>& done, int64_t us) {
  const int64_t end = now_us_ + us;
  while (!done()) {
    if (!RunOne(end)) return done();
  }
  return true;
}

void World::RunFor(int64_t us) {
  const int64_t end = now_us_ + us;
  while (RunOne(end)) {
  }
}

}  // namespace rookery::sim
