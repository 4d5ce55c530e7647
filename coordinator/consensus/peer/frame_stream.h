// A connection that carries frames (frame.h): what the links between peers, the founding visits and
// the transfer of checkpoints stand on.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/consensus/peer/frame.h"
#include "coordinator/consensus/peer/peer_frame.h"

namespace rookery::consensus {

class FrameStream : public StreamHandler {
 public:
  // Calls come from the stream's own; the owner may Close() within them, but destroys the
  // FrameStream only from a task of its own (Dispose below does that).
  class Owner {
   public:
    virtual ~Owner() = default;
    // A frame's payload, valid during the call. An error ends the connection, and OnEnded gets it.
    virtual absl::Status OnPayload(absl::string_view payload) = 0;
    // What was queued has left down to the stream's low mark.
    virtual void OnDrained() {}
    // The connection ended, or what came is no frame (the stream is closed then). The last call.
    virtual void OnEnded(absl::Status why) = 0;
  };

  FrameStream(Executor* executor, std::unique_ptr<Stream> stream, size_t frame_bytes_max,
              Owner* owner);
  ~FrameStream() override;

  // REQUIRES: called once; calls to the owner begin with it.
  void Start();
  // REQUIRES: `frame` is sealed (frame.h).
  void Send(std::string frame);
  size_t QueuedBytes() const;
  // No call to the owner follows. The second sends first what is queued.
  void Close();
  void CloseAfterFlush();
  bool closed() const { return stream_ == nullptr; }
  Address Peer() const;
  void set_frame_bytes_max(size_t bytes) { reader_.set_payload_bytes_max(bytes); }

  // Destroys `stream` in a task of its own.
  static void Dispose(Executor* executor, std::unique_ptr<FrameStream> stream);

 private:
  void OnBytes(absl::string_view bytes) override;
  void OnClosed(absl::Status why) override;
  void OnDrained() override;

  Executor* executor_;
  std::unique_ptr<Stream> stream_;  // null once closed
  FrameReader reader_;
  Owner* owner_;
};

// An owner of a stream of peer frames.
class PeerFrameOwner : public FrameStream::Owner {
 public:
  virtual void OnFrame(PeerFrame frame) = 0;
  absl::Status OnPayload(absl::string_view payload) final;
};

}  // namespace rookery::consensus
