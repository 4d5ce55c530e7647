// Decides an election between simulated brokers as a recording has it: holds each one's attempt
// back until all stand there, lets the chosen one go first and the others once it has won. Knows
// each broker's client, too.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "coordinator/client/client.h"

namespace rookery::broker_sim {

// On the brokers' executor. Without Choose() every attempt goes at once.
class Referee {
 public:
  void Choose(int32_t winner, std::set<int32_t> others) {
    winner_ = winner;
    others_ = std::move(others);
  }
  // `send` is called now or later.
  void Attempt(int32_t broker, absl::AnyInvocable<void()> send) {
    if (winner_ < 0) return send();
    held_[broker] = std::move(send);
    if (held_.size() == others_.size() + 1) held_[winner_]();
  }
  // An attempt was answered.
  void Answered(int32_t broker) {
    if (broker != winner_) return;
    winner_ = -1;
    for (const int32_t other : others_) held_[other]();
    held_.clear();
  }
  // The newest client of a broker; null: it has none.
  client::Client* ClientOf(int32_t broker) const {
    const auto found = clients_.find(broker);
    return found == clients_.end() ? nullptr : found->second;
  }
  void Came(int32_t broker, client::Client* client) { clients_[broker] = client; }
  void Went(int32_t broker, const client::Client* client) {
    if (ClientOf(broker) == client) clients_.erase(broker);
  }

 private:
  std::map<int32_t, client::Client*> clients_;
  int32_t winner_ = -1;
  std::set<int32_t> others_;
  std::map<int32_t, absl::AnyInvocable<void()>> held_;
};

// A broker's client, whose attempts to be elected go by the referee; it outlives the client.
class RefereedClient final : public client::Client {
 public:
  RefereedClient(std::unique_ptr<client::Client> client, int32_t broker, Referee* referee)
      : client_(std::move(client)), broker_(broker), referee_(referee) {
    referee_->Came(broker_, this);
  }
  ~RefereedClient() override { referee_->Went(broker_, this); }

  void Submit(client::Operation operation, client::Watch watch, client::Answer done,
              int32_t timeout_ms) override;

  void Connect() override { client_->Connect(); }
  void Close(absl::AnyInvocable<void()> done) override { client_->Close(std::move(done)); }
  void AddCredential(client::Credential credential,
                     absl::AnyInvocable<void(model::ErrorCode)> done) override {
    client_->AddCredential(std::move(credential), std::move(done));
  }
  uint64_t Listen(absl::AnyInvocable<void(client::SessionState)> listener) override {
    return client_->Listen(std::move(listener));
  }
  void Forget(uint64_t listener) override { client_->Forget(listener); }
  Executor* executor() const override { return client_->executor(); }
  client::SessionState state() const override { return client_->state(); }
  model::SessionId session() const override { return client_->session(); }
  const std::string& password() const override { return client_->password(); }
  int32_t timeout_ms() const override { return client_->timeout_ms(); }
  model::Zxid last_zxid() const override { return client_->last_zxid(); }
  Address server() const override { return client_->server(); }
  std::string last_failure() const override { return client_->last_failure(); }

 private:
  const std::unique_ptr<client::Client> client_;
  const int32_t broker_;
  Referee* const referee_;
};

}  // namespace rookery::broker_sim
