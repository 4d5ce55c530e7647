// A connection in ZooKeeper's protocol: frames over a byte stream.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/client/link.h"
#include "coordinator/model/operations.h"
#include "coordinator/wire/zookeeper/frame.h"

namespace rookery::client {

class ZooKeeperLink final : public Link, private StreamHandler {
 public:
  ZooKeeperLink(Executor* executor, Network* network, Address server, LinkHandler* handler);
  ~ZooKeeperLink() override;

  void Open(const Hello& hello) override;
  void Send(const model::WriteOperation& operation) override;
  void Send(const model::ReadOperation& operation) override;
  void SendCredential(const Credential& credential) override;
  void RestoreWatches(const model::SetWatchesRequest& watches) override;
  void SendHeartbeat() override;
  void Close() override;

 private:
  struct Sent {
    int32_t xid = 0;
    model::OpCode opcode = model::OpCode::kPing;
  };

  void OnBytes(absl::string_view bytes) override;
  void OnClosed(absl::Status why) override;

  void OnConnected(absl::StatusOr<std::unique_ptr<Stream>> stream);
  // What to do with a frame; not OK: it made no sense here, and the connection is of no more use.
  absl::Status OnFrame(absl::string_view frame);
  absl::Status OnHandshake(absl::string_view frame);
  void Fail(absl::Status why);
  int32_t NextXid();
  // Sends outbox_ once the present turn of the executor is over.
  void FlushLater();

  Executor* executor_;
  Network* network_;
  Address server_;
  LinkHandler* handler_;  // null after Close() or the last call
  Hello hello_;
  std::unique_ptr<Stream> stream_;
  wire::FrameSplitter splitter_;
  bool open_ = false;  // the handshake is done
  int32_t last_xid_ = 0;
  std::deque<Sent> sent_;  // unanswered, in order
  std::string outbox_;
  bool flush_posted_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::client
