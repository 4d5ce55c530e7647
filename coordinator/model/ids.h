// Numbers that name things.
#pragma once

#include <cstdint>
#include <string>

namespace rookery::model {

using Zxid = int64_t;       // (epoch << 32) | counter
using SessionId = int64_t;  // never 0
using ServerId = uint64_t;  // engine id of a member

// "0x" and lower-case hex, as ZooKeeper prints zxids and session ids everywhere.
std::string ToHex(int64_t number);

// Who stands for a session at the moment: a connection of one life of one server. Written by the
// session's opening and by every attach; each write names the owner it believes in.
struct Owner {
  ServerId server = 0;
  uint64_t incarnation = 0;  // of the server, granted by the log
  uint64_t connection = 0;   // counted by the server, never reused within an incarnation
  bool operator==(const Owner&) const = default;
};

}  // namespace rookery::model
