#include "tools/rookery/ensemble/server_report.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "coordinator/client/four_letter_word.h"

namespace rookery::tools::ensemble {
namespace {

std::optional<int64_t> ToNumber(absl::string_view text) {
  int64_t number = 0;
  if (absl::ConsumePrefix(&text, "0x")) {
    uint64_t bits = 0;
    if (!absl::SimpleHexAtoi(text, &bits)) return std::nullopt;
    return static_cast<int64_t>(bits);
  }
  if (!absl::SimpleAtoi(text, &number)) return std::nullopt;
  return number;
}

}  // namespace

void ReadServerReport(absl::string_view srvr, absl::string_view mntr, absl::string_view conf,
                      ServerReport* report) {
  for (absl::string_view line : absl::StrSplit(srvr, '\n')) {
    if (absl::ConsumePrefix(&line, "Mode: ")) {
      report->role = std::string(line);
    } else if (absl::ConsumePrefix(&line, "Zxid: ")) {
      report->zxid = ToNumber(line);
    } else if (absl::ConsumePrefix(&line, "Connections: ")) {
      report->connections = ToNumber(line);
    } else if (absl::ConsumePrefix(&line, "Node count: ")) {
      report->nodes = ToNumber(line);
    } else if (absl::ConsumePrefix(&line, "Zookeeper version: ")) {
      report->version = std::string(line.substr(0, line.find(',')));
    }
  }
  for (absl::string_view line : absl::StrSplit(mntr, '\n')) {
    if (absl::ConsumePrefix(&line, "zk_global_sessions\t")) report->sessions = ToNumber(line);
  }
  for (absl::string_view line : absl::StrSplit(conf, '\n')) {
    if (absl::ConsumePrefix(&line, "grpcPort=")) {
      report->grpc_port = ToNumber(line);
    } else if (absl::ConsumePrefix(&line, "admin.serverPort=")) {
      report->admin_port = ToNumber(line);
    }
  }
  if (report->role != "down") return;
  report->role = "unknown";
  if (absl::StrContains(srvr, "not currently serving")) {
    report->role = "not serving";
  } else if (absl::StrContains(srvr, "not in the whitelist")) {
    report->problem = "srvr is not in 4lw.commands.whitelist";
  }
}

ServerReport AskServer(const Address& address, int64_t timeout_ms) {
  ServerReport report;
  report.address = address;
  const auto srvr = client::AskFourLetterWord(address, "srvr", timeout_ms);
  if (!srvr.ok()) {
    report.problem = std::string(srvr.status().message());
    return report;
  }
  const auto mntr = client::AskFourLetterWord(address, "mntr", timeout_ms);
  const auto conf = client::AskFourLetterWord(address, "conf", timeout_ms);
  ReadServerReport(*srvr, mntr.ok() ? *mntr : "", conf.ok() ? *conf : "", &report);
  return report;
}

}  // namespace rookery::tools::ensemble
