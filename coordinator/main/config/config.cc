#include "coordinator/main/config/config.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "coordinator/base/nearest.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/main/config/keys.h"
#include "coordinator/main/config/properties.h"
#include "coordinator/main/config/sasl_users.h"
#include "coordinator/main/config/server_line.h"

namespace rookery::config {
namespace {

// A client that lost its connection reconnects within about a second, and may meet a server that is
// down first.
constexpr int32_t kCalmGraceMs = 2500;

absl::Status At(const std::string& path, const Property& property, absl::string_view message) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ":", property.line, ": ", property.key, ": ", message));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot open ", path));
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

bool SwitchesOff(absl::string_view value) {
  const std::string lower = absl::AsciiStrToLower(value);
  return lower == "false" || lower == "no" || lower == "participant" || lower == "sha1";
}

// A key that is not taken: refused by name, ignored, or unknown.
absl::Status JudgeOther(const std::string& path, const Property& property, Config* config) {
  for (const RefusedKey& refused : RefusedKeys()) {
    if (!MatchesKey(refused.name, property.key) || SwitchesOff(property.value)) continue;
    return At(path, property, absl::StrCat(refused.why, ": remove the line"));
  }
  for (const std::string& ignored : IgnoredKeys()) {
    if (MatchesKey(ignored, property.key)) return absl::OkStatus();
  }
  for (const RefusedKey& refused : RefusedKeys()) {
    if (MatchesKey(refused.name, property.key)) return absl::OkStatus();  // switched off
  }
  const std::string nearest = NearestWord(property.key, KnownKeys(), property.key.size() / 3);
  config->warnings.push_back(
      absl::StrCat(path, ":", property.line, ": unknown key ", property.key,
                   nearest.empty() ? "" : absl::StrCat(": did you mean ", nearest, "?")));
  return absl::OkStatus();
}

absl::Status TakeServer(const std::string& path, const Property& property, Config* config) {
  uint32_t number = 0;
  absl::string_view digits = property.key;
  absl::ConsumePrefix(&digits, "server.");
  if (!absl::SimpleAtoi(digits, &number) || number < 1 || number > 255) {
    return At(path, property, "expected server.N with N from 1 to 255");
  }
  const absl::StatusOr<consensus::ServerLine> line = ParseServerLine(number, property.value);
  if (!line.ok()) return At(path, property, line.status().message());
  for (const consensus::ServerLine& other : config->servers) {
    if (other.number == number) return At(path, property, "the same server stands twice");
    if (other.host == line->host &&
        (other.quorum_port == line->quorum_port || other.election_port == line->election_port)) {
      return At(path, property,
                absl::StrCat("server.", other.number, " has the same host and port"));
    }
  }
  config->servers.push_back(*line);
  return absl::OkStatus();
}

absl::Status TakeMyId(const ReadFileFunction& read, Config* config) {
  const std::string path = absl::StrCat(config->data_dir, "/myid");
  const absl::StatusOr<std::string> text = read(path);
  if (!text.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": expected a file with this server's number, since ", config->file,
                     " has server.N lines: write one, as in `echo 1 > ", path, "`"));
  }
  const absl::string_view number = absl::StripAsciiWhitespace(*text);
  if (!absl::SimpleAtoi(number, &config->server_number)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": expected this server's number, found '", number.substr(0, 40), "'"));
  }
  for (const consensus::ServerLine& line : config->servers) {
    if (line.number == config->server_number) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": expected the number of one of the server.N lines of ", config->file,
                   ", found ", config->server_number));
}

absl::Status Missing(const Config& config, absl::string_view key, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(config.file, ": ", key, ": expected ", what, ", found no such line"));
}

// The client port may stand in this server's own server.N line instead, as ZooKeeper writes it.
absl::Status TakeClientPortOfOwnLine(Config* config) {
  const auto own =
      std::find_if(config->servers.begin(), config->servers.end(),
                   [config](const auto& line) { return line.number == config->server_number; });
  if (own == config->servers.end() || own->client_address.empty()) return absl::OkStatus();
  ROOKERY_ASSIGN_OR_RETURN(const Address address, ParseClientAddress(own->client_address));
  if (!config->client.named) {
    config->client.port = address.port;
    config->client.named = true;
    if (config->client.host.empty()) config->client.host = address.host;
  } else if (config->client.port != 0 && config->client.port != address.port) {
    return absl::InvalidArgumentError(absl::StrCat(
        config->file, ": clientPort: expected the port behind ';' of server.", own->number, ", ",
        address.port, ", found ", config->client.port, ": make them the same"));
  }
  return absl::OkStatus();
}

// The users of both files; those of sasl.usersFile win.
absl::Status TakeSaslUsers(const ReadFileFunction& read, Config* config) {
  const auto add = [&](const std::string& path, absl::string_view key,
                       const std::function<absl::StatusOr<SaslUsers>(absl::string_view)>& parse) {
    if (path.empty()) return absl::OkStatus();
    const absl::StatusOr<std::string> text = read(path);
    if (!text.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          config->file, ": ", key, ": expected a file that can be read, found none at ", path));
    }
    absl::StatusOr<SaslUsers> users = parse(*text);
    if (!users.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", users.status().message()));
    }
    config->sasl_passwords.merge(*users);
    return absl::OkStatus();
  };
  ROOKERY_RETURN_IF_ERROR(add(config->sasl_users_file, "sasl.usersFile", ParseUsersFile));
  ROOKERY_RETURN_IF_ERROR(add(config->jaas_file, "jaas.config", [&](absl::string_view text) {
    return ParseJaasUsers(text, config->jaas_section);
  }));
  if (!config->sasl_super_password.empty()) {
    config->sasl_passwords["super"] = config->sasl_super_password;
  }
  if (config->wants_sasl && !config->OffersSasl()) {
    return absl::InvalidArgumentError(absl::StrCat(
        config->file, ": authProvider: expected the users of SASL beside it, found none: add ",
        "sasl.usersFile=FILE with lines user=password, or jaas.config=FILE"));
  }
  return absl::OkStatus();
}

absl::Status FillIn(Config* config) {
  if (config->data_log_dir.empty()) config->data_log_dir = config->data_dir;
  if (!config->client.named) {
    return Missing(*config, "clientPort", "a port, here or behind ';' of this server's own line");
  }
  if (config->min_session_timeout_ms <= 0)
    config->min_session_timeout_ms = 2 * config->tick_time_ms;
  if (config->max_session_timeout_ms <= 0)
    config->max_session_timeout_ms = 20 * config->tick_time_ms;
  if (config->min_session_timeout_ms > config->max_session_timeout_ms) {
    return absl::InvalidArgumentError(
        absl::StrCat(config->file, ": minSessionTimeout: expected at most maxSessionTimeout (",
                     config->max_session_timeout_ms, "), found ", config->min_session_timeout_ms));
  }
  if (config->disconnect_grace_ms > 0 && config->disconnect_grace_ms < kCalmGraceMs) {
    config->warnings.push_back(absl::StrCat(
        config->file, ": session.disconnectGraceMs: expected ", kCalmGraceMs, " or more, found ",
        config->disconnect_grace_ms,
        ": ZooKeeper's Java client sleeps up to a second before it reconnects, so sessions of "
        "clients that live may expire"));
  }
  if (!config->grpc.named && config->grpc.enabled) {
    config->grpc.host = config->client.host;
    // Beside a client port that is chosen freely, the gRPC port is too.
    const uint32_t port = config->client.port == 0 ? 0 : config->client.port + 1000u;
    config->grpc.port = static_cast<uint16_t>(port);
    config->grpc.enabled = port <= 65535;
    if (!config->grpc.enabled) {
      config->warnings.push_back(
          absl::StrCat(config->file, ": no gRPC port: clientPort + 1000 is ", port,
                       ", which is none: choose one with grpcPort, or say grpcPort=none"));
    }
  }
  if (!config->admin.named) config->admin.port = 8080;
  std::sort(config->servers.begin(), config->servers.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> KnownKeys() {
  std::vector<std::string> keys;
  for (const KeyRow& row : TakenKeys()) {
    const absl::string_view stem = absl::StripSuffix(row.name, "*");
    keys.push_back(stem == row.name ? row.name : absl::StrCat(stem, "1"));
  }
  return keys;
}

absl::StatusOr<Config> ParseConfig(const std::string& path, absl::string_view text,
                                   const ReadFileFunction& read_file) {
  Config config;
  config.file = path;
  for (const Property& property : ParseProperties(text)) {
    if (absl::StartsWith(property.key, "server.")) {
      ROOKERY_RETURN_IF_ERROR(TakeServer(path, property, &config));
      continue;
    }
    // ZooKeeper takes properties of its JVM with and without their prefix.
    Property plain = property;
    plain.key = std::string(absl::StripPrefix(property.key, "zookeeper."));
    const auto row = std::find_if(TakenKeys().begin(), TakenKeys().end(), [&](const KeyRow& one) {
      return MatchesKey(one.name, plain.key);
    });
    if (row == TakenKeys().end()) {
      ROOKERY_RETURN_IF_ERROR(JudgeOther(path, plain, &config));
      continue;
    }
    const absl::Status taken = row->take(plain.value, &config);
    if (!taken.ok()) return At(path, property, taken.message());
  }
  if (config.data_dir.empty()) return Missing(config, "dataDir", "a directory");
  ROOKERY_RETURN_IF_ERROR(TakeSaslUsers(read_file, &config));
  if (config.servers.empty()) {
    config.server_number = 1;
    config.servers.push_back({.number = 1, .host = "127.0.0.1"});
  } else {
    ROOKERY_RETURN_IF_ERROR(TakeMyId(read_file, &config));
    ROOKERY_RETURN_IF_ERROR(TakeClientPortOfOwnLine(&config));
  }
  ROOKERY_RETURN_IF_ERROR(FillIn(&config));
  return config;
}

absl::StatusOr<Config> LoadConfig(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, ": expected a configuration file (zoo.cfg), found none that can be read"));
  }
  ROOKERY_ASSIGN_OR_RETURN(Config config, ParseConfig(path, *text, ReadFile));
  namespace fs = std::filesystem;
  std::error_code ignored;
  const bool theirs = fs::exists(fs::path(config.data_dir) / "version-2", ignored);
  const bool ours = fs::exists(fs::path(config.data_log_dir) / "log", ignored);
  if (theirs && !ours) {
    return absl::InvalidArgumentError(absl::StrCat(
        config.file, ": dataDir: ", config.data_dir,
        "/version-2 holds the data of a ZooKeeper, which is not read: expected an empty directory; "
        "give this server its own dataDir, or move version-2 away to begin with an empty tree"));
  }
  return config;
}

}  // namespace rookery::config
