#include "coordinator/frontend/commands/numbers.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rookery::frontend {

std::string ModeOf(const service::EnsembleStatus& status) {
  if (status.members.size() <= 1) return "standalone";
  switch (status.state) {
    case service::ServerState::kLeading:
      return "leader";
    case service::ServerState::kObserving:
      return "observer";
    case service::ServerState::kFollowing:
    case service::ServerState::kLooking:
      return "follower";
  }
  return "follower";
}

std::string VersionText(const service::EnsembleStatus& status) {
  return absl::StrCat("3.9.5-rookery-", status.version, ", built on 2026-01-01 00:00 UTC");
}

std::string Decimal(double value) {
  std::string text = absl::StrFormat("%.4f", value);
  while (text.back() == '0' && text[text.size() - 2] != '.') text.pop_back();
  return text;
}

std::string Number(double value) {
  if (std::abs(value) < 9e15 && value == std::floor(value)) {
    return absl::StrCat(static_cast<int64_t>(value));
  }
  return Decimal(value);
}

Latency LatencyOf(const service::Statistics& statistics) {
  const service::Durations& reads = statistics.reads;
  const service::Durations& updates = statistics.updates;
  const uint64_t count = reads.count() + updates.count();
  Latency latency;
  if (count == 0) return latency;
  latency.max_ms = std::max(reads.max_us(), updates.max_us()) / 1000;
  latency.min_ms = (reads.count() == 0     ? updates.min_us()
                    : updates.count() == 0 ? reads.min_us()
                                           : std::min(reads.min_us(), updates.min_us())) /
                   1000;
  latency.avg_ms =
      static_cast<double>(reads.sum_us() + updates.sum_us()) / 1000 / static_cast<double>(count);
  return latency;
}

std::string BriefLine(const ClientLine& client) {
  return absl::StrCat(" /", client.peer, "[", client.reading ? 1 : 0, "](queued=", client.queued,
                      ",recved=", client.received, ",sent=", client.sent, ")");
}

std::string FullLine(const ClientLine& client) {
  std::string line = BriefLine(client);
  line.pop_back();
  if (client.session != 0) {
    absl::StrAppend(&line, ",sid=", model::ToHex(client.session), ",lop=", client.last_operation,
                    ",est=", client.established_ms, ",to=", client.timeout_ms);
    if (client.last_cxid >= 0) absl::StrAppend(&line, ",lcxid=", model::ToHex(client.last_cxid));
    absl::StrAppend(
        &line, ",lzxid=", model::ToHex(client.last_zxid), ",lresp=", client.last_response_ms,
        ",llat=", client.last_latency_ms, ",minlat=", client.min_latency_ms,
        ",avglat=", std::llround(client.avg_latency_ms), ",maxlat=", client.max_latency_ms);
  }
  return line + ")";
}

}  // namespace rookery::frontend
