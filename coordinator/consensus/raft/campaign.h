// When to ask for votes after sure news that the leader's process is gone, without waiting for the
// election timeout (DESIGN section 5, "Losing the leader"). Pure.
#pragma once

#include <cstdint>

#include "coordinator/base/random.h"
#include "coordinator/consensus/consensus.h"

namespace rookery::consensus {

// One round trip between servers of one network, as long as nothing better is known.
inline constexpr int64_t kUsualRoundTripUs = 600;
inline constexpr int64_t kCampaignJitterUs = 200;
// A slow disk must not make the survivors wait longer than the election timeout would.
inline constexpr int64_t kCampaignUnitMaxUs = 30'000;

// Position of `self` by engine id among the voters without the lost leader, from 0.
int64_t CampaignRank(const Configuration& configuration, EngineId self, EngineId lost);

// What one rank costs: two syncs and a round trip, so that the first has won before the second
// asks.
int64_t CampaignUnitUs(int64_t usual_sync_us);

// Delay of the first campaign, and of each further one while there is no leader.
int64_t FirstCampaignDelayUs(int64_t rank, int64_t unit_us, Random& random);
int64_t NextCampaignDelayUs(int64_t rank, int64_t unit_us, Random& random);

}  // namespace rookery::consensus
