// A configuration file, the myid beside it (behind the first byte 0), and server lines.
#include <cstddef>
#include <cstdint>
#include <string>

#include "coordinator/base/check.h"
#include "coordinator/main/config/config.h"
#include "coordinator/main/config/properties.h"
#include "coordinator/main/config/server_line.h"
#include "tests/fuzz/fuzz_input.h"

namespace config = rookery::config;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rookery::fuzz::FuzzInput input(rookery::fuzz::Bytes(data, size));
  const absl::string_view text = input.Until('\0');
  const std::string my_id(input.Rest());
  const auto parsed = config::ParseConfig("/etc/zoo.cfg", text,
                                          [&](const std::string&) -> absl::StatusOr<std::string> {
                                            if (my_id.empty())
                                              return absl::NotFoundError("no such file");
                                            return my_id;
                                          });
  if (parsed.ok()) {
    ROOKERY_CHECK(!parsed->servers.empty() && !parsed->data_dir.empty());
    ROOKERY_CHECK(0 < parsed->min_session_timeout_ms);
    ROOKERY_CHECK(parsed->min_session_timeout_ms <= parsed->max_session_timeout_ms);
  } else {
    // One line, to be printed for a person.
    ROOKERY_CHECK(absl::IsInvalidArgument(parsed.status())) << parsed.status();
    ROOKERY_CHECK(!parsed.status().message().empty());
  }
  for (const config::Property& property : config::ParseProperties(text)) {
    const auto line = config::ParseServerLine(1, property.value);
    if (!line.ok()) continue;
    // "server.1=..." as it is printed says the same.
    const std::string printed = config::FormatServerLine(*line);
    const auto again = config::ParseServerLine(1, printed.substr(printed.find('=') + 1));
    ROOKERY_CHECK(again.ok() && *again == *line) << printed;
  }
  return 0;
}
