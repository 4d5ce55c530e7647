#include "coordinator/proposal/intake.h"

#include <utility>

#include "coordinator/base/limits.h"
#include "coordinator/base/plant.h"

namespace rookery::proposal {

void Intake::Begin(uint64_t term) {
  term_ = term;
  if (ROOKERY_PLANTED(kKeptCursor)) {
    for (auto& [server, state] : servers_) {
      state.received = state.accepted;
      state.bytes = 0;
    }
  } else {
    servers_.clear();
  }
  chunks_.clear();
  filled_.clear();
  bytes_ = 0;
}

Cursor Intake::CursorOf(const State& state, uint64_t attempt, bool go_back) const {
  return {.term = term_,
          .incarnation = state.incarnation,
          .attempt = attempt,
          .last_ticket = state.accepted,
          .go_back = go_back};
}

Intake::Verdict Intake::Add(model::ServerId from, absl::string_view message, const Forward& forward,
                            const TicketState& machine) {
  State& state = servers_[from];
  if (state.incarnation != forward.incarnation) {
    // Older incarnations would be refused at Apply. A newer one is not applied here yet.
    if (forward.incarnation < machine.incarnation) return {};
    if (forward.incarnation > machine.incarnation) {
      const State unknown{.incarnation = forward.incarnation};
      return {true, CursorOf(unknown, forward.attempt, true)};
    }
    bytes_ -= state.bytes;
    std::erase_if(chunks_, [&](const Chunk& chunk) { return chunk.server == from; });
    state = {.incarnation = machine.incarnation,
             .received = machine.last_ticket,
             .accepted = machine.last_ticket};
  }
  if (ROOKERY_PLANTED(kApplyTwice) && forward.first_ticket <= state.received) {
    state.received = state.accepted = forward.first_ticket - 1;
  }
  const uint64_t end = forward.first_ticket + forward.requests.size();
  if (forward.first_ticket > state.received + 1 || forward.first_ticket == 0 ||
      state.bytes > 2 * limits::kForwardWindowBytes) {
    return {true, CursorOf(state, forward.attempt, true)};
  }
  if (end <= state.received + 1) return {true, CursorOf(state, forward.attempt, false)};

  const size_t known = state.received + 1 - forward.first_ticket;
  Chunk chunk{.server = from,
              .incarnation = forward.incarnation,
              .first_ticket = state.received + 1,
              .attempt = forward.attempt,
              .message = std::make_unique<const std::string>(message)};
  for (size_t i = known; i < forward.requests.size(); ++i) {
    const absl::string_view request = forward.requests[i];
    chunk.requests.push_back(
        absl::string_view(*chunk.message).substr(request.data() - message.data(), request.size()));
    state.bytes += request.size();
    bytes_ += request.size();
  }
  state.received = end - 1;
  chunks_.push_back(std::move(chunk));
  return {};
}

void Intake::Fill(size_t bytes_max, size_t requests_max, std::vector<wire::EncodedRun>* runs) {
  filled_.clear();
  size_t bytes = 0;
  size_t requests = 0;
  for (const Chunk& chunk : chunks_) {
    wire::EncodedRun run{.server = chunk.server,
                         .incarnation = chunk.incarnation,
                         .first_ticket = chunk.first_ticket + chunk.next};
    for (size_t i = chunk.next; i < chunk.requests.size(); ++i) {
      const size_t size = chunk.requests[i].size();
      const bool full = requests == requests_max || (bytes > 0 && bytes + size > bytes_max);
      if (full) break;
      bytes += size;
      ++requests;
      run.requests.push_back(chunk.requests[i]);
    }
    if (run.requests.empty()) return;
    filled_.push_back(run.requests.size());
    const bool whole = chunk.next + run.requests.size() == chunk.requests.size();
    runs->push_back(std::move(run));
    if (!whole) return;
  }
}

std::vector<std::pair<model::ServerId, Cursor>> Intake::Accepted() {
  absl::btree_map<model::ServerId, Cursor> cursors;  // the last word to each
  for (const size_t taken : filled_) {
    Chunk& chunk = chunks_.front();
    State& state = servers_[chunk.server];
    for (size_t i = 0; i < taken; ++i) {
      const size_t size = chunk.requests[chunk.next++].size();
      state.bytes -= size;
      bytes_ -= size;
    }
    state.accepted += taken;
    cursors[chunk.server] = CursorOf(state, chunk.attempt, false);
    if (chunk.next == chunk.requests.size()) chunks_.pop_front();
  }
  filled_.clear();
  return {cursors.begin(), cursors.end()};
}

}  // namespace rookery::proposal
