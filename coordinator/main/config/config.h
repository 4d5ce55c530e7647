// A server's configuration: ZooKeeper's zoo.cfg as it is, with our own keys as further lines
// (DESIGN section 6). deploy/zoo.cfg.example lists every key.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/network.h"
#include "coordinator/consensus/members.h"

namespace rookery::config {

// A port to listen on. `named` says whether the file asked for it: a port that nobody asked for and
// that is busy warns, one that was asked for ends the server.
struct Port {
  bool enabled = true;
  std::string host;   // empty: every address
  uint16_t port = 0;  // 0: a free one
  bool named = false;
};

struct Config {
  std::string file;
  std::string data_dir;
  std::string data_log_dir;  // data_dir where the file does not say

  Port client;
  Port grpc;
  Port admin;

  int32_t tick_time_ms = 3000;
  int32_t init_limit_ticks = 10;
  int32_t sync_limit_ticks = 5;
  int32_t min_session_timeout_ms = 0;  // filled in: 2 and 20 ticks
  int32_t max_session_timeout_ms = 0;
  int32_t disconnect_grace_ms = 0;  // of clients whose side ended the connection; 0: their timeout

  // znode.container.*: when the leader looks for empty containers, how many it deletes, and after
  // how long those that never had a child; 0: never.
  int32_t container_check_interval_ms = 60'000;
  int32_t containers_per_minute_max = 10'000;
  int64_t container_never_used_ms = 0;

  uint32_t max_client_connections_per_ip = 60;  // 0: no limit
  uint32_t max_client_connections = 0;
  size_t frame_bytes_max = 0xfffff;  // jute.maxbuffer
  std::set<std::string> four_letter_words = {"srvr"};

  bool skip_acl = false;
  bool enforce_quota = false;
  bool digest_enabled = true;
  std::string super_digest;

  // Logins. Offered if one of the files is named.
  std::string sasl_users_file;
  std::string jaas_file;
  std::string jaas_section = "Server";
  std::map<std::string, std::string> sasl_passwords;  // by user; read from the files
  std::string sasl_super_password;                    // of the user `super`; empty: as in the files
  std::set<std::string> sasl_super_users;
  bool keep_sasl_failed_clients = false;
  bool wants_sasl = false;  // an authProvider line asks for it

  // One entry for a lone server without server.N lines: number 0, ports 0.
  uint32_t server_number = 0;
  std::vector<consensus::ServerLine> servers;

  bool force_sync = true;
  uint64_t memory_budget_bytes = 512ull << 20;
  bool preload_kafka = true;
  std::string log_level = "info";
  std::string quorum_listen_address;    // where the peers' ports listen; empty: every address
  int32_t verify_period_s = 24 * 3600;  // between passes over the whole state; 0: none

  // What the server says in its log after the start: unknown keys, keys without a meaning here.
  std::vector<std::string> warnings;

  bool IsEnsemble() const { return servers.size() > 1; }
  bool OffersSasl() const { return !sasl_users_file.empty() || !jaas_file.empty(); }
};

// InvalidArgument: "file:line: key: expected ..., found ...", one line to print; exit status 2.
absl::StatusOr<Config> LoadConfig(const std::string& path);

// The text of a file by its path; not OK if it cannot be read.
using ReadFileFunction = std::function<absl::StatusOr<std::string>(const std::string& path)>;

// The text of a file that lies at `path` for messages; the files that it names (myid, users) are
// read by `read_file`. LoadConfig without the disk.
absl::StatusOr<Config> ParseConfig(const std::string& path, absl::string_view text,
                                   const ReadFileFunction& read_file);

// Every key that means something here, for tests of the documents; "x.1" stands for all "x.*".
std::vector<std::string> KnownKeys();

}  // namespace rookery::config
