#include "tests/sim/clients/final_state.h"

#include <string>
#include <utility>

namespace rookery::sim {

void ReadFinalState(uint32_t server, service::Service* service, const machine::Machine* machine,
                    std::function<void(absl::StatusOr<FinalState>)> done) {
  service->OpenView(
      [server, machine, done = std::move(done)](absl::StatusOr<service::Service::FrozenTree> tree) {
        if (!tree.ok()) return done(tree.status());
        FinalState state{.server = server,
                         .index = machine->applied_index(),
                         .zxid = tree->zxid,
                         .digest = machine->digest()};
        const absl::Status scanned =
            tree->view->Scan("/", "", [&](absl::string_view path, const store::Node& node) {
              FinalNode& to = state.nodes[std::string(path)];
              to.data = node.data;
              to.stat = node.ToStat();
              return true;
            });
        if (!scanned.ok()) return done(scanned);
        state.sessions.emplace();
        for (const machine::SessionView& session : machine->Sessions()) {
          state.sessions->push_back(session.id);
        }
        done(std::move(state));
      });
}

}  // namespace rookery::sim
