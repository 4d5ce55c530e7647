// A client of the product, seen from outside: what it was not answered, and which of its nodes it
// found again after a lost answer. Recipes are given this one in place of the real one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "coordinator/client/client.h"

namespace rookery::sim {

class ClientWatcher {
 public:
  virtual ~ClientWatcher() = default;
  // A write of `path` may or may not have been applied.
  virtual void OnUnanswered(const std::string& path) = 0;
  // A node that an unanswered create had made was found.
  virtual void OnFoundAgain(const std::string& path) = 0;
  virtual void OnShown(const std::string& path, const model::Data& data) = 0;
};

// The watcher outlives it.
class ObservedClient final : public client::Client {
 public:
  ObservedClient(std::unique_ptr<client::Client> inner, ClientWatcher* watcher);
  ~ObservedClient() override;

  void Connect() override { inner_->Connect(); }
  void Close(absl::AnyInvocable<void()> done) override { inner_->Close(std::move(done)); }
  void Submit(client::Operation operation, client::Watch watch, client::Answer done,
              int32_t timeout_ms) override;
  void AddCredential(client::Credential credential,
                     absl::AnyInvocable<void(model::ErrorCode)> done) override {
    inner_->AddCredential(std::move(credential), std::move(done));
  }
  uint64_t Listen(absl::AnyInvocable<void(client::SessionState)> listener) override {
    return inner_->Listen(std::move(listener));
  }
  void Forget(uint64_t listener) override { inner_->Forget(listener); }
  Executor* executor() const override { return inner_->executor(); }
  client::SessionState state() const override { return inner_->state(); }
  model::SessionId session() const override { return inner_->session(); }
  const std::string& password() const override { return inner_->password(); }
  int32_t timeout_ms() const override { return inner_->timeout_ms(); }
  model::Zxid last_zxid() const override { return inner_->last_zxid(); }
  Address server() const override { return inner_->server(); }
  std::string last_failure() const override { return inner_->last_failure(); }

  bool connected() const { return state() == client::SessionState::kConnected; }
  bool over() const { return client::IsFinal(state()); }
  // How often its connection was lost.
  uint64_t losses() const { return losses_; }
  uint64_t asked() const { return asked_; }
  uint64_t succeeded() const { return succeeded_; }

 private:
  void OnAnswer(uint64_t number, const std::string& path, bool creates,
                const client::Result<model::ReplyBody>& result);
  // A create that was not answered had made this node.
  void LookForLost(const std::string& path);

  const std::unique_ptr<client::Client> inner_;
  ClientWatcher* const watcher_;
  uint64_t losses_ = 0;
  uint64_t asked_ = 0;
  uint64_t succeeded_ = 0;
  std::map<uint64_t, std::string> writes_;  // under way: their paths
  std::set<std::string> lost_creates_;      // paths as they were asked for
};

}  // namespace rookery::sim
