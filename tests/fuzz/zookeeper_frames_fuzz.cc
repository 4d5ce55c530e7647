// The ZooKeeper port's stream of frames. First byte: how the bytes arrive; the rest: the stream.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/base/check.h"
#include "coordinator/wire/zookeeper/frame.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

using rookery::wire::FrameSplitter;

constexpr size_t kFrameBytesMax = 1 << 12;

struct Taken {
  std::vector<std::string> items;
  FrameSplitter::Kind last = FrameSplitter::Kind::kMore;
  bool operator==(const Taken&) const = default;
};

Taken TakeAll(absl::string_view stream, size_t step, FrameSplitter::FirstBytes first) {
  FrameSplitter splitter(kFrameBytesMax, first);
  Taken taken;
  for (size_t at = 0; at < stream.size(); at += step) {
    splitter.Append(stream.substr(at, step));
    for (;;) {
      const FrameSplitter::Item item = splitter.Next();
      taken.last = item.kind;
      if (item.kind == FrameSplitter::Kind::kTooLong) return taken;
      if (item.kind == FrameSplitter::Kind::kMore) break;
      ROOKERY_CHECK(item.bytes.size() <= kFrameBytesMax);
      taken.items.emplace_back(item.bytes);
    }
  }
  return taken;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rookery::fuzz::FuzzInput input(rookery::fuzz::Bytes(data, size));
  const size_t step = input.Byte() + 1;
  const absl::string_view stream = input.Rest();
  using FirstBytes = FrameSplitter::FirstBytes;
  for (const FirstBytes first : {FirstBytes::kFrame, FirstBytes::kFrameOrWord}) {
    // How a stream is cut by the network changes nothing.
    const bool alike = TakeAll(stream, step, first) == TakeAll(stream, stream.size() + 1, first);
    ROOKERY_CHECK(alike) << "cut in pieces of " << step << " bytes, the stream reads otherwise";
  }
  return 0;
}
