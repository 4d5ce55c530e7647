// Byte streams between processes: one seam for clients, peers and tools, real (base/net, Asio) or
// simulated (tests/sim). Everything here runs on the core executor that the network was made for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery {

struct Address {
  std::string host;   // name or literal, IPv6 without brackets
  uint16_t port = 0;  // 0 when listening: a free port

  // "host:port", IPv6 in brackets.
  std::string ToString() const;
  // Accepts what ToString writes. InvalidArgument names what was expected.
  static absl::StatusOr<Address> Parse(absl::string_view text);
  bool operator==(const Address&) const = default;
};

// What the owner of a stream wants to know. Calls come from the executor's loop, never from inside
// a method of the stream.
class StreamHandler {
 public:
  virtual ~StreamHandler() = default;
  // `bytes` is valid during the call. Never called while reading is paused.
  virtual void OnBytes(absl::string_view bytes) = 0;
  // The stream ended: OK for an orderly end by the other side, otherwise why. The last call; not
  // made after Close().
  virtual void OnClosed(absl::Status why) = 0;
  // What was queued has been handed to the operating system down to the low mark.
  virtual void OnDrained() {}
};

// One connection. Destroying it closes it.
class Stream {
 public:
  virtual ~Stream() = default;
  // Sets who hears of this stream; reading starts with it. REQUIRES: called once.
  virtual void Start(StreamHandler* handler) = 0;
  // Queues bytes; what little is written in one turn of the executor leaves together. Never blocks.
  virtual void Write(std::string bytes) = 0;
  // Bytes queued and not yet taken by the operating system.
  virtual size_t QueuedBytes() const = 0;
  virtual void PauseReading() = 0;
  virtual void ResumeReading() = 0;
  // Sends what is queued, then ends the connection; no handler call follows.
  virtual void CloseAfterFlush() = 0;
  // Ends the connection now; no handler call follows.
  virtual void Close() = 0;
  virtual Address Peer() const = 0;
  virtual Address Local() const = 0;
};

class Listener {
 public:
  virtual ~Listener() = default;  // stops listening
  virtual Address Local() const = 0;
};

class Network {
 public:
  virtual ~Network() = default;
  using OnAccept = absl::AnyInvocable<void(std::unique_ptr<Stream>)>;
  using OnConnect = absl::AnyInvocable<void(absl::StatusOr<std::unique_ptr<Stream>>)>;

  // AlreadyExists: the address is in use. InvalidArgument: it cannot be listened on.
  virtual absl::StatusOr<std::unique_ptr<Listener>> Listen(const Address& address,
                                                           OnAccept on_accept) = 0;
  // Calls `done` once, later. Unavailable with "refused" in the message: nobody listens there,
  // which a fresh process loss looks like; DeadlineExceeded: no answer in time.
  virtual void Connect(const Address& address, int64_t timeout_us, OnConnect done) = 0;
};

}  // namespace rookery
