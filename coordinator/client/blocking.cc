#include "coordinator/client/blocking.h"

#include <chrono>
#include <utility>

#include "coordinator/base/status_macros.h"

namespace rookery::client {

BlockingClient::BlockingClient(std::string thread_name) { core_.Start(std::move(thread_name)); }

absl::StatusOr<std::unique_ptr<BlockingClient>> BlockingClient::Create(MakeClient make,
                                                                       Options options) {
  auto client = std::unique_ptr<BlockingClient>(new BlockingClient("client"));
  BlockingClient* self = client.get();
  self->observer_ = std::move(options.observer);
  self->request_timeout_ms_ = options.request_timeout_ms;
  options.observer = [self](SessionState state) {
    if (self->observer_) self->observer_(state);
    const std::lock_guard lock(self->mutex_);
    self->state_ = state;
    self->changed_.notify_all();
  };
  ROOKERY_ASSIGN_OR_RETURN(self->client_, make(&self->core_, std::move(options)));
  return client;
}

BlockingClient::~BlockingClient() {
  if (client_) {
    if (state() != SessionState::kNotConnected) Close();
    WithClient([this](Client&) { core_.Post([client = std::move(client_)] {}); });
    std::promise<void> gone;
    core_.Post([&gone] { gone.set_value(); });
    gone.get_future().wait();
  }
  core_.Stop();
}

void BlockingClient::WithClient(absl::AnyInvocable<void(Client&)> use) const {
  std::promise<void> used;
  core_.Post([&] {
    use(*client_);
    used.set_value();
  });
  used.get_future().wait();
}

template <typename Value>
Result<Value> BlockingClient::Call(absl::AnyInvocable<void(Client&, Done<Value>)> start) {
  // Shared, since a request without a deadline may outlive the wish to know.
  auto promise = std::make_shared<std::promise<Result<Value>>>();
  auto result = promise->get_future();
  core_.Post([this, promise, start = std::move(start)]() mutable {
    start(*client_, [promise](Result<Value> value) { promise->set_value(std::move(value)); });
  });
  return result.get();
}

bool BlockingClient::Connect(int64_t wait_ms) {
  WithClient([](Client& client) { client.Connect(); });
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(wait_ms), [this] {
    return state_ == SessionState::kConnected || state_ == SessionState::kConnectedReadOnly ||
           IsFinal(state_);
  });
  return state_ == SessionState::kConnected || state_ == SessionState::kConnectedReadOnly;
}

bool BlockingClient::WaitForState(SessionState state, int64_t wait_ms) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(wait_ms),
                           [&] { return state_ == state; });
}

void BlockingClient::Close() {
  std::promise<void> closed;
  core_.Post([&] { client_->Close([&closed] { closed.set_value(); }); });
  closed.get_future().wait();
}

template <typename Value, typename Request>
Result<Value> BlockingClient::Ask(void (Client::*ask)(Request, Done<Value>, int32_t),
                                  Request request, int32_t timeout_ms) {
  return Call<Value>(
      [ask, request = std::move(request), timeout_ms](Client& client, Done<Value> done) mutable {
        (client.*ask)(std::move(request), std::move(done), timeout_ms);
      });
}

template <typename Value>
Result<Value> BlockingClient::Read(void (Client::*read)(std::string, Watch, Done<Value>, int32_t),
                                   std::string path, Watch watch, int32_t timeout_ms) {
  return Call<Value>([read, path = std::move(path), watch = std::move(watch), timeout_ms](
                         Client& client, Done<Value> done) mutable {
    (client.*read)(std::move(path), std::move(watch), std::move(done), timeout_ms);
  });
}

Result<model::CreateReply> BlockingClient::Create(model::CreateRequest request,
                                                  int32_t timeout_ms) {
  return Ask(&Client::Create, std::move(request), timeout_ms);
}

Result<model::EmptyReply> BlockingClient::Delete(model::DeleteRequest request, int32_t timeout_ms) {
  return Ask(&Client::Delete, std::move(request), timeout_ms);
}

Result<model::StatReply> BlockingClient::SetData(model::SetDataRequest request,
                                                 int32_t timeout_ms) {
  return Ask(&Client::SetData, std::move(request), timeout_ms);
}

Result<model::StatReply> BlockingClient::SetAcl(model::SetAclRequest request, int32_t timeout_ms) {
  return Ask(&Client::SetAcl, std::move(request), timeout_ms);
}

Result<model::MultiReply> BlockingClient::Multi(model::MultiRequest request, int32_t timeout_ms) {
  return Ask(&Client::Multi, std::move(request), timeout_ms);
}

Result<model::StatReply> BlockingClient::Exists(std::string path, Watch watch, int32_t timeout_ms) {
  return Read(&Client::Exists, std::move(path), std::move(watch), timeout_ms);
}

Result<model::DataReply> BlockingClient::GetData(std::string path, Watch watch,
                                                 int32_t timeout_ms) {
  return Read(&Client::GetData, std::move(path), std::move(watch), timeout_ms);
}

Result<model::ChildrenReply> BlockingClient::GetChildren(std::string path, Watch watch,
                                                         int32_t timeout_ms) {
  return Read(&Client::GetChildren, std::move(path), std::move(watch), timeout_ms);
}

Result<model::AddWatchReply> BlockingClient::AddWatch(std::string path, model::WatchMode mode,
                                                      Watch watch, int32_t timeout_ms) {
  return Call<model::AddWatchReply>(
      [path = std::move(path), mode, watch = std::move(watch), timeout_ms](
          Client& client, Done<model::AddWatchReply> done) mutable {
        client.AddWatch(std::move(path), mode, std::move(watch), std::move(done), timeout_ms);
      });
}

Result<model::EmptyReply> BlockingClient::RemoveWatch(std::string path, model::WatchMode mode,
                                                      int32_t timeout_ms) {
  return Call<model::EmptyReply>([path = std::move(path), mode, timeout_ms](
                                     Client& client, Done<model::EmptyReply> done) mutable {
    client.RemoveWatch(std::move(path), mode, std::move(done), timeout_ms);
  });
}

Result<model::AclReply> BlockingClient::GetAcl(std::string path, int32_t timeout_ms) {
  return Ask(&Client::GetAcl, std::move(path), timeout_ms);
}

Result<model::SyncReply> BlockingClient::Sync(std::string path, int32_t timeout_ms) {
  return Ask(&Client::Sync, std::move(path), timeout_ms);
}

model::ErrorCode BlockingClient::AddCredential(Credential credential) {
  auto promise = std::make_shared<std::promise<model::ErrorCode>>();
  auto error = promise->get_future();
  core_.Post([this, promise, credential = std::move(credential)]() mutable {
    client_->AddCredential(std::move(credential),
                           [promise](model::ErrorCode code) { promise->set_value(code); });
  });
  if (request_timeout_ms_ > 0 &&
      error.wait_for(std::chrono::milliseconds(request_timeout_ms_)) != std::future_status::ready) {
    return model::ErrorCode::kOperationTimeout;
  }
  return error.get();
}

SessionState BlockingClient::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

model::SessionId BlockingClient::session() const {
  model::SessionId session = 0;
  WithClient([&](Client& client) { session = client.session(); });
  return session;
}

Address BlockingClient::server() const {
  Address server;
  WithClient([&](Client& client) { server = client.server(); });
  return server;
}

}  // namespace rookery::client
