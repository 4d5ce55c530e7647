#include "coordinator/session/lane/lane.h"

#include "coordinator/base/check.h"

namespace rookery::session {

uint64_t Lane::Push(LaneRequest request, bool waits) {
  const bool is_write = std::holds_alternative<model::WriteOperation>(request.operation);
  bytes_ += request.bytes;
  items_.push_back({std::move(request), is_write, waits});
  return first_number_ + items_.size() - 1;
}

LaneRequest* Lane::NextWrite() {
  // A read at the head waits for its own turn, not for a write of the session.
  if (items_.empty() || !items_.front().is_write) return nullptr;
  while (passed_ < items_.size()) {
    Item& item = items_[passed_];
    if (item.waits) return nullptr;
    ++passed_;
    if (item.is_write) return &item.request;
  }
  return nullptr;
}

LaneRequest* Lane::ReadyRead() {
  if (items_.empty() || items_.front().is_write || items_.front().waits) return nullptr;
  return &items_.front().request;
}

LaneRequest* Lane::WriteInTurn() {
  if (passed_ == 0 || items_.empty() || !items_.front().is_write) return nullptr;
  return &items_.front().request;
}

void Lane::PopFront() {
  ROOKERY_CHECK(!items_.empty()) << "nothing is left to answer";
  bytes_ -= items_.front().request.bytes;
  items_.pop_front();
  ++first_number_;
  if (passed_ > 0) --passed_;
}

bool Lane::Release(uint64_t number) {
  if (number < first_number_ || number - first_number_ >= items_.size()) return false;
  items_[number - first_number_].waits = false;
  return true;
}

}  // namespace rookery::session
