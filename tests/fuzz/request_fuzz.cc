// One request of a ZooKeeper client: a frame's payload, with its header.
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <variant>

#include "coordinator/base/check.h"
#include "coordinator/wire/zookeeper/request.h"
#include "tests/fuzz/fuzz_input.h"

namespace wire = rookery::wire;

namespace {

// What was understood can be said again, and means the same.
template <typename Operation>
void ExpectSameAgain(int32_t xid, const Operation& operation) {
  std::string first;
  wire::EncodeRequest(xid, operation, &first);
  const auto again = wire::DecodeRequest(absl::string_view(first).substr(4));
  ROOKERY_CHECK(again.has_value() && again->xid == xid);
  const auto* same = std::get_if<Operation>(&again->body);
  ROOKERY_CHECK(same != nullptr);
  std::string second;
  wire::EncodeRequest(xid, *same, &second);
  ROOKERY_CHECK(first == second);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto request = wire::DecodeRequest(rookery::fuzz::Bytes(data, size));
  if (!request.has_value()) {
    ROOKERY_CHECK(size < 8) << "a header of 8 bytes is there and was not read";
    return 0;
  }
  std::visit(
      [&](const auto& body) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(body)>, wire::BadRequest>) {
          ExpectSameAgain(request->xid, body);
        }
      },
      request->body);
  return 0;
}
