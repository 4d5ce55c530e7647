// The order of requests inside of a session (DESIGN section 2, "Order in a session"):
//
// - a write is handed over to be proposed only when no earlier request waits for anything but the
//   session's own earlier writes;
// - requests are answered in the order in which they came; a read that waits behind write n runs
//   in the turn of n, which is before n+1 is applied.
//
// I/O-free. The owner pushes requests, hands over what NextWrite() gives, says when a write was
// answered, and runs the read at the head whenever there is one.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <variant>

#include "coordinator/model/acl.h"
#include "coordinator/model/request.h"

namespace rookery::session {

struct LaneRequest {
  uint64_t tag = 0;
  size_t bytes = 0;
  int64_t submitted_us = 0;
  // As of receipt: a later login does not change what was asked before it.
  std::shared_ptr<const model::Credentials> credentials;
  std::variant<model::WriteOperation, model::ReadOperation> operation;
  // Goes with the request: what the owner keeps for it until it is answered.
  std::shared_ptr<void> kept;
};

class Lane {
 public:
  // `waits`: a read that something else than the session's writes must free with Release() (sync).
  // Returns the number of the request, for Release().
  uint64_t Push(LaneRequest request, bool waits);

  // The next write that may be handed over, null if there is none now. Marks it as handed; its
  // operation may be moved from.
  LaneRequest* NextWrite();

  // The oldest request if it is a read that may run now, otherwise null.
  LaneRequest* ReadyRead();

  // The oldest request if it is a write that was handed over, otherwise null: the one whose answer
  // is next.
  LaneRequest* WriteInTurn();

  // The oldest request was answered.
  void PopFront();

  // What the read with this number waited for has come; false if it is gone.
  bool Release(uint64_t number);

  bool empty() const { return items_.empty(); }
  size_t size() const { return items_.size(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Item {
    LaneRequest request;
    bool is_write = false;
    bool waits = false;
  };

  std::deque<Item> items_;
  uint64_t first_number_ = 1;  // of items_.front()
  // Items before this one were handed over or are reads that wait for handed writes only.
  size_t passed_ = 0;
  size_t bytes_ = 0;
};

}  // namespace rookery::session
