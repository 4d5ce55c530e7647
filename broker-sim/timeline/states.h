// In what state the parts of a simulation are, as pictures show them.
#pragma once

namespace rookery::broker_sim {

enum class BrokerState { kDown, kStarting, kUp, kPaused };
enum class ServerState { kDown, kUp, kLeader, kCut };

}  // namespace rookery::broker_sim
