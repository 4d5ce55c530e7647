#include "tools/rookery/acls/acls.h"
#include "tools/rookery/backup/commands.h"
#include "tools/rookery/bench/command.h"
#include "tools/rookery/brokers/brokers.h"
#include "tools/rookery/configs/configs.h"
#include "tools/rookery/doctor/command.h"
#include "tools/rookery/ensemble/ensemble.h"
#include "tools/rookery/ensemble/status.h"
#include "tools/rookery/events/command.h"
#include "tools/rookery/reassign/commands.h"
#include "tools/rookery/recipes/commands.h"
#include "tools/rookery/subcommand.h"
#include "tools/rookery/topics/topics.h"
#include "tools/rookery/whatif/command.h"

namespace rookery::tools {

const std::vector<Subcommand>& Subcommands() {
  static const std::vector<Subcommand> subcommands = {
      {"status", "servers of the ensemble: roles, zxid, lag, sessions", ensemble::DefineStatus},
      {"ensemble", "change the ensemble: add, rejoin, transfer", ensemble::DefineEnsemble},
      {"backup", "copy the state of a running server, verified", backup::DefineBackup},
      {"restore", "make a data directory of a backup", backup::DefineRestore},
      {"brokers", "Kafka's brokers, endpoints, racks, and the controller", brokers::DefineBrokers},
      {"topics", "Kafka's topics: list, describe, create, delete", topics::DefineTopics},
      {"configs", "configurations and quotas of topics, clients, users, brokers and ips",
       configs::DefineConfigs},
      {"acls", "who may do what: list, add, remove", acls::DefineAcls},
      {"reassign", "move replicas: plan, execute, verify, list", reassign::DefineReassign},
      {"leader-election", "have preferred replicas lead again", reassign::DefineLeaderElection},
      {"events", "what happens to the Kafka cluster, as it happens", events::DefineEvents},
      {"doctor", "what is wrong with the cluster's metadata, and what mends it",
       doctor::DefineDoctor},
      {"whatif", "what would be lost if brokers went down", whatif::DefineWhatif},
      {"lock", "run a command while holding a lock", recipes::DefineLock},
      {"elect", "run a command while leading", recipes::DefineElect},
      {"watch", "print the changes of a node, or run a command for each", recipes::DefineWatch},
      {"register", "let a service be found while a command runs", recipes::DefineRegister},
      {"resolve", "where a service is", recipes::DefineResolve},
      {"bench", "load for measurements: throughput, latency, pauses", bench::DefineBench},
  };
  return subcommands;
}

}  // namespace rookery::tools
