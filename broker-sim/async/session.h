// A broker's session as coroutines see it: each operation can be awaited.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "broker-sim/async/async.h"
#include "coordinator/client/client.h"

namespace rookery::broker_sim {

// Creates a client whose callbacks come on `executor`.
using MakeClient = absl::AnyInvocable<std::unique_ptr<client::Client>(client::Options options)>;

// The same options for another session: all but the observer, which cannot be copied.
inline client::Options CopyOf(const client::Options& options) {
  client::Options copy;
  copy.servers = options.servers;
  copy.chroot = options.chroot;
  copy.session_timeout_ms = options.session_timeout_ms;
  copy.connect_timeout_ms = options.connect_timeout_ms;
  copy.request_timeout_ms = options.request_timeout_ms;
  copy.backoff_min_ms = options.backoff_min_ms;
  copy.backoff_max_ms = options.backoff_max_ms;
  copy.seed = options.seed;
  copy.credentials = options.credentials;
  return copy;
}

class Session {
 public:
  explicit Session(std::unique_ptr<client::Client> client) : client_(std::move(client)) {}

  client::Client& client() { return *client_; }

  Async<client::Result<model::CreateReply>> Create(std::string path, model::Data data,
                                                   int32_t flags = model::kPersistent) {
    Completion<client::Result<model::CreateReply>> done;
    client_->Create({.path = std::move(path),
                     .data = std::move(data),
                     .acl = *model::OpenAcl(),
                     .flags = flags},
                    done.Callback());
    co_return co_await done;
  }
  Async<client::Result<model::EmptyReply>> Delete(std::string path, int32_t version = -1) {
    Completion<client::Result<model::EmptyReply>> done;
    client_->Delete({.path = std::move(path), .version = version}, done.Callback());
    co_return co_await done;
  }
  Async<client::Result<model::StatReply>> SetData(std::string path, model::Data data,
                                                  int32_t version) {
    Completion<client::Result<model::StatReply>> done;
    client_->SetData({.path = std::move(path), .data = std::move(data), .version = version},
                     done.Callback());
    co_return co_await done;
  }
  Async<client::Result<model::MultiReply>> Multi(model::MultiRequest request) {
    Completion<client::Result<model::MultiReply>> done;
    client_->Multi(std::move(request), done.Callback());
    co_return co_await done;
  }
  // Watches may be null.
  Async<client::Result<model::StatReply>> Exists(std::string path, client::Watch watch = nullptr) {
    Completion<client::Result<model::StatReply>> done;
    client_->Exists(std::move(path), std::move(watch), done.Callback());
    co_return co_await done;
  }
  Async<client::Result<model::DataReply>> GetData(std::string path, client::Watch watch = nullptr) {
    Completion<client::Result<model::DataReply>> done;
    client_->GetData(std::move(path), std::move(watch), done.Callback());
    co_return co_await done;
  }
  Async<client::Result<model::ChildrenReply>> GetChildren(std::string path,
                                                          client::Watch watch = nullptr) {
    Completion<client::Result<model::ChildrenReply>> done;
    client_->GetChildren(std::move(path), std::move(watch), done.Callback());
    co_return co_await done;
  }

 private:
  std::unique_ptr<client::Client> client_;
};

}  // namespace rookery::broker_sim
