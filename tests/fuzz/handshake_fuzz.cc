// The first frame of a ZooKeeper connection, in both directions, with and without readOnly.
#include <cstddef>
#include <cstdint>
#include <string>

#include "coordinator/base/check.h"
#include "coordinator/wire/zookeeper/handshake.h"
#include "tests/fuzz/fuzz_input.h"

namespace wire = rookery::wire;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view frame = rookery::fuzz::Bytes(data, size);
  if (auto request = wire::DecodeConnectRequest(frame); request.ok()) {
    // What is sent has a password of 16 bytes, whatever came.
    request->password.resize(wire::kPasswordBytes);
    std::string sent;
    wire::EncodeConnectRequest(*request, &sent);
    const auto again = wire::DecodeConnectRequest(absl::string_view(sent).substr(4));
    ROOKERY_CHECK(again.ok() && *again == *request);
  }
  if (auto response = wire::DecodeConnectResponse(frame); response.ok()) {
    response->password.resize(wire::kPasswordBytes);
    std::string sent;
    wire::EncodeConnectResponse(*response, true, &sent);
    const auto again = wire::DecodeConnectResponse(absl::string_view(sent).substr(4));
    ROOKERY_CHECK(again.ok() && *again == *response);
  }
  return 0;
}
