// Our own file calls, done for real and written down. Syncs are only written down: what they are
// good for is crash_images.h's business.
#pragma once

#include <memory>

#include "coordinator/base/disk/disk.h"
#include "tests/lost_writes/journal.h"

namespace rookery::lost_writes {

// `journal` outlives the disk.
std::unique_ptr<Disk> MakeJournalDisk(Journal* journal);

}  // namespace rookery::lost_writes
