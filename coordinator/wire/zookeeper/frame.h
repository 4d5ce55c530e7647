// Cuts a byte stream into frames. Source: zookeeper-protocol 1.2.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace rookery::wire {

// ZooKeeper's jute.maxbuffer: the longest frame a server takes, the length itself included as
// legal.
inline constexpr size_t kFrameBytesMaxDefault = 0xfffff;

// True for the four-letter commands that ZooKeeper knows, allowed by configuration or not.
bool IsFourLetterWord(absl::string_view word);

// Append() what arrives, then take items with Next() until it says kMore.
class FrameSplitter {
 public:
  enum class FirstBytes {
    kFrame,        // a client's side, and a server's after the handshake
    kFrameOrWord,  // a server's side: the first four bytes may be a four-letter command
  };
  enum class Kind {
    kFrame,    // `bytes` is the payload without its length
    kWord,     // `bytes` is the four-letter command; what follows it is Rest()
    kMore,     // no whole item is here
    kTooLong,  // the length is negative or above the limit: the connection is to be closed
  };
  struct Item {
    Kind kind = Kind::kMore;
    absl::string_view bytes;  // valid until the next Append()
  };

  FrameSplitter(size_t frame_bytes_max, FirstBytes first_bytes)
      : frame_bytes_max_(frame_bytes_max),
        word_possible_(first_bytes == FirstBytes::kFrameOrWord) {}

  void Append(absl::string_view bytes);
  Item Next();
  // What was appended and not yet taken.
  absl::string_view Rest() const { return absl::string_view(buffer_).substr(taken_); }

 private:
  size_t frame_bytes_max_;
  bool word_possible_;
  std::string buffer_;
  size_t taken_ = 0;  // bytes at the front of buffer_ that were given out
};

}  // namespace rookery::wire
