// A connection in ZooKeeper's protocol: frames over a byte stream.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/base/ring.h"
#include "coordinator/client/link.h"
#include "coordinator/model/operations.h"
#include "coordinator/sasl/digest_md5.h"
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
  // Begins the oldest login that waits, if none is under way.
  void LogIn();
  absl::Status OnLoginAnswer(absl::string_view frame, model::ErrorCode error);
  void OnCredentialAnswer(model::ErrorCode error);
  // If no login of the hello is left.
  void AnnounceOpened();
  void Fail(absl::Status why);
  int32_t NextXid();
  // Sends outbox_ once the present turn of the executor is over.
  void FlushLater();
  void Flush();

  Executor* executor_;
  Network* network_;
  Address server_;
  LinkHandler* handler_;  // null after Close() or the last call
  Hello hello_;
  std::unique_ptr<Stream> stream_;
  wire::FrameSplitter splitter_;
  bool open_ = false;  // the handshake is done
  // A session with logins in its hello is announced once they have succeeded, so that no request
  // overtakes them; until then good answers to credentials are only counted.
  std::optional<LinkHandler::Opened> opened_;
  size_t credentials_accepted_ = 0;
  struct Login {
    sasl::DigestMd5Client exchange;
    int32_t xid = 0;  // of the token sent last; 0: not begun
  };
  std::deque<Login> logins_;  // one is under way at a time
  int32_t last_xid_ = 0;      // those of logins are among them
  Ring<Sent> sent_;           // unanswered, in order
  std::string outbox_;
  bool write_waits_ = false;  // in outbox_
  bool flush_posted_ = false;
  // For what runs later: null once this is gone.
  std::shared_ptr<ZooKeeperLink*> self_ = std::make_shared<ZooKeeperLink*>(this);
};

}  // namespace rookery::client
