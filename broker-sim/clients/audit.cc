#include "broker-sim/clients/audit.h"

#include "absl/strings/str_cat.h"

namespace rookery::broker_sim {

Audit Compare(const Producer& producer, const Consumer& reader) {
  Audit audit;
  for (const Acknowledged& one : producer.acknowledged()) {
    ++audit.acknowledged;
    const auto partition = reader.records().find(one.partition);
    const auto offset = static_cast<size_t>(one.offset);
    const bool there = partition != reader.records().end() && offset < partition->second.size() &&
                       partition->second[offset].producer_id == one.producer_id &&
                       partition->second[offset].sequence == one.sequence &&
                       partition->second[offset].checksum == one.checksum;
    if (there) continue;
    if (audit.lost++ == 0) {
      audit.first_lost = absl::StrCat("record ", one.sequence, " of producer id ", one.producer_id,
                                      ", acknowledged at offset ", one.offset, " of ",
                                      producer.spec().topic, "-", one.partition);
    }
  }
  return audit;
}

}  // namespace rookery::broker_sim
