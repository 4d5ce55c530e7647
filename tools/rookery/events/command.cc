#include "tools/rookery/events/command.h"

#include <google/protobuf/util/json_util.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/connect_string.h"
#include "coordinator/client/metadata/metadata_follower.h"
#include "tools/rookery/ensemble/admin_client.h"
#include "tools/rookery/events/text.h"

namespace rookery::tools::events {
namespace {

struct Options {
  std::string grpc_servers;
  std::string after;
  bool view = false;
  bool json = false;
  uint64_t count = 0;  // 0: without end
};

absl::StatusOr<std::optional<int64_t>> AfterOf(const std::string& text) {
  if (text.empty()) return std::nullopt;
  int64_t zxid = 0;
  const bool hex = absl::StartsWithIgnoreCase(text, "0x");
  if ((hex && absl::SimpleHexAtoi(text, &zxid)) || (!hex && absl::SimpleAtoi(text, &zxid))) {
    if (zxid >= 0) return zxid;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--after: expected a zxid, as in 0x100000005, found '", text, "'"));
}

absl::StatusOr<client::FollowOptions> FollowOptionsOf(const GlobalOptions& global,
                                                      const Options& options) {
  client::FollowOptions follow{.timeout_ms = global.timeout_ms, .events_only = !options.view};
  ROOKERY_ASSIGN_OR_RETURN(
      follow.servers,
      ensemble::GrpcAddresses(global.servers, global.protocol == "grpc", options.grpc_servers));
  ROOKERY_ASSIGN_OR_RETURN(const client::ConnectString servers,
                           client::ParseConnectString(global.servers));
  follow.root = servers.chroot;
  ROOKERY_ASSIGN_OR_RETURN(follow.after_zxid, AfterOf(options.after));
  if (!global.login.empty()) follow.auth = absl::StrCat("sasl ", global.login);
  return follow;
}

std::string JsonOf(const v1::WatchMetadataResponse& response) {
  google::protobuf::util::JsonPrintOptions style;
  style.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(response, &text, style);
  return status.ok() ? text : status.ToString();
}

int RunEvents(const GlobalOptions& global, const Options& options) {
  const absl::StatusOr<client::FollowOptions> follow = FollowOptionsOf(global, options);
  if (!follow.ok()) {
    std::cerr << "rookery events: " << follow.status().message() << "\n";
    return kExitUsage;
  }
  uint64_t shown = 0;
  client::MetadataFollower follower(*follow);
  const absl::Status ended = follower.Run([&](const v1::WatchMetadataResponse& response) {
    if (options.json) {
      std::cout << JsonOf(response) << "\n";
    } else {
      for (const std::string& line : LinesOf(response)) std::cout << line << "\n";
    }
    std::cout.flush();
    if (!std::cout) return false;  // nobody reads any more
    for (const v1::MetadataChange& change : response.changes().changes()) {
      shown += static_cast<uint64_t>(change.events_size());
    }
    return options.count == 0 || shown < options.count;
  });
  if (ended.ok()) return kExitOk;
  std::cerr << "rookery events: " << ended.message() << "\n";
  return kExitFailed;
}

}  // namespace

Run DefineEvents(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("--after", options->after,
                 "go on behind this zxid, as the last line that was read begins; without it, from "
                 "now on");
  app.add_flag("--view", options->view,
               "the cluster as it stands first, and where events are missing");
  app.add_flag("--json", options->json, "each message of WatchMetadata as an object on its line");
  app.add_option("--count", options->count, "end after so many events; 0: never");
  app.add_option("--grpc-servers", options->grpc_servers,
                 "host:port,... of the gRPC ports, if they are not 1000 above the client ports");
  app.footer(
      "Where a server ends, another one goes on, without a gap. The chroot of --servers is the\n"
      "cluster's.");
  return [options, &global] { return RunEvents(global, *options); };
}

}  // namespace rookery::tools::events
