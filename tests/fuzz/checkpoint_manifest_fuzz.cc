// What a checkpoint says of itself: the engine's manifest, and the file list of a transfer.
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "coordinator/base/check.h"
#include "coordinator/consensus/manifest.h"
#include "coordinator/consensus/peer/checkpoint_files.h"
#include "coordinator/consensus/peer/checkpoint_frame.h"
#include "tests/fuzz/fuzz_input.h"

using namespace rookery::consensus;  // NOLINT: a fuzz target, and nobody includes it

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = rookery::fuzz::Bytes(data, size);
  if (const auto manifest = DecodeManifest(bytes); manifest.ok()) {
    const std::string first = EncodeManifest(*manifest);
    const auto again = DecodeManifest(first);
    ROOKERY_CHECK(again.ok() && EncodeManifest(*again) == first);
  }
  const auto frame = DecodeCheckpointFrame(bytes);
  if (!frame.ok()) return 0;
  if (const auto* list = std::get_if<CheckpointManifestFrame>(&*frame)) {
    ROOKERY_CHECK(list->files.size() <= kCheckpointFilesMax);
    for (size_t i = 0; i < list->files.size(); ++i) {
      ROOKERY_CHECK(IsPlainName(list->files[i].name));  // else files land outside of the directory
      ROOKERY_CHECK(i == 0 || list->files[i - 1].name < list->files[i].name);
    }
    (void)EncodeFileList(list->files);
  }
  return 0;
}
