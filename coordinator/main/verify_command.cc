#include "coordinator/main/verify_command.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "coordinator/main/config/config.h"
#include "coordinator/main/offline/verify.h"
#include "coordinator/model/ids.h"

namespace rookery {
namespace {

constexpr char kRepair[] =
    "Start nothing on these files. One of several servers: move the data directory away (keep "
    "myid),\n"
    "start the server, and run `rookery ensemble rejoin N`; it is filled by the others. A lone "
    "server:\n"
    "`rookery restore` from a backup. docs/operations.md, \"A damaged file\".\n";

}  // namespace

int RunVerify(const std::string& path) {
  std::string data_dir = path;
  std::string log_dir = path;
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    const auto config = config::LoadConfig(path);
    if (!config.ok()) {
      std::fprintf(stderr, "rookeryd: %s\n", std::string(config.status().message()).c_str());
      return 2;
    }
    data_dir = config->data_dir;
    log_dir = config->data_log_dir;
  }
  const bool terminal = isatty(STDERR_FILENO) != 0;
  offline::Findings findings([terminal](absl::string_view file) {
    if (terminal) std::fprintf(stderr, "\r\033[K%s", std::string(file).c_str());
  });
  offline::StateFacts facts;
  const absl::Status status =
      offline::VerifyDataDirectory(data_dir, absl::StrCat(log_dir, "/log"), &findings, &facts);
  if (terminal) std::fprintf(stderr, "\r\033[K");
  if (!status.ok()) {
    std::fprintf(stderr, "rookeryd: %s\n", std::string(status.message()).c_str());
    return 1;
  }
  for (const std::string& text : findings.texts()) {
    std::fprintf(stderr, "damaged: %s\n", text.c_str());
  }
  if (!findings.texts().empty()) {
    std::fprintf(stderr, "%s", kRepair);
    return 1;
  }
  std::printf("%s: ok: %llu files, %llu bytes; entry %llu, zxid %s, %llu nodes, digest %016llx\n",
              data_dir.c_str(), static_cast<unsigned long long>(findings.files()),
              static_cast<unsigned long long>(findings.bytes()),
              static_cast<unsigned long long>(facts.applied_index),
              model::ToHex(facts.zxid).c_str(), static_cast<unsigned long long>(facts.nodes),
              static_cast<unsigned long long>(facts.digest));
  return 0;
}

}  // namespace rookery
