// The frames of a checkpoint's transfer as values, and their bytes
// (schemas/rookery/internal/v1/checkpoint.proto).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/consensus/peer/hello.h"

namespace rookery::consensus {

struct CheckpointFile {
  std::string name;
  uint64_t size = 0;
  uint64_t checksum = 0;  // XXH3-64 of the whole file
  bool operator==(const CheckpointFile&) const = default;
};

// What a whole transfer may consist of; more is refused as garbage.
inline constexpr size_t kCheckpointFilesMax = 100'000;
inline constexpr uint32_t kPieceBytesMax = 1u << 20;

struct CheckpointRequestFrame {
  Hello hello;
  std::string name;
};
struct CheckpointManifestFrame {
  std::string refusal;
  bool gone = false;
  std::vector<CheckpointFile> files;  // by name, plain and unique
};
struct PieceRequestFrame {
  uint32_t file = 0;
  uint64_t offset = 0;
  uint32_t size = 0;
};
struct PieceFrame {
  uint32_t file = 0;
  uint64_t offset = 0;
  std::string bytes;
};
struct CheckpointEndFrame {
  std::string failure;
  bool damaged = false;  // the failure is the checkpoint's
};
struct UnknownCheckpointFrame {};

using CheckpointFrame =
    std::variant<UnknownCheckpointFrame, CheckpointRequestFrame, CheckpointManifestFrame,
                 PieceRequestFrame, PieceFrame, CheckpointEndFrame>;

std::string EncodeCheckpointFrame(CheckpointFrame frame);
absl::StatusOr<CheckpointFrame> DecodeCheckpointFrame(absl::string_view payload);

// The file list in an encoding of our own (grammar in checkpoint_frame.cc): its hash names what was
// received so far, so that only the same list is continued.
std::string EncodeFileList(const std::vector<CheckpointFile>& files);

}  // namespace rookery::consensus
