#include "coordinator/main/offline/backup.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/model/ids.h"
#include "tools/rookery/backup/commands.h"
#include "tools/rookery/backup/receive.h"
#include "tools/rookery/ensemble/admin_client.h"

namespace rookery::tools::backup {
namespace {

constexpr int64_t kStatusTimeoutMsMax = 2000;

struct Options {
  std::string directory, grpc_servers, auth;
  bool verify = false;
};

std::string ToText(const offline::Backup& backup) {
  uint64_t bytes = 0;
  for (const offline::Backup::File& file : backup.files) bytes += file.size;
  return absl::StrFormat(
      "entry %d, zxid %s, %d nodes, %d sessions, digest %016x; %d files, %d bytes", backup.index,
      model::ToHex(backup.zxid), backup.nodes, backup.sessions, backup.digest, backup.files.size(),
      bytes);
}

void ShowProgress(const Receiver& receiver) {
  if (isatty(STDERR_FILENO) == 0) return;
  const uint64_t expected = std::max<uint64_t>(receiver.bytes_expected(), 1);
  std::fprintf(stderr, "\r\033[K%llu of %llu bytes (%llu %%)",
               static_cast<unsigned long long>(receiver.bytes()),
               static_cast<unsigned long long>(receiver.bytes_expected()),
               static_cast<unsigned long long>(receiver.bytes() * 100 / expected));
}

void EndProgress() {
  if (isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r\033[K");
}

// The first that serves; any of them has the state.
absl::StatusOr<Address> FindServing(const std::vector<Address>& servers, const Options& options,
                                    int64_t timeout_ms) {
  std::vector<std::string> problems;
  for (const Address& address : servers) {
    const auto status = ensemble::AdminClient(address, options.auth, timeout_ms).GetStatus();
    if (status.ok() && status->serving()) return address;
    problems.push_back(absl::StrCat(address.ToString(), ": ",
                                    status.ok() ? "serves nobody now" : status.status().message()));
  }
  return absl::UnavailableError(
      absl::StrCat("found no server to copy from (", absl::StrJoin(problems, "; "),
                   "): name them with --servers, or their gRPC ports with --grpc-servers"));
}

absl::StatusOr<offline::Backup> Take(const Address& server, const Options& options,
                                     int64_t timeout_ms) {
  std::error_code error;
  if (std::filesystem::exists(options.directory, error)) {
    return absl::AlreadyExistsError(absl::StrCat(
        options.directory, " is there already: a backup never overwrites; give another name"));
  }
  Receiver receiver(options.directory);
  ensemble::AdminClient client(server, options.auth, timeout_ms);
  const absl::Status status =
      client.BackUp([&](const v1::BackUpFacts& facts) { return receiver.Begin(facts); },
                    [&](const v1::BackUpPiece& piece) {
                      ShowProgress(receiver);
                      return receiver.TakePiece(piece);
                    });
  EndProgress();
  ROOKERY_RETURN_IF_ERROR(status);
  return receiver.Finish();
}

int Fail(const absl::Status& status, int exit_status) {
  std::cerr << "rookery backup: " << status.message() << "\n";
  return exit_status;
}

int Verify(const std::string& directory) {
  const auto backup = offline::ReadBackup(directory);
  if (!backup.ok()) return Fail(backup.status(), kExitFailed);
  const absl::Status status = offline::VerifyBackup(directory, *backup);
  if (!status.ok()) return Fail(status, kExitFailed);
  std::cout << directory << ": whole: " << ToText(*backup) << "\n";
  return kExitOk;
}

int RunBackup(const GlobalOptions& global, Options options) {
  while (options.directory.size() > 1 && options.directory.back() == '/') {
    options.directory.pop_back();
  }
  if (options.verify) return Verify(options.directory);
  const auto addresses =
      ensemble::GrpcAddresses(global.servers, global.protocol == "grpc", options.grpc_servers);
  if (!addresses.ok()) return Fail(addresses.status(), kExitUsage);
  const int64_t timeout_ms = std::min(global.timeout_ms, kStatusTimeoutMsMax);
  const auto server = FindServing(*addresses, options, timeout_ms);
  if (!server.ok()) return Fail(server.status(), kExitFailed);
  const auto backup = Take(*server, options, global.timeout_ms);
  if (!backup.ok()) return Fail(backup.status(), kExitFailed);
  std::cout << "Backup of server " << backup->server << " in " << options.directory << ": "
            << ToText(*backup) << "; verified.\n";
  return kExitOk;
}

}  // namespace

Run DefineBackup(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("directory", options->directory, "where to; must not exist")->required();
  app.add_option("--grpc-servers", options->grpc_servers,
                 "host:port,... of the gRPC ports, if they are not 1000 above the client ports");
  app.add_option("--auth", options->auth,
                 "user:password of the super identity; needed from another machine");
  app.add_flag("--verify", options->verify,
               "take none: read all of the one in `directory` and compare it with its digest");
  return [options, &global] { return RunBackup(global, *options); };
}

}  // namespace rookery::tools::backup
