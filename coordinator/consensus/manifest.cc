// manifest := index:varint term:varint digest:fixed64 name:string configuration:string
#include "coordinator/consensus/manifest.h"

#include "coordinator/base/status_macros.h"
#include "coordinator/base/varint.h"
#include "coordinator/consensus/members.h"

namespace rookery::consensus {

std::string EncodeManifest(const Manifest& manifest) {
  std::string bytes;
  PutVarint(manifest.index, &bytes);
  PutVarint(manifest.term, &bytes);
  PutFixed64(manifest.digest, &bytes);
  PutString(manifest.name, &bytes);
  PutString(EncodeConfiguration(manifest.configuration), &bytes);
  return bytes;
}

absl::StatusOr<Manifest> DecodeManifest(absl::string_view bytes) {
  VarintReader in(bytes);
  Manifest manifest;
  manifest.index = in.Varint();
  manifest.term = in.Varint();
  manifest.digest = in.Fixed64();
  manifest.name = in.String();
  const std::string configuration = in.String();
  if (!in.AtEnd())
    return absl::DataLossError("expected a checkpoint's manifest, found other bytes");
  ROOKERY_ASSIGN_OR_RETURN(manifest.configuration, DecodeConfiguration(configuration));
  return manifest;
}

}  // namespace rookery::consensus
