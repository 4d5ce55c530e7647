#include "coordinator/consensus/peer/frame_stream.h"

#include <utility>

namespace rookery::consensus {
namespace {

// How long a closed connection may take to send what it has.
constexpr int64_t kFlushUs = 1'000'000;

}  // namespace

FrameStream::FrameStream(Executor* executor, std::unique_ptr<Stream> stream, size_t frame_bytes_max,
                         Owner* owner)
    : executor_(executor), stream_(std::move(stream)), reader_(frame_bytes_max), owner_(owner) {}

FrameStream::~FrameStream() { Close(); }

void FrameStream::Start() { stream_->Start(this); }

void FrameStream::Send(std::string frame) {
  if (stream_ != nullptr) stream_->Write(std::move(frame));
}

size_t FrameStream::QueuedBytes() const { return stream_ == nullptr ? 0 : stream_->QueuedBytes(); }

Address FrameStream::Peer() const { return stream_ == nullptr ? Address() : stream_->Peer(); }

void FrameStream::Close() {
  if (stream_ == nullptr) return;
  stream_->Close();
  // Possibly called from within the stream: it is destroyed later.
  executor_->Post([stream = std::move(stream_)] {});
}

void FrameStream::CloseAfterFlush() {
  if (stream_ == nullptr) return;
  stream_->CloseAfterFlush();
  executor_->RunAfter(kFlushUs, [stream = std::move(stream_)] {});
}

void FrameStream::OnBytes(absl::string_view bytes) {
  reader_.Append(bytes);
  while (stream_ != nullptr) {
    absl::StatusOr<std::optional<absl::string_view>> payload = reader_.Next();
    if (payload.ok() && !payload->has_value()) return;
    const absl::Status status = payload.ok() ? owner_->OnPayload(**payload) : payload.status();
    if (!status.ok() && stream_ != nullptr) {
      Close();
      owner_->OnEnded(status);
      return;
    }
  }
}

void FrameStream::OnClosed(absl::Status why) {
  if (stream_ == nullptr) return;
  executor_->Post([stream = std::move(stream_)] {});
  owner_->OnEnded(why.ok() ? absl::UnavailableError("closed by the other side") : std::move(why));
}

void FrameStream::OnDrained() {
  if (stream_ != nullptr) owner_->OnDrained();
}

absl::Status PeerFrameOwner::OnPayload(absl::string_view payload) {
  absl::StatusOr<PeerFrame> frame = DecodePeerFrame(payload);
  if (!frame.ok()) return frame.status();
  OnFrame(*std::move(frame));
  return absl::OkStatus();
}

void FrameStream::Dispose(Executor* executor, std::unique_ptr<FrameStream> stream) {
  if (stream == nullptr) return;
  stream->Close();
  executor->Post([stream = std::move(stream)] {});
}

}  // namespace rookery::consensus
