// The frames of the quorum port as values, and their bytes
// (schemas/rookery/internal/v1/peer.proto).
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/consensus/peer/hello.h"

namespace rookery::consensus {

struct HelloFrame {
  Hello hello;
  EngineId wanted = 0;  // whom the sender takes the receiver for; 0: anybody
};
struct HelloAnswerFrame {
  Hello hello;
  HelloRefusal refusal = HelloRefusal::kNone;
  std::string text;
  std::string member_list;  // EncodeMemberList, empty if there is none to show
};
struct EngineFrame {
  std::string bytes;
};
struct ApplicationFrame {
  std::string bytes;
};
struct PingFrame {
  uint64_t number = 0;
};
struct PongFrame {
  uint64_t number = 0;
};
struct GoodbyeFrame {
  std::string reason;
  bool stopping = false;
};
struct UnknownFrame {};  // of a newer server: to be skipped

using PeerFrame = std::variant<UnknownFrame, HelloFrame, HelloAnswerFrame, EngineFrame,
                               ApplicationFrame, PingFrame, PongFrame, GoodbyeFrame>;

// A whole frame with its header, ready to be written.
std::string EncodePeerFrame(PeerFrame frame);

// A frame's payload. InvalidArgument says what was expected.
absl::StatusOr<PeerFrame> DecodePeerFrame(absl::string_view payload);

}  // namespace rookery::consensus
