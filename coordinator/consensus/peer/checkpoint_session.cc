#include "coordinator/consensus/peer/checkpoint_session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/logging.h"

namespace rookery::consensus {
namespace {

constexpr int64_t kRequestTimeoutUs = 5'000'000;
// A request fits many times; pieces go the other way.
constexpr size_t kRequestBytesMax = 1u << 20;
// Pieces that one receiver may have asked for; ours ask for far fewer.
constexpr size_t kWantedMax = 256;
// Nothing more is read for a receiver while this much waits to be sent to it.
constexpr size_t kQueuedBytesMax = 4u << 20;

}  // namespace

CheckpointSession::CheckpointSession(CheckpointSender* sender, std::unique_ptr<Stream> stream)
    : sender_(sender),
      executor_(sender->executor_),
      stream_(std::make_unique<FrameStream>(sender->executor_, std::move(stream), kRequestBytesMax,
                                            this)),
      begun_us_(sender->clock_->NowUs()) {
  WatchIdle(kRequestTimeoutUs);
  stream_->Start();
}

CheckpointSession::~CheckpointSession() {
  Close();
  FrameStream::Dispose(executor_, std::move(stream_));
}

void CheckpointSession::Close() {
  if (timer_ != 0) executor_->Cancel(timer_);
  timer_ = 0;
  alive_.reset();
  stream_->Close();
}

void CheckpointSession::WatchIdle(int64_t timeout_us) {
  if (timer_ != 0) executor_->Cancel(timer_);
  heard_ = false;
  timer_ = executor_->RunAfter(timeout_us, [this, timeout_us] {
    timer_ = 0;
    if (heard_) return WatchIdle(timeout_us);
    OnEnded(absl::DeadlineExceededError("the receiver has fallen silent"));
  });
}

absl::Status CheckpointSession::OnPayload(absl::string_view payload) {
  heard_ = true;
  absl::StatusOr<CheckpointFrame> frame = DecodeCheckpointFrame(payload);
  if (!frame.ok()) return frame.status();
  if (receiver_ == 0) {
    if (auto* request = std::get_if<CheckpointRequestFrame>(&*frame)) return OnRequest(*request);
    return absl::InvalidArgumentError("expected a request for a checkpoint, found another frame");
  }
  if (auto* piece = std::get_if<PieceRequestFrame>(&*frame)) return OnPieceRequest(*piece);
  if (auto* end = std::get_if<CheckpointEndFrame>(&*frame)) {
    LogInfo("checkpoint sent", {{"to", receiver_},
                                {"name", name_},
                                {"bytes", sent_bytes_},
                                {"ms", (sender_->clock_->NowUs() - begun_us_) / 1000},
                                {"outcome", end->failure.empty() ? "received" : end->failure}});
    absl::Status outcome;
    if (!end->failure.empty()) {
      outcome = end->damaged ? absl::DataLossError(end->failure) : absl::AbortedError(end->failure);
    }
    sender_->OnSessionEnded(this, std::move(outcome), true);
    return absl::OkStatus();
  }
  if (std::get_if<UnknownCheckpointFrame>(&*frame) != nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError("expected a request for a piece, found another frame");
}

absl::Status CheckpointSession::OnRequest(const CheckpointRequestFrame& request) {
  const HelloVerdict verdict = sender_->judge_(request.hello);
  if (verdict.refusal != HelloRefusal::kNone) {
    Refuse(absl::FailedPreconditionError(verdict.text));
    return absl::OkStatus();
  }
  if (!IsPlainName(request.name)) {
    Refuse(absl::NotFoundError(absl::StrCat("'", request.name, "' is no name of a checkpoint")));
    return absl::OkStatus();
  }
  receiver_ = request.hello.engine_id;
  name_ = request.name;
  WatchIdle(sender_->options_.idle_timeout_us);
  LogInfo("a server fetches a checkpoint", {{"to", receiver_}, {"name", name_}});
  sender_->WithFiles(name_);
  return absl::OkStatus();
}

void CheckpointSession::Serve(std::shared_ptr<const std::vector<CheckpointFile>> files) {
  files_ = std::move(files);
  stream_->Send(EncodeCheckpointFrame(CheckpointManifestFrame{"", false, *files_}));
}

void CheckpointSession::Refuse(absl::Status why) {
  stream_->Send(EncodeCheckpointFrame(
      CheckpointManifestFrame{std::string(why.message()), absl::IsNotFound(why), {}}));
  stream_->CloseAfterFlush();
  sender_->OnSessionEnded(this, std::move(why), true);
}

absl::Status CheckpointSession::OnPieceRequest(const PieceRequestFrame& request) {
  const bool known = files_ != nullptr && request.file < files_->size();
  const uint64_t size = known ? (*files_)[request.file].size : 0;
  if (!known || request.size == 0 || request.size > kPieceBytesMax || request.offset > size ||
      request.size > size - request.offset || wanted_.size() >= kWantedMax) {
    return absl::InvalidArgumentError("a request for a piece that the checkpoint does not have");
  }
  wanted_.push_back(request);
  Pump();
  return absl::OkStatus();
}

void CheckpointSession::Pump() {
  if (reading_ || wanted_.empty() || stream_->QueuedBytes() > kQueuedBytesMax) return;
  reading_ = true;
  const PieceRequestFrame request = wanted_.front();
  wanted_.pop_front();
  sender_->background_->Run([this, request, files = sender_->files_, core = executor_,
                             directory = name_, file = (*files_)[request.file].name,
                             alive = std::weak_ptr<bool>(alive_)] {
    absl::StatusOr<std::string> bytes = files->Read(directory, file, request.offset, request.size);
    core->Post([this, request, alive, bytes = std::move(bytes)]() mutable {
      if (!alive.expired()) OnRead(request, std::move(bytes));
    });
  });
}

void CheckpointSession::OnRead(PieceRequestFrame request, absl::StatusOr<std::string> bytes) {
  reading_ = false;
  if (bytes.ok() && bytes->size() != request.size) {
    bytes = absl::DataLossError("a file of the checkpoint became shorter");
  }
  if (!bytes.ok()) {
    sender_->Forget(name_);
    return OnEnded(bytes.status());
  }
  sent_bytes_ += bytes->size();
  heard_ = true;
  stream_->Send(EncodeCheckpointFrame(PieceFrame{request.file, request.offset, *std::move(bytes)}));
  Pump();
}

void CheckpointSession::OnEnded(absl::Status why) {
  if (receiver_ != 0 || absl::IsInvalidArgument(why)) {
    LogWarn("a checkpoint's transfer broke off",
            {{"to", receiver_}, {"name", name_}, {"why", why.message()}});
  }
  sender_->OnSessionEnded(this, std::move(why), false);
}

}  // namespace rookery::consensus
