#include "coordinator/consensus/members.h"
#include "coordinator/consensus/raft/raft_consensus.h"

namespace rookery::consensus {

absl::Status WriteFoundingLog(LogStore* log, const Configuration& configuration,
                              const std::string& state_directory) {
  LogWrite write;
  write.hard_state = HardState{.term = 1, .vote = 0, .commit = 1};
  write.position = LogPosition{.index = 1,
                               .term = 1,
                               .configuration = EncodeConfiguration(configuration),
                               .state_directory = state_directory};
  return log->Write({write});
}

}  // namespace rookery::consensus
