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

Result<model::CreateReply> BlockingClient::Create(model::CreateRequest request) {
  return Call<model::CreateReply>(
      [request = std::move(request)](Client& client, auto done) mutable {
        client.Create(std::move(request), std::move(done));
      });
}

Result<model::EmptyReply> BlockingClient::Delete(model::DeleteRequest request) {
  return Call<model::EmptyReply>([request = std::move(request)](Client& client, auto done) mutable {
    client.Delete(std::move(request), std::move(done));
  });
}

Result<model::StatReply> BlockingClient::SetData(model::SetDataRequest request) {
  return Call<model::StatReply>([request = std::move(request)](Client& client, auto done) mutable {
    client.SetData(std::move(request), std::move(done));
  });
}

Result<model::StatReply> BlockingClient::SetAcl(model::SetAclRequest request) {
  return Call<model::StatReply>([request = std::move(request)](Client& client, auto done) mutable {
    client.SetAcl(std::move(request), std::move(done));
  });
}

Result<model::MultiReply> BlockingClient::Multi(model::MultiRequest request) {
  return Call<model::MultiReply>([request = std::move(request)](Client& client, auto done) mutable {
    client.Multi(std::move(request), std::move(done));
  });
}

Result<model::StatReply> BlockingClient::Exists(std::string path, Watch watch) {
  return Call<model::StatReply>(
      [path = std::move(path), watch = std::move(watch)](Client& client, auto done) mutable {
        client.Exists(std::move(path), std::move(watch), std::move(done));
      });
}

Result<model::DataReply> BlockingClient::GetData(std::string path, Watch watch) {
  return Call<model::DataReply>(
      [path = std::move(path), watch = std::move(watch)](Client& client, auto done) mutable {
        client.GetData(std::move(path), std::move(watch), std::move(done));
      });
}

Result<model::ChildrenReply> BlockingClient::GetChildren(std::string path, Watch watch) {
  return Call<model::ChildrenReply>(
      [path = std::move(path), watch = std::move(watch)](Client& client, auto done) mutable {
        client.GetChildren(std::move(path), std::move(watch), std::move(done));
      });
}

Result<model::AclReply> BlockingClient::GetAcl(std::string path) {
  return Call<model::AclReply>([path = std::move(path)](Client& client, auto done) mutable {
    client.GetAcl(std::move(path), std::move(done));
  });
}

Result<model::SyncReply> BlockingClient::Sync(std::string path) {
  return Call<model::SyncReply>([path = std::move(path)](Client& client, auto done) mutable {
    client.Sync(std::move(path), std::move(done));
  });
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
