// The callback of one operation, as the caller gave it: for any reply, or for the one that the
// operation gives. Kept by its type, since a wrapper around it would be an allocation per request.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "coordinator/client/result.h"
#include "coordinator/model/reply.h"

namespace rookery::client {

class Answer {
 public:
  Answer() = default;
  Answer(std::nullptr_t) {}
  template <typename Value>
  Answer(Done<Value> done) : done_(std::move(done)) {}
  template <typename Function>
    requires std::is_invocable_v<std::decay_t<Function>&, Result<model::ReplyBody>>
  Answer(Function&& done) : done_(Done<model::ReplyBody>(std::forward<Function>(done))) {}

  explicit operator bool() const {
    return std::visit([](const auto& done) { return done != nullptr; }, done_);
  }

  // A reply of another operation's type is MarshallingError. A multi that failed in one of its
  // parts has that part's error, if the callback is one for a MultiReply. REQUIRES: not null.
  void operator()(Result<model::ReplyBody>&& result);

 private:
  std::variant<Done<model::ReplyBody>, Done<model::CreateReply>, Done<model::EmptyReply>,
               Done<model::StatReply>, Done<model::DataReply>, Done<model::AclReply>,
               Done<model::ChildrenReply>, Done<model::SyncReply>, Done<model::MultiReply>,
               Done<model::AddWatchReply>>
      done_;
};

}  // namespace rookery::client
