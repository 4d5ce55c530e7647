// A manifest as the engine carries it in a snapshot.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/consensus/consensus.h"

namespace rookery::consensus {

// Deterministic bytes (grammar in manifest.cc) and back. DataLoss: other bytes.
std::string EncodeManifest(const Manifest& manifest);
absl::StatusOr<Manifest> DecodeManifest(absl::string_view bytes);

}  // namespace rookery::consensus
