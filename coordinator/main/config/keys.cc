#include "coordinator/main/config/keys.h"

#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "coordinator/base/status_macros.h"

namespace rookery::config {
namespace {

// A day, and a million of them: what is multiplied with each other and with 20 stays a number.
constexpr int64_t kTickTimeMsMax = 24 * 60 * 60 * 1000;
constexpr int64_t kTicksMax = 1'000'000;
constexpr int64_t kDayMs = 24 * 60 * 60 * 1000;
constexpr int64_t kContainersPerMinuteMax = 1'000'000;

using Take = std::function<absl::Status(const std::string&, Config*)>;

absl::Status Expected(absl::string_view what, absl::string_view found) {
  return absl::InvalidArgumentError(absl::StrCat("expected ", what, ", found '", found, "'"));
}

// A whole number between `low` and `high`.
template <typename Number>
Take Whole(Number Config::* field, int64_t low,
           int64_t high = std::numeric_limits<int32_t>::max()) {
  return [=](const std::string& value, Config* config) {
    int64_t number = 0;
    if (!absl::SimpleAtoi(value, &number) || number < low || number > high) {
      return Expected(absl::StrCat("a whole number from ", low, " to ", high), value);
    }
    config->*field = static_cast<Number>(number);
    return absl::OkStatus();
  };
}

Take Flag(bool Config::* field) {
  return [=](const std::string& value, Config* config) {
    const std::string lower = absl::AsciiStrToLower(value);
    if (lower != "true" && lower != "false" && lower != "yes" && lower != "no") {
      return Expected("true or false", value);
    }
    config->*field = lower == "true" || lower == "yes";
    return absl::OkStatus();
  };
}

Take Text(std::string Config::* field) {
  return [=](const std::string& value, Config* config) {
    if (value.empty()) return Expected("a value", value);
    config->*field = value;
    return absl::OkStatus();
  };
}

Take PortNumber(Port Config::* field, bool may_be_none) {
  return [=](const std::string& value, Config* config) {
    Port& port = config->*field;
    if (may_be_none && value == "none") {
      port.enabled = false;
      return absl::OkStatus();
    }
    uint32_t number = 0;
    if (!absl::SimpleAtoi(value, &number) || number > 65535) {
      return Expected(
          absl::StrCat("a port from 1 to 65535, 0 for a free one", may_be_none ? ", or none" : ""),
          value);
    }
    port.port = static_cast<uint16_t>(number);
    port.named = true;
    return absl::OkStatus();
  };
}

Take PortHost(Port Config::* field) {
  return [=](const std::string& value, Config* config) {
    (config->*field).host = value == "0.0.0.0" ? "" : value;
    return absl::OkStatus();
  };
}

absl::Status TakeWords(const std::string& value, Config* config) {
  config->four_letter_words.clear();
  for (const absl::string_view word : absl::StrSplit(value, ',')) {
    const absl::string_view plain = absl::StripAsciiWhitespace(word);
    if (!plain.empty()) config->four_letter_words.insert(std::string(plain));
  }
  return absl::OkStatus();
}

absl::Status TakeSuperUser(const std::string& value, Config* config) {
  if (value.empty()) return Expected("a user", value);
  config->sasl_super_users.insert(value);
  return absl::OkStatus();
}

absl::Status TakeAuthProvider(const std::string& value, Config* config) {
  constexpr absl::string_view kSasl = "org.apache.zookeeper.server.auth.SASLAuthenticationProvider";
  if (value != kSasl) {
    return absl::InvalidArgumentError(absl::StrCat("authentication plug-ins other than ", kSasl,
                                                   " are not offered: remove the line"));
  }
  config->wants_sasl = true;
  return absl::OkStatus();
}

absl::Status TakeMemory(const std::string& value, Config* config) {
  absl::string_view digits = value;
  uint64_t unit = 1;
  for (const auto& [suffix, bytes] :
       {std::pair<absl::string_view, uint64_t>{"k", 1u << 10}, {"m", 1u << 20}, {"g", 1u << 30}}) {
    if (absl::EndsWithIgnoreCase(digits, suffix)) {
      digits.remove_suffix(suffix.size());
      unit = bytes;
      break;
    }
  }
  uint64_t number = 0;
  constexpr uint64_t kLeast = 32ull << 20;
  constexpr uint64_t kMost = uint64_t{1} << 50;
  if (!absl::SimpleAtoi(digits, &number) || number > kMost / unit || number * unit < kLeast) {
    return Expected("bytes, at least 32m, as in 512m or 4g", value);
  }
  config->memory_budget_bytes = number * unit;
  return absl::OkStatus();
}

absl::Status TakeLogLevel(const std::string& value, Config* config) {
  const std::string lower = absl::AsciiStrToLower(value);
  if (lower != "debug" && lower != "info" && lower != "warn" && lower != "error") {
    return Expected("debug, info, warn or error", value);
  }
  config->log_level = lower;
  return absl::OkStatus();
}

}  // namespace

const std::vector<KeyRow>& TakenKeys() {
  static const auto& rows = *new std::vector<KeyRow>{
      {"dataDir", Text(&Config::data_dir)},
      {"dataLogDir", Text(&Config::data_log_dir)},
      {"clientPort", PortNumber(&Config::client, false)},
      {"clientPortAddress", PortHost(&Config::client)},
      {"tickTime", Whole(&Config::tick_time_ms, 10, kTickTimeMsMax)},
      {"initLimit", Whole(&Config::init_limit_ticks, 1, kTicksMax)},
      {"syncLimit", Whole(&Config::sync_limit_ticks, 1, kTicksMax)},
      {"minSessionTimeout", Whole(&Config::min_session_timeout_ms, -1)},
      {"maxSessionTimeout", Whole(&Config::max_session_timeout_ms, -1)},
      {"maxClientCnxns", Whole(&Config::max_client_connections_per_ip, 0)},
      {"maxCnxns", Whole(&Config::max_client_connections, 0)},
      {"jute.maxbuffer", Whole(&Config::frame_bytes_max, 1024, 1 << 30)},
      {"4lw.commands.whitelist", TakeWords},
      {"skipACL", Flag(&Config::skip_acl)},
      {"enforceQuota", Flag(&Config::enforce_quota)},
      {"DigestAuthenticationProvider.enabled", Flag(&Config::digest_enabled)},
      {"DigestAuthenticationProvider.superDigest", Text(&Config::super_digest)},
      {"authProvider.*", TakeAuthProvider},
      {"sasl.serverconfig", Text(&Config::jaas_section)},
      {"superUser", TakeSuperUser},
      {"superUser.*", TakeSuperUser},
      {"SASLAuthenticationProvider.superPassword", Text(&Config::sasl_super_password)},
      {"allowSaslFailedClients", Flag(&Config::keep_sasl_failed_clients)},
      {"znode.container.checkIntervalMs", Whole(&Config::container_check_interval_ms, 1, kDayMs)},
      {"znode.container.maxPerMinute",
       Whole(&Config::containers_per_minute_max, 1, kContainersPerMinuteMax)},
      {"znode.container.maxNeverUsedIntervalMs",
       Whole(&Config::container_never_used_ms, 0, 1000 * kDayMs)},
      {"forceSync", Flag(&Config::force_sync)},
      {"admin.serverPort", PortNumber(&Config::admin, false)},
      {"admin.serverAddress", PortHost(&Config::admin)},
      {"admin.enableServer",
       [](const std::string& value, Config* config) {
         if (value != "true" && value != "false") return Expected("true or false", value);
         config->admin.enabled = value == "true";
         return absl::OkStatus();
       }},
      // Our own.
      {"grpcPort", PortNumber(&Config::grpc, true)},
      {"grpcPortAddress", PortHost(&Config::grpc)},
      {"quorumListenAddress", Text(&Config::quorum_listen_address)},
      {"memoryBudget", TakeMemory},
      {"sasl.usersFile", Text(&Config::sasl_users_file)},
      {"jaas.config", Text(&Config::jaas_file)},
      {"session.disconnectGraceMs", Whole(&Config::disconnect_grace_ms, 0)},
      {"preload.kafka", Flag(&Config::preload_kafka)},
      {"log.level", TakeLogLevel},
      {"verify.periodSeconds", Whole(&Config::verify_period_s, 0)},
  };
  return rows;
}

const std::vector<std::string>& IgnoredKeys() {
  static const auto& keys = *new std::vector<std::string>{"clientPortListenBacklog",
                                                          "globalOutstandingLimit",
                                                          "snapCount",
                                                          "commitLogCount",
                                                          "preAllocSize",
                                                          "snapSizeLimitInKb",
                                                          "txnLogSizeLimitInKb",
                                                          "autopurge.*",
                                                          "fsync.warningthresholdms",
                                                          "metricsProvider.*",
                                                          "admin.idleTimeout",
                                                          "admin.commandURL",
                                                          "standaloneEnabled",
                                                          "electionAlg",
                                                          "leaderServes",
                                                          "cnxTimeout",
                                                          "connectToLearnerMasterLimit",
                                                          "quorumListenOnAllIPs",
                                                          "syncEnabled",
                                                          "flushDelay",
                                                          "maxBatchSize",
                                                          "maxResponseCacheSize",
                                                          "maxGetChildrenResponseCacheSize",
                                                          "digest.enabled",
                                                          "audit.enable",
                                                          "serverCnxnFactory",
                                                          "fips-mode",
                                                          "ssl.*",
                                                          "jute.maxbuffer.extrasize",
                                                          "largeRequestMaxBytes",
                                                          "largeRequestThreshold",
                                                          "requestThrottler.*",
                                                          "throttled_op_wait_time",
                                                          "watchManagerName",
                                                          "snapshot.*",
                                                          "tcpKeepAlive",
                                                          "clientPortBindRetry",
                                                          "jaasLoginRenew",
                                                          "kerberos.*",
                                                          "maxTimeToWaitForEpoch",
                                                          "ipReachableTimeout",
                                                          "netty.*",
                                                          "nio.*",
                                                          "quorum.cnxn.threads.size",
                                                          "quorum.auth.*",
                                                          "X509AuthenticationProvider.*",
                                                          "admin.needClientAuth",
                                                          "admin.portUnification",
                                                          "serializeLastProcessedZxid.enabled"};
  return keys;
}

const std::vector<RefusedKey>& RefusedKeys() {
  static const auto& keys = *new std::vector<RefusedKey>{
      {"secureClientPort", "TLS for clients is not offered yet"},
      {"secureClientPortAddress", "TLS for clients is not offered yet"},
      {"client.portUnification", "TLS for clients is not offered yet"},
      {"sslQuorum", "TLS between servers is not offered yet"},
      {"portUnification", "TLS between servers is not offered yet"},
      {"enforce.auth.enabled", "enforced authentication is not offered yet"},
      {"enforce.auth.schemes", "enforced authentication is not offered yet"},
      {"sessionRequireClientSASLAuth", "enforced SASL is not offered yet"},
      {"requireClientAuthScheme", "enforced SASL is not offered yet"},
      {"ensembleAuthName", "the ensemble authentication is not offered"},
      {"letAnySaslUserDoX", "an identity that any user has is not offered"},
      {"quorum.auth.enableSasl", "SASL between servers is not offered"},
      {"quorum.auth.learnerRequireSasl", "SASL between servers is not offered"},
      {"quorum.auth.serverRequireSasl", "SASL between servers is not offered"},
      {"admin.forceHttps", "HTTPS for administration is not offered yet"},
      {"oraclePath", "an oracle for ensembles of two is not offered"},
      {"enableEagerACLCheck", "eager ACL checks are not offered"},
      {"DigestAuthenticationProvider.digestAlg", "only SHA1 digests are offered"},
      {"dynamicConfigFile", "the members are replicated: put the server.N lines into this file"},
      {"reconfigEnabled", "members are changed by `rookery ensemble`, not by reconfig"},
      {"peerType", "observers are not offered yet"},
      {"observerMasterPort", "observers are not offered yet"},
      {"group.*", "hierarchical quorums are not offered"},
      {"weight.*", "weighted quorums are not offered"},
      {"localSessionsEnabled", "local sessions are not offered"},
      {"localSessionsUpgradingEnabled", "local sessions are not offered"},
      {"extendedTypesEnabled", "TTL nodes are not offered yet"},
      {"readonlymode.enabled", "the read-only mode is not offered yet"},
      {"multiAddress.enabled", "several addresses per server are not offered"},
  };
  return keys;
}

bool MatchesKey(absl::string_view pattern, absl::string_view name) {
  if (absl::ConsumeSuffix(&pattern, "*")) return absl::StartsWith(name, pattern);
  return pattern == name;
}

}  // namespace rookery::config
