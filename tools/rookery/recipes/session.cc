#include "tools/rookery/recipes/session.h"

#include "coordinator/base/status_macros.h"
#include "coordinator/client/factory/client_factory.h"

namespace rookery::tools::recipes {

absl::StatusOr<std::unique_ptr<client::BlockingClient>> Open(const GlobalOptions& global,
                                                             int session_timeout_ms) {
  ROOKERY_ASSIGN_OR_RETURN(const client::Protocol protocol, client::ParseProtocol(global.protocol));
  client::Options options;
  options.request_timeout_ms = 0;
  options.session_timeout_ms = session_timeout_ms;
  if (!global.login.empty()) options.credentials.push_back({"sasl", global.login});
  return client::OpenBlockingClient(protocol, global.servers, std::move(options),
                                    global.timeout_ms);
}

}  // namespace rookery::tools::recipes
