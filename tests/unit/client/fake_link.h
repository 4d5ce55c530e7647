// A link that a test plays the server of.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "coordinator/client/link.h"

namespace rookery::client {

// What happened on one link; outlives the link, so that tests can look at it afterwards.
struct LinkRecord {
  Address server;
  LinkHandler* handler = nullptr;
  Hello hello;
  std::vector<Operation> sent;
  std::vector<std::string> credentials;
  std::vector<model::SetWatchesRequest> restored;
  int heartbeats = 0;
  bool closed = false;
};

class FakeLink final : public Link {
 public:
  explicit FakeLink(std::shared_ptr<LinkRecord> record) : record_(std::move(record)) {}
  ~FakeLink() override { record_->closed = true; }
  void Open(const Hello& hello) override { record_->hello = hello; }
  void Send(const model::WriteOperation& operation) override { record_->sent.push_back(operation); }
  void Send(const model::ReadOperation& operation) override { record_->sent.push_back(operation); }
  void SendCredential(const Credential& credential) override {
    record_->credentials.push_back(credential.auth);
  }
  void RestoreWatches(const model::SetWatchesRequest& watches) override {
    record_->restored.push_back(watches);
  }
  void SendHeartbeat() override { ++record_->heartbeats; }
  void Close() override { record_->closed = true; }

 private:
  std::shared_ptr<LinkRecord> record_;
};

// Every link that was made, in order.
class FakeLinks {
 public:
  LinkFactory Factory() {
    return [this](const Address& server, LinkHandler* handler) {
      auto record = std::make_shared<LinkRecord>();
      record->server = server;
      record->handler = handler;
      records.push_back(record);
      return std::make_unique<FakeLink>(record);
    };
  }
  LinkRecord& last() { return *records.back(); }

  std::vector<std::shared_ptr<LinkRecord>> records;
};

}  // namespace rookery::client
