#include "coordinator/consensus/raft/campaign.h"

#include <algorithm>
#include <set>

namespace rookery::consensus {

int64_t CampaignRank(const Configuration& configuration, EngineId self, EngineId lost) {
  std::set<EngineId> voters(configuration.voters.begin(), configuration.voters.end());
  voters.insert(configuration.outgoing.begin(), configuration.outgoing.end());
  voters.erase(lost);
  return std::distance(voters.begin(), voters.lower_bound(self));
}

int64_t CampaignUnitUs(int64_t usual_sync_us) {
  return std::min(2 * usual_sync_us + kUsualRoundTripUs, kCampaignUnitMaxUs);
}

int64_t FirstCampaignDelayUs(int64_t rank, int64_t unit_us, Random& random) {
  return rank * unit_us + random.Between(0, kCampaignJitterUs);
}

int64_t NextCampaignDelayUs(int64_t rank, int64_t unit_us, Random& random) {
  return 3 * unit_us + FirstCampaignDelayUs(rank, unit_us, random);
}

}  // namespace rookery::consensus
