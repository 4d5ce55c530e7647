// A connection of a client, listened in on: what a server says is seen before the client makes
// something of it. And it can be broken.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "coordinator/client/link.h"

namespace rookery::sim {

// Of the client that the link belongs to; it outlives the link.
class LinkWatcher {
 public:
  virtual ~LinkWatcher() = default;
  virtual void OnLinkOpened(const Address& server, bool refused) = 0;
  // Around what the client does with an event.
  virtual void BeforeEvent(const model::Event& event) = 0;
  virtual void AfterEvent(const model::Event& event) = 0;
  // A server has answered the close of the session.
  virtual void OnCloseAnswered(const model::Reply& reply) = 0;
};

class RecordingLink final : public client::Link, private client::LinkHandler {
 public:
  // `make` makes the real link, for a handler.
  using Make = std::function<std::unique_ptr<client::Link>(client::LinkHandler*)>;
  RecordingLink(const Make& make, Address server, LinkWatcher* watcher,
                client::LinkHandler* handler)
      : server_(std::move(server)), watcher_(watcher), handler_(handler), link_(make(this)) {}

  void Open(const client::Hello& hello) override { link_->Open(hello); }
  void Send(const model::WriteOperation& operation) override {
    ++sent_;
    if (std::holds_alternative<model::CloseSessionRequest>(operation)) close_ = sent_;
    link_->Send(operation);
  }
  void Send(const model::ReadOperation& operation) override {
    ++sent_;
    link_->Send(operation);
  }
  void SendCredential(const client::Credential& credential) override {
    link_->SendCredential(credential);
  }
  void RestoreWatches(const model::SetWatchesRequest& watches) override {
    link_->RestoreWatches(watches);
  }
  void SendHeartbeat() override { link_->SendHeartbeat(); }
  void Close() override {
    handler_ = nullptr;
    link_->Close();
  }

  // Nobody listens in any more.
  void StopWatching() { watcher_ = nullptr; }

  // As if the network had ended the connection. REQUIRES: not inside of a call.
  void Break() {
    link_->Close();
    if (handler_ != nullptr) handler_->OnClosed(absl::UnavailableError("broken on purpose"));
  }

 private:
  void OnOpened(Opened opened) override {
    if (watcher_ != nullptr) watcher_->OnLinkOpened(server_, opened.session == 0);
    if (handler_ != nullptr) handler_->OnOpened(std::move(opened));
  }
  void OnReply(model::Reply&& reply) override {
    if (++answered_ == close_ && watcher_ != nullptr) watcher_->OnCloseAnswered(reply);
    if (handler_ != nullptr) handler_->OnReply(std::move(reply));
  }
  void OnCredential(model::ErrorCode error) override {
    if (handler_ != nullptr) handler_->OnCredential(error);
  }
  void OnEvent(const model::Event& event) override {
    if (handler_ == nullptr) return;
    if (watcher_ != nullptr) watcher_->BeforeEvent(event);
    handler_->OnEvent(event);
    if (watcher_ != nullptr) watcher_->AfterEvent(event);
  }
  void OnHeard() override {
    if (handler_ != nullptr) handler_->OnHeard();
  }
  void OnClosed(absl::Status why) override {
    if (handler_ != nullptr) handler_->OnClosed(std::move(why));
  }

  const Address server_;
  LinkWatcher* watcher_;  // may be null
  client::LinkHandler* handler_;
  uint64_t sent_ = 0;
  uint64_t answered_ = 0;
  uint64_t close_ = 0;  // which of the sent ones is the close; 0: none
  std::unique_ptr<client::Link> link_;
};

}  // namespace rookery::sim
