#include "coordinator/frontend/http/admin_router.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "coordinator/frontend/commands/admin_commands.h"

namespace rookery::frontend {
namespace {

HttpAnswer CommandList() {
  HttpAnswer answer{.content_type = "text/html; charset=utf-8"};
  for (const std::string& name : AdminCommandNames()) {
    absl::StrAppend(&answer.body, "<a href=\"/commands/", name, "\">", name, "</a>\n<br/>\n");
  }
  return answer;
}

HttpAnswer Metrics(const FactSources& sources) {
  MetricSet set;
  CollectMetrics(sources, &set);
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = PrometheusText(set)};
}

HttpAnswer Ready(const FactSources& sources) {
  if (sources.ensemble().serving) return {.body = "ok\n"};
  return {.status = 503, .body = "not serving: this server has no contact to a leader\n"};
}

}  // namespace

HttpRouter AdminRouter(FactSources sources) {
  return [sources = std::move(sources)](absl::string_view path) -> HttpAnswer {
    if (path == "/commands" || path == "/commands/") return CommandList();
    if (absl::ConsumePrefix(&path, "/commands/")) {
      return {.content_type = "application/json", .body = RunAdminCommand(path, sources)};
    }
    if (path == "/metrics") return Metrics(sources);
    if (path == "/livez") return {.body = "ok\n"};
    if (path == "/readyz") return Ready(sources);
    return {.status = 404, .body = "not found; try /commands, /metrics, /livez or /readyz\n"};
  };
}

}  // namespace rookery::frontend
