// The persistent roots of Kafka's layout that a coordinator may create before the first broker
// comes.
#pragma once

#include <string>
#include <vector>

namespace rookery::kafka {

// Parents before children; all hold null data under the open ACL. Exactly the fourteen paths that
// every Kafka broker makes at its start, and their parents (kafka-on-zookeeper 1.7, 1.8).
//
// /controller and /brokers/ids/<n> are slots, never preloaded: a persistent /controller would stop
// every election for ever, and a registration would meet a node that is not its own.
const std::vector<std::string>& PreloadPaths();

// The fourteen alone, in the order in which a broker tries to create them.
const std::vector<std::string>& RootPaths();

}  // namespace rookery::kafka
