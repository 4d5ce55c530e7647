// How simulated gRPC travels: the messages of rookery.v1 as they are, framed on a byte stream. What
// gRPC itself does (HTTP/2, flow control) is left out; the connections on both sides are the
// product's.
//
//   frame := length:4 bytes, least first   kind:1 byte   payload
#pragma once

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rookery::sim {

enum class GrpcFrame : uint8_t {
  kMessage,     // up: SessionRequest, down: SessionResponse
  kEnd,         // down: the stream's status
  kUnary,       // up: one byte, 1 for a linearizable read, then Operation
  kUnaryReply,  // down: Result
};

void PutFrame(GrpcFrame kind, absl::string_view payload, std::string* out);
std::string EncodeStatus(const absl::Status& status);
absl::Status DecodeStatus(absl::string_view payload);

// Cuts a stream into frames.
class FrameReader {
 public:
  // Calls `take` for each whole frame until it returns false.
  void Take(absl::string_view bytes,
            absl::FunctionRef<bool(GrpcFrame kind, absl::string_view payload)> take);

 private:
  std::string rest_;
};

}  // namespace rookery::sim
