// A JAAS file or a file of users: what can be read names users, what cannot says where.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/main/config/sasl_users.h"
#include "tests/fuzz/fuzz_input.h"

namespace config = rookery::config;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = rookery::fuzz::Bytes(data, size);
  for (const auto& users : {config::ParseJaasUsers(text, "Server"), config::ParseUsersFile(text)}) {
    if (!users.ok()) {
      ROOKERY_CHECK(absl::IsInvalidArgument(users.status())) << users.status();
      ROOKERY_CHECK(!users.status().message().empty());
      continue;
    }
    for (const auto& [user, password] : *users) ROOKERY_CHECK(!user.empty());
  }
  return 0;
}
