#include "tools/rookery/bench/report.h"

#include <boost/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/model/error_code.h"

namespace rookery::tools::bench {
namespace {

namespace json = boost::json;

constexpr struct {
  const char* name;
  double quantile;
} kQuantiles[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}};

const char* OpName(Op op) {
  switch (op) {
    case Op::kSet:
      return "set";
    case Op::kGet:
      return "get";
    case Op::kCreate:
      return "create";
  }
  return "";
}

std::string ErrorText(int32_t code) {
  return std::string(model::ErrorName(static_cast<model::ErrorCode>(code)));
}

json::object GapObject(const Gap& gap) {
  return {{"begin_ms", gap.begin_wall_ms}, {"length_ms", gap.length_ms}};
}

}  // namespace

std::string LoadText(const LoadResult& result) {
  std::string text =
      absl::StrFormat("%d operations in %.2f s: %.0f per second\n", result.operations,
                      result.seconds, result.OperationsPerSecond());
  absl::StrAppendFormat(&text, "latency in us: mean %.0f", result.latency_ns.mean() / 1000);
  for (const auto& [name, quantile] : kQuantiles) {
    absl::StrAppendFormat(&text, ", %s %.0f", name, result.latency_ns.Quantile(quantile) / 1e3);
  }
  absl::StrAppendFormat(&text, ", max %.0f\n", result.latency_ns.max() / 1e3);
  for (const auto& [code, count] : result.errors) {
    absl::StrAppendFormat(&text, "%d answers were errors: %s (%d)\n", count, ErrorText(code), code);
  }
  return text;
}

std::string LoadJson(const LoadOptions& options, const LoadResult& result) {
  json::object latency = {{"mean", result.latency_ns.mean() / 1000}};
  for (const auto& [name, quantile] : kQuantiles) {
    latency[name] = result.latency_ns.Quantile(quantile) / 1e3;
  }
  latency["max"] = result.latency_ns.max() / 1e3;
  json::object errors;
  for (const auto& [code, count] : result.errors) errors[ErrorText(code)] = count;
  return json::serialize(json::object{{"op", OpName(options.op)},
                                      {"connections", options.connections},
                                      {"inflight", options.inflight},
                                      {"threads", options.threads},
                                      {"size", options.size},
                                      {"operations", result.operations},
                                      {"seconds", result.seconds},
                                      {"operations_per_second", result.OperationsPerSecond()},
                                      {"latency_us", latency},
                                      {"errors", errors}});
}

std::string OneGapText(const Gap& gap) {
  return absl::StrFormat("no write acknowledged for %.1f ms from %d.%03d", gap.length_ms,
                         gap.begin_wall_ms / 1000, gap.begin_wall_ms % 1000);
}

std::string GapText(const GapResult& result) {
  return absl::StrFormat(
      "longest pause %.1f ms; of one client %.1f ms\n"
      "%d writes acknowledged, %d lost with a connection, %d refused; %d disconnects, "
      "%d expired sessions\n",
      result.longest.length_ms, result.longest_of_one_client_ms, result.acknowledged, result.lost,
      result.refused, result.disconnects, result.expired_sessions);
}

std::string GapJson(const GapOptions& options, const GapResult& result) {
  json::array gaps;
  for (const Gap& gap : result.gaps) gaps.push_back(GapObject(gap));
  json::object disconnects;
  for (const auto& [server, count] : result.disconnects_by_server) disconnects[server] = count;
  return json::serialize(
      json::object{{"connections", options.connections},
                   {"inflight", options.inflight},
                   {"seconds", options.seconds},
                   {"acknowledged", result.acknowledged},
                   {"lost", result.lost},
                   {"refused", result.refused},
                   {"disconnects", result.disconnects},
                   {"disconnects_by_server", disconnects},
                   {"expired_sessions", result.expired_sessions},
                   {"verified", result.verified},
                   {"missing", result.missing},
                   {"doubled", result.doubled},
                   {"versions", json::value_from(result.versions)},
                   {"longest_gap", GapObject(result.longest)},
                   {"longest_gap_of_one_client_ms", result.longest_of_one_client_ms},
                   {"gaps", gaps}});
}

}  // namespace rookery::tools::bench
