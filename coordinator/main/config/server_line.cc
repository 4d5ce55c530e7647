#include "coordinator/main/config/server_line.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/base/status_macros.h"

namespace rookery::config {
namespace {

constexpr char kForm[] = "host:quorumPort:electionPort[:participant][;[host:]clientPort]";

absl::Status Bad(absl::string_view value) {
  return absl::InvalidArgumentError(absl::StrCat("expected ", kForm, ", found '", value, "'"));
}

bool ParsePort(absl::string_view text, uint16_t* port) {
  uint32_t number = 0;
  if (!absl::SimpleAtoi(text, &number) || number == 0 || number > 65535) return false;
  *port = static_cast<uint16_t>(number);
  return true;
}

// Takes the host off the front: a name, or an IPv6 literal in brackets.
bool TakeHost(absl::string_view* text, std::string* host) {
  if (!text->empty() && text->front() == '[') {
    const size_t end = text->find("]:");
    if (end == absl::string_view::npos) return false;
    *host = std::string(text->substr(1, end - 1));
    text->remove_prefix(end + 2);
    return true;
  }
  const size_t colon = text->find(':');
  if (colon == absl::string_view::npos || colon == 0) return false;
  *host = std::string(text->substr(0, colon));
  text->remove_prefix(colon + 1);
  return true;
}

}  // namespace

absl::StatusOr<Address> ParseClientAddress(absl::string_view text) {
  const bool port_alone = text.find(':') == absl::string_view::npos;
  absl::StatusOr<Address> address =
      Address::Parse(port_alone ? absl::StrCat("0.0.0.0:", text) : std::string(text));
  if (!address.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected [host:]clientPort behind ';', found '", text, "'"));
  }
  if (address->host == "0.0.0.0") address->host.clear();
  return address;
}

absl::StatusOr<consensus::ServerLine> ParseServerLine(uint32_t number, absl::string_view value) {
  if (value.find('|') != absl::string_view::npos) {
    return absl::UnimplementedError(
        absl::StrCat("several addresses per server are not offered: expected ", kForm));
  }
  consensus::ServerLine line{.number = number};
  absl::string_view peer = value;
  if (const size_t semicolon = value.find(';'); semicolon != absl::string_view::npos) {
    peer = value.substr(0, semicolon);
    line.client_address = std::string(value.substr(semicolon + 1));
    ROOKERY_RETURN_IF_ERROR(ParseClientAddress(line.client_address).status());
  }
  if (!TakeHost(&peer, &line.host)) return Bad(value);
  const std::vector<absl::string_view> parts = absl::StrSplit(peer, ':');
  if (parts.size() < 2 || parts.size() > 3 || !ParsePort(parts[0], &line.quorum_port) ||
      !ParsePort(parts[1], &line.election_port)) {
    return Bad(value);
  }
  if (line.quorum_port == line.election_port) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected two different ports, found ", line.quorum_port, " twice"));
  }
  if (parts.size() == 3) {
    if (parts[2] == "observer") {
      return absl::UnimplementedError(
          "observers are not offered yet: make it a participant, or leave the line out");
    }
    if (parts[2] != "participant") return Bad(value);
  }
  return line;
}

std::string FormatServerLine(const consensus::ServerLine& line) {
  const std::string host =
      line.host.find(':') == std::string::npos ? line.host : absl::StrCat("[", line.host, "]");
  return absl::StrCat("server.", line.number, "=", host, ":", line.quorum_port, ":",
                      line.election_port, line.observer ? ":observer" : ":participant",
                      line.client_address.empty() ? "" : absl::StrCat(";", line.client_address));
}

}  // namespace rookery::config
