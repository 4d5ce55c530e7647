// Seeds of the fuzz targets with binary inputs, made by our own encoders: one file per target
// group. Those of texts (zoo.cfg, JSON, HTTP) are written by hand, in corpus/ itself.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace rookery::fuzz {

// Writes corpus/<target>/<name>.
class SeedWriter {
 public:
  explicit SeedWriter(std::string corpus) : corpus_(std::move(corpus)) {}
  void Write(absl::string_view target, absl::string_view name, absl::string_view bytes);

 private:
  const std::string corpus_;
};

void WriteZooKeeperSeeds(SeedWriter* out);  // zookeeper_frames, handshake, request, reply, apply
void WriteGrpcSeeds(SeedWriter* out);       // grpc_request, grpc_reply
void WritePeerSeeds(SeedWriter* out);   // peer_frames, peer_message, members, checkpoint_manifest
void WriteStateSeeds(SeedWriter* out);  // log_entry, node, state_rows, data_files

}  // namespace rookery::fuzz
