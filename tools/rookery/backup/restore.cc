#include "coordinator/main/offline/restore.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/model/ids.h"
#include "tools/rookery/backup/commands.h"

namespace rookery::tools::backup {
namespace {

struct Options {
  std::string backup, data_dir, log_dir;
};

int RunRestore(const Options& options) {
  const bool terminal = isatty(STDERR_FILENO) != 0;
  const auto tell = [terminal](const std::string& text) {
    if (terminal) std::fprintf(stderr, "\r\033[K%s", text.c_str());
  };
  const std::string logs = options.log_dir.empty() ? options.data_dir : options.log_dir;
  const auto restored =
      offline::Restore(options.backup, options.data_dir, absl::StrCat(logs, "/log"), tell);
  if (terminal) std::fprintf(stderr, "\r\033[K");
  if (!restored.ok()) {
    std::cerr << "rookery restore: " << restored.status().message() << "\n";
    return kExitFailed;
  }
  std::cout << absl::StrFormat(
      "Restored into %s: %d nodes, zxid %s, digest %016x; verified.\n"
      "The %d sessions of the backup are ended, and their %d ephemeral nodes gone.\n"
      "A lone server starts on it as it is. For an ensemble restore the same backup into the data "
      "directory of every voter, then start them.\n",
      options.data_dir, restored->nodes, model::ToHex(restored->zxid), restored->digest,
      restored->sessions_ended, restored->ephemerals_removed);
  return kExitOk;
}

}  // namespace

Run DefineRestore(CLI::App& app, const GlobalOptions&) {
  auto options = std::make_shared<Options>();
  app.add_option("backup", options->backup, "a directory that `rookery backup` made")->required();
  app.add_option("data-dir", options->data_dir,
                 "dataDir of the server: missing, or empty but for myid")
      ->required();
  app.add_option("--log-dir", options->log_dir, "dataLogDir, if it is another one");
  return [options] { return RunRestore(*options); };
}

}  // namespace rookery::tools::backup
