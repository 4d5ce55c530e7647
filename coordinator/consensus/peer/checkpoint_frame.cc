// Format of a file list (record.h): u8 1, u32 count, (text name, u64 size, u64 checksum)*
#include "coordinator/consensus/peer/checkpoint_frame.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/peer/checkpoint_files.h"
#include "coordinator/consensus/peer/frame.h"
#include "coordinator/consensus/peer/hello_proto.h"
#include "coordinator/consensus/record.h"
#include "rookery/internal/v1/checkpoint.pb.h"

namespace rookery::consensus {
namespace {

namespace pb = ::rookery::internal::v1;

struct Encoder {
  pb::CheckpointFrame* out;
  void operator()(UnknownCheckpointFrame&) {}
  void operator()(CheckpointRequestFrame& frame) {
    HelloToProto(frame.hello, out->mutable_request()->mutable_hello());
    out->mutable_request()->set_name(frame.name);
  }
  void operator()(CheckpointManifestFrame& frame) {
    pb::CheckpointManifest* manifest = out->mutable_manifest();
    manifest->set_refusal(frame.refusal);
    manifest->set_gone(frame.gone);
    for (const CheckpointFile& file : frame.files) {
      pb::CheckpointFile* each = manifest->add_files();
      each->set_name(file.name);
      each->set_size(file.size);
      each->set_checksum(file.checksum);
    }
  }
  void operator()(PieceRequestFrame& frame) {
    out->mutable_piece_request()->set_file(frame.file);
    out->mutable_piece_request()->set_offset(frame.offset);
    out->mutable_piece_request()->set_size(frame.size);
  }
  void operator()(PieceFrame& frame) {
    out->mutable_piece()->set_file(frame.file);
    out->mutable_piece()->set_offset(frame.offset);
    out->mutable_piece()->set_bytes(std::move(frame.bytes));
  }
  void operator()(CheckpointEndFrame& frame) {
    out->mutable_end()->set_failure(frame.failure);
    out->mutable_end()->set_damaged(frame.damaged);
  }
};

absl::StatusOr<CheckpointFrame> DecodeManifest(const pb::CheckpointManifest& in) {
  CheckpointManifestFrame manifest{in.refusal(), in.gone(), {}};
  if (static_cast<size_t>(in.files_size()) > kCheckpointFilesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "expected a manifest of at most ", kCheckpointFilesMax, " files, found ", in.files_size()));
  }
  std::string last;
  for (const pb::CheckpointFile& file : in.files()) {
    if (!IsPlainName(file.name()) || file.name() <= last) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected plain file names in order, found '", file.name(), "'"));
    }
    last = file.name();
    manifest.files.push_back({file.name(), file.size(), file.checksum()});
  }
  return manifest;
}

}  // namespace

std::string EncodeCheckpointFrame(CheckpointFrame frame) {
  pb::CheckpointFrame proto;
  std::visit(Encoder{&proto}, frame);
  std::string bytes;
  bytes.reserve(kFrameHeaderBytes + proto.ByteSizeLong());
  bytes.resize(kFrameHeaderBytes);
  proto.AppendToString(&bytes);
  SealFrame(&bytes);
  return bytes;
}

absl::StatusOr<CheckpointFrame> DecodeCheckpointFrame(absl::string_view payload) {
  pb::CheckpointFrame proto;
  if (!proto.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return absl::InvalidArgumentError("expected a checkpoint frame, found bytes that are none");
  }
  switch (proto.body_case()) {
    case pb::CheckpointFrame::kRequest: {
      CheckpointRequestFrame frame;
      ROOKERY_ASSIGN_OR_RETURN(frame.hello, HelloFromProto(proto.request().hello()));
      frame.name = proto.request().name();
      return frame;
    }
    case pb::CheckpointFrame::kManifest:
      return DecodeManifest(proto.manifest());
    case pb::CheckpointFrame::kPieceRequest:
      return PieceRequestFrame{proto.piece_request().file(), proto.piece_request().offset(),
                               proto.piece_request().size()};
    case pb::CheckpointFrame::kPiece:
      return PieceFrame{proto.piece().file(), proto.piece().offset(),
                        std::move(*proto.mutable_piece()->mutable_bytes())};
    case pb::CheckpointFrame::kEnd:
      return CheckpointEndFrame{proto.end().failure(), proto.end().damaged()};
    case pb::CheckpointFrame::BODY_NOT_SET:
      break;
  }
  return UnknownCheckpointFrame{};
}

std::string EncodeFileList(const std::vector<CheckpointFile>& files) {
  RecordWriter out;
  out.U8(1);
  out.U32(static_cast<uint32_t>(files.size()));
  for (const CheckpointFile& file : files) {
    out.Text(file.name);
    out.U64(file.size);
    out.U64(file.checksum);
  }
  return out.Take();
}

}  // namespace rookery::consensus
