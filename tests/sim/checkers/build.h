// Small histories by hand, for the tests of checkers.
#pragma once

#include <string>
#include <utility>

#include "tests/sim/history/history.h"

namespace rookery::sim {

struct Times {
  Order invoked;
  Order returned;
};

// A history that grows call by call. Unless set otherwise, client N has session 100 + N.
class Build {
 public:
  // Answered well, by server 1.
  Call& Ok(uint32_t client, client::Operation operation, Times times, model::Zxid zxid,
           model::ReplyBody body = model::EmptyReply()) {
    Call& call = history.calls.emplace_back();
    call.client = client;
    call.number = history.calls.size();
    call.operation = std::move(operation);
    call.invoked = times.invoked;
    call.returned = times.returned;
    call.session = 100 + client;
    call.server = 1;
    call.zxid = zxid;
    call.body = std::move(body);
    return call;
  }
  Call& Refused(uint32_t client, client::Operation operation, Times times, model::Zxid zxid,
                model::ErrorCode error) {
    Call& call = Ok(client, std::move(operation), times, zxid);
    call.error = error;
    return call;
  }
  Call& Lost(uint32_t client, client::Operation operation, Times times) {
    Call& call = Refused(client, std::move(operation), times, 0, model::ErrorCode::kConnectionLoss);
    call.server = 0;
    call.maybe_applied = true;
    return call;
  }

  History history;
};

inline client::Operation Create(std::string path, std::string data, int32_t flags = 0) {
  return model::WriteOperation(
      model::CreateRequest{.path = std::move(path), .data = std::move(data), .flags = flags});
}
inline client::Operation Set(std::string path, std::string data, int32_t version = -1) {
  return model::WriteOperation(
      model::SetDataRequest{.path = std::move(path), .data = std::move(data), .version = version});
}
inline client::Operation Delete(std::string path) {
  return model::WriteOperation(model::DeleteRequest{.path = std::move(path)});
}
inline client::Operation Get(std::string path) {
  return model::ReadOperation(model::GetDataRequest{.path = std::move(path)});
}
inline client::Operation Exists(std::string path) {
  return model::ReadOperation(model::ExistsRequest{.path = std::move(path)});
}
inline client::Operation List(std::string path) {
  return model::ReadOperation(
      model::GetChildrenRequest{.path = std::move(path), .want_stat = true});
}
inline client::Operation SyncOf(std::string path) {
  return model::ReadOperation(model::SyncRequest{.path = std::move(path)});
}

inline model::ReplyBody Made(std::string path) {
  return model::CreateReply{.path = std::move(path)};
}
inline model::Stat StatOf(model::Zxid czxid, model::Zxid mzxid, int32_t version,
                          int32_t data_length = 1) {
  return {.czxid = czxid,
          .mzxid = mzxid,
          .version = version,
          .data_length = data_length,
          .pzxid = czxid};
}
inline model::ReplyBody Stats(const model::Stat& stat) { return model::StatReply{stat}; }
inline model::ReplyBody Holds(std::string data, model::Stat stat) {
  stat.data_length = static_cast<int32_t>(data.size());
  return model::DataReply{.data = std::move(data), .stat = stat};
}

}  // namespace rookery::sim
