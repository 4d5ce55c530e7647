#include "tests/sim/clients/grpc_wire.h"

#include <utility>

#include "coordinator/base/varint.h"

namespace rookery::sim {
namespace {

constexpr size_t kHeadBytes = 5;

}  // namespace

void PutFrame(GrpcFrame kind, absl::string_view payload, std::string* out) {
  const auto length = static_cast<uint32_t>(payload.size());
  for (int i = 0; i < 4; ++i) PutByte(static_cast<uint8_t>(length >> (8 * i)), out);
  PutByte(static_cast<uint8_t>(kind), out);
  out->append(payload.data(), payload.size());
}

std::string EncodeStatus(const absl::Status& status) {
  std::string out;
  PutVarint(static_cast<uint64_t>(status.raw_code()), &out);
  PutString(status.message(), &out);
  return out;
}

absl::Status DecodeStatus(absl::string_view payload) {
  VarintReader in(payload);
  const auto code = static_cast<absl::StatusCode>(in.Varint());
  const std::string message = in.String();
  return in.AtEnd() ? absl::Status(code, message) : absl::InternalError("no status");
}

void FrameReader::Take(absl::string_view bytes,
                       absl::FunctionRef<bool(GrpcFrame, absl::string_view)> take) {
  // The taker may end the owner of this reader: what is under way is a copy.
  std::string all = std::exchange(rest_, {});
  all.append(bytes.data(), bytes.size());
  size_t at = 0;
  while (all.size() - at >= kHeadBytes) {
    size_t length = 0;
    for (int i = 0; i < 4; ++i) {
      length |= static_cast<size_t>(static_cast<uint8_t>(all[at + i])) << (8 * i);
    }
    if (all.size() - at - kHeadBytes < length) break;
    const auto kind = static_cast<GrpcFrame>(all[at + 4]);
    if (!take(kind, absl::string_view(all).substr(at + kHeadBytes, length))) return;
    at += kHeadBytes + length;
  }
  rest_ = all.substr(at);
}

}  // namespace rookery::sim
