// How a run stands, for a live view.
#include "broker-sim/scenario/runner.h"

namespace rookery::broker_sim {

std::vector<ServerState> Runner::ServerStates() {
  std::vector<ServerState> states;
  for (int server = 1; ensemble_ != nullptr && server <= ensemble_->size(); ++server) {
    states.push_back(!ensemble_->running(server)     ? ServerState::kDown
                     : ensemble_->cut(server)        ? ServerState::kCut
                     : ensemble_->leader() == server ? ServerState::kLeader
                                                     : ServerState::kUp);
  }
  return states;
}

// Metadata as the observer sees it, which does not depend on a controller.
Picture Runner::TakePicture() {
  Picture picture;
  picture.title = scenario_.name + " over " + recording_.protocol;
  picture.servers = ServerStates();
  if (cluster_ != nullptr) cluster_->Describe(&picture);
  if (observer_ != nullptr) picture.view = observer_->view();
  return picture;
}

}  // namespace rookery::broker_sim
