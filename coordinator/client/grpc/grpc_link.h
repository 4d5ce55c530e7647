// A connection in rookery.v1: one Session call to one server.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "coordinator/base/executor.h"
#include "coordinator/base/ring.h"
#include "coordinator/client/grpc/convert.h"
#include "coordinator/client/grpc/session_stream.h"
#include "coordinator/client/link.h"

namespace rookery::client {

class GrpcLink final : public Link, private SessionStreamHandler {
 public:
  // `open` makes the stream, once, in Open().
  GrpcLink(Executor* executor, SessionStreamFactory open, Address server, LinkHandler* handler);
  ~GrpcLink() override;

  void Open(const Hello& hello) override;
  void Send(const model::WriteOperation& operation) override;
  void Send(const model::ReadOperation& operation) override;
  void SendCredential(const Credential& credential) override;
  void RestoreWatches(const model::SetWatchesRequest& watches) override;
  void SendHeartbeat() override;
  void Close() override;

 private:
  // What a tag says of its reply: requests are answered in order, these two may overtake them.
  enum class TagClass : uint64_t { kRequest, kCredential, kWatches };
  struct Sent {
    uint64_t tag = 0;
    Asked asked;
  };

  void OnMessage(v1::SessionResponse message) override;
  void OnWritten() override;
  void OnEnded(absl::Status why) override;

  // Not OK: the message made no sense here, and the connection is of no more use.
  absl::Status OnOpened(v1::SessionResponse* message);
  absl::Status OnReply(v1::SessionReply reply);
  void Fail(absl::Status why);
  uint64_t NextTag(TagClass tag_class);
  // An operation at the end of what is to be sent.
  v1::SessionOperation* Append(TagClass tag_class);
  // The operation that was appended is whole.
  void Appended(const v1::SessionOperation& operation);
  template <typename AnyOperation>
  void SendAny(const AnyOperation& operation);
  // Writes the next message, if none is under way.
  void Flush();
  void FlushLater();

  Executor* executor_;
  SessionStreamFactory open_stream_;
  Address server_;
  LinkHandler* handler_;  // null after Close() or the last call
  size_t hello_credentials_ = 0;
  std::unique_ptr<SessionStream> stream_;
  bool open_ = false;
  uint64_t last_tag_ = 0;
  Ring<Sent> sent_;  // requests without an answer, in order
  std::deque<v1::SessionRequest> outbox_;
  size_t last_bytes_ = 0;  // of the operations in the last message of the outbox
  bool writing_ = false;
  bool flush_posted_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::client
