// rookeryd: one server of the ensemble.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "coordinator/main/config/config.h"
#include "coordinator/main/server.h"
#include "coordinator/main/verify_command.h"

// CLI11 throws outside of parse() only for an option that is declared twice.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  constexpr int kBadConfiguration = 2;
  CLI::App app("One server of a Rookery ensemble: speaks gRPC and ZooKeeper's protocol");
  app.set_version_flag("--version", std::string("rookeryd ") + ROOKERY_VERSION);
  std::string file;
  bool check_only = false;
  std::string verify;
  app.add_option("FILE", file, "configuration in the form of ZooKeeper's zoo.cfg");
  app.add_flag("--check-config", check_only, "read the configuration, say what is wrong, and end");
  app.add_option("--verify", verify,
                 "read all files of a stopped server (its dataDir, or its configuration), name "
                 "those that are damaged, and end");
  app.footer(
      "Ends with status 2 if the configuration is wrong, 1 if the server cannot start or --verify\n"
      "found something.\n"
      "deploy/zoo.cfg.example explains every key.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadConfiguration;
  }
  if (verify.empty() == file.empty()) {
    std::fprintf(stderr, "rookeryd: expected either FILE or --verify PATH; see --help\n");
    return kBadConfiguration;
  }
  if (!verify.empty()) return rookery::RunVerify(verify);
  const auto config = rookery::config::LoadConfig(file);
  if (!config.ok()) {
    std::fprintf(stderr, "rookeryd: %s\n", std::string(config.status().message()).c_str());
    return kBadConfiguration;
  }
  if (check_only) {
    for (const std::string& warning : config->warnings) {
      std::fprintf(stderr, "warning: %s\n", warning.c_str());
    }
    std::printf("%s: ok\n", file.c_str());
    return 0;
  }
  return rookery::RunServer(*config, ROOKERY_VERSION);
}
