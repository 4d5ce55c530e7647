// The admin port: HTTP/1.1 requests. First byte: how the bytes arrive.
#include <cstddef>
#include <cstdint>

#include "coordinator/base/check.h"
#include "coordinator/frontend/http/http_connection.h"
#include "tests/fuzz/fuzz_input.h"

namespace frontend = rookery::frontend;

namespace {

frontend::HttpAnswer Answer(absl::string_view path) {
  ROOKERY_CHECK(path.find('?') == absl::string_view::npos) << path;
  return {.body = "ok"};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rookery::fuzz::FuzzInput input(rookery::fuzz::Bytes(data, size));
  const size_t step = input.Byte() + 1;
  const absl::string_view stream = input.Rest();
  const frontend::HttpRouter router = Answer;
  frontend::HttpConnection connection(&router);
  for (size_t at = 0; at < stream.size() && !connection.finished(); at += step) {
    (void)connection.OnBytes(stream.substr(at, step));
  }
  return 0;
}
