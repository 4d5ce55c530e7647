#include "coordinator/wire/zookeeper/frame.h"

#include <algorithm>
#include <array>

#include "coordinator/wire/zookeeper/jute.h"

namespace rookery::wire {
namespace {

// A buffer that grew for one long frame is given back when it has been taken.
constexpr size_t kKeptBytesMax = 256 * 1024;

constexpr std::array kWords = {"conf", "cons", "crst", "dirs", "dump", "envi",
                               "gtmk", "hash", "isro", "mntr", "ruok", "srst",
                               "srvr", "stat", "stmk", "wchc", "wchp", "wchs"};

}  // namespace

bool IsFourLetterWord(absl::string_view word) {
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](const char* known) { return word == known; });
}

void FrameSplitter::Append(absl::string_view bytes) {
  if (taken_ == buffer_.size()) {
    if (buffer_.capacity() > kKeptBytesMax) std::string().swap(buffer_);
    buffer_.clear();
  } else {
    buffer_.erase(0, taken_);
  }
  taken_ = 0;
  buffer_.append(bytes.data(), bytes.size());
}

FrameSplitter::Item FrameSplitter::Next() {
  const absl::string_view rest = Rest();
  if (rest.size() < 4) return {};
  if (word_possible_) {
    word_possible_ = false;
    if (IsFourLetterWord(rest.substr(0, 4))) {
      taken_ += 4;
      return {Kind::kWord, rest.substr(0, 4)};
    }
  }
  const int32_t length = JuteReader(rest).ReadInt();
  if (length < 0 || static_cast<size_t>(length) > frame_bytes_max_) return {Kind::kTooLong, {}};
  if (rest.size() - 4 < static_cast<size_t>(length)) return {};
  taken_ += 4 + length;
  return {Kind::kFrame, rest.substr(4, length)};
}

}  // namespace rookery::wire
