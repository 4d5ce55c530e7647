// The connection of a fetch: request, manifest, pieces, and coming back after a break.
#include "coordinator/consensus/peer/checkpoint_fetch.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/base/check.h"
#include "coordinator/base/logging.h"

namespace rookery::consensus {
namespace {

// A manifest of the most files, or a piece, fits.
constexpr size_t kFrameBytesMax = 64u << 20;

}  // namespace

CheckpointFetch::CheckpointFetch(Executor* executor, BackgroundExecutor* background,
                                 Network* network, const Clock* clock, CheckpointFiles* files,
                                 Source source, std::string local_name, Done done,
                                 CheckpointFetchOptions options)
    : executor_(executor),
      background_(background),
      network_(network),
      clock_(clock),
      files_(files),
      source_(std::move(source)),
      local_name_(std::move(local_name)),
      done_(std::move(done)),
      options_(options),
      begun_us_(clock->NowUs()) {
  ROOKERY_CHECK(IsPlainName(local_name_)) << "a directory named '" << local_name_ << "'";
  LogInfo("fetching a checkpoint", {{"from", source_.address.ToString()}, {"name", source_.name}});
  log_timer_ = executor_->RunAfter(options_.log_us, [this] { LogProgress(); });
  Connect();
}

CheckpointFetch::~CheckpointFetch() {
  Drop();
  if (log_timer_ != 0) executor_->Cancel(log_timer_);
}

void CheckpointFetch::Drop() {
  ++*alive_;
  connecting_ = false;
  if (timer_ != 0) executor_->Cancel(timer_);
  timer_ = 0;
  FrameStream::Dispose(executor_, std::move(stream_));
}

void CheckpointFetch::SetTimer(int64_t timeout_us, std::string what) {
  if (timer_ != 0) executor_->Cancel(timer_);
  timer_ = executor_->RunAfter(timeout_us, [this, what = std::move(what)] {
    timer_ = 0;
    OnEnded(absl::DeadlineExceededError(what));
  });
}

void CheckpointFetch::Connect() {
  Drop();
  connecting_ = true;
  network_->Connect(
      source_.address, options_.connect_timeout_us,
      [this, attempt = *alive_,
       alive = std::weak_ptr<uint64_t>(alive_)](absl::StatusOr<std::unique_ptr<Stream>> stream) {
        const std::shared_ptr<uint64_t> now = alive.lock();
        if (now == nullptr || *now != attempt) return;
        connecting_ = false;
        if (!stream.ok()) return OnEnded(stream.status());
        stream_ =
            std::make_unique<FrameStream>(executor_, *std::move(stream), kFrameBytesMax, this);
        stream_->Start();
        stream_->Send(EncodeCheckpointFrame(CheckpointRequestFrame{source_.self, source_.name}));
        SetTimer(options_.manifest_timeout_us, "the peer sends no manifest");
      });
}

absl::Status CheckpointFetch::OnPayload(absl::string_view payload) {
  absl::StatusOr<CheckpointFrame> frame = DecodeCheckpointFrame(payload);
  if (!frame.ok()) return frame.status();
  if (auto* manifest = std::get_if<CheckpointManifestFrame>(&*frame)) {
    return OnManifest(std::move(*manifest));
  }
  if (auto* piece = std::get_if<PieceFrame>(&*frame)) return OnPiece(std::move(*piece));
  if (std::get_if<UnknownCheckpointFrame>(&*frame) != nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError("expected a manifest or a piece, found another frame");
}

absl::Status CheckpointFetch::OnManifest(CheckpointManifestFrame manifest) {
  if (!manifest.refusal.empty()) {
    Finish(manifest.gone ? absl::NotFoundError(manifest.refusal)
                         : absl::FailedPreconditionError(manifest.refusal));
    return absl::OkStatus();
  }
  if (timer_ != 0) executor_->Cancel(timer_);
  timer_ = 0;
  if (phase_ != Phase::kManifest && manifest.files == manifest_) {
    Pump();
    return absl::OkStatus();
  }
  if (phase_ != Phase::kManifest) {
    Finish(absl::DataLossError("the peer's checkpoint changed while it was fetched"));
    return absl::OkStatus();
  }
  manifest_ = std::move(manifest.files);
  for (const CheckpointFile& file : manifest_) total_bytes_ += file.size;
  const std::string list = EncodeFileList(manifest_);
  part_ = absl::StrFormat("%s.%016x.part", local_name_, XXH3_64bits(list.data(), list.size()));
  Prepare();
  return absl::OkStatus();
}

void CheckpointFetch::Pump() {
  if (phase_ != Phase::kFiles) return;
  while (first_open_ < manifest_.size() &&
         asked_up_to_[first_open_] == manifest_[first_open_].size) {
    ++first_open_;
  }
  if (first_open_ == manifest_.size() && asked_.empty() && writing_ == 0) return Verify();
  if (stream_ == nullptr) {
    if (!connecting_ && timer_ == 0) Connect();
    return;
  }
  for (size_t i = first_open_; i < manifest_.size(); ++i) {
    while (asked_up_to_[i] < manifest_[i].size) {
      if (asked_.size() + writing_ >= options_.pieces_max) return;
      const uint64_t rest = manifest_[i].size - asked_up_to_[i];
      const Asked piece{static_cast<uint32_t>(i), asked_up_to_[i],
                        static_cast<uint32_t>(std::min<uint64_t>(rest, options_.piece_bytes))};
      stream_->Send(EncodeCheckpointFrame(PieceRequestFrame{piece.file, piece.offset, piece.size}));
      if (asked_.empty()) SetTimer(options_.piece_timeout_us, "the peer sends no more pieces");
      asked_.push_back(piece);
      asked_up_to_[i] += piece.size;
    }
  }
}

absl::Status CheckpointFetch::OnPiece(PieceFrame piece) {
  if (asked_.empty() || asked_.front().file != piece.file ||
      asked_.front().offset != piece.offset || asked_.front().size != piece.bytes.size()) {
    return absl::InvalidArgumentError("expected the piece asked for, found another one");
  }
  asked_.pop_front();
  attempts_ = 0;
  if (asked_.empty()) {
    executor_->Cancel(timer_);
    timer_ = 0;
  } else {
    SetTimer(options_.piece_timeout_us, "the peer sends no more pieces");
  }
  ++writing_;
  const size_t size = piece.bytes.size();
  InBackground<absl::Status>(
      [files = files_, directory = part_, name = manifest_[piece.file].name, offset = piece.offset,
       bytes = std::move(piece.bytes)] { return files->Write(directory, name, offset, bytes); },
      [this, size](absl::Status status) { OnWritten(size, std::move(status)); });
  return absl::OkStatus();
}

void CheckpointFetch::OnEnded(absl::Status why) {
  if (!done_) return;
  // What was asked for and did not come is a tail of each file: pieces come in order.
  while (!asked_.empty()) {
    asked_up_to_[asked_.back().file] = asked_.back().offset;
    first_open_ = std::min<size_t>(first_open_, asked_.back().file);
    asked_.pop_back();
  }
  Drop();
  // Once all is here, the peer is needed only to hear of it.
  const bool complete = phase_ == Phase::kVerifying || phase_ == Phase::kPublishing;
  if (++attempts_ >= options_.attempts_max) {
    if (complete) return;
    return Finish(absl::UnavailableError(
        absl::StrCat("gave up after ", attempts_, " attempts: ", why.message())));
  }
  LogInfo("the transfer of a checkpoint broke off and goes on soon",
          {{"why", why.message()}, {"received", received_bytes_}, {"of", total_bytes_}});
  const int64_t pause_us =
      std::min(options_.retry_first_us << (attempts_ - 1), options_.retry_most_us);
  timer_ = executor_->RunAfter(pause_us, [this] {
    timer_ = 0;
    Connect();
  });
}

}  // namespace rookery::consensus
