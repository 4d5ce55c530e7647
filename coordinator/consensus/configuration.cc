#include <algorithm>

#include "coordinator/consensus/consensus.h"

namespace rookery::consensus {
namespace {

bool Has(const std::vector<EngineId>& ids, EngineId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

bool Configuration::IsVoter(EngineId id) const { return Has(voters, id) || Has(outgoing, id); }

bool Configuration::Contains(EngineId id) const {
  return IsVoter(id) || Has(learners, id) || Has(learners_next, id);
}

}  // namespace rookery::consensus
