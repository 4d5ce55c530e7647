// The rows of the replicated state as a checkpoint or a damaged disk may hold them: sessions,
// ephemerals, tickets, counters. Input: any number of (key, value), each with its length in a byte.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "coordinator/base/check.h"
#include "coordinator/store/keys.h"
#include "coordinator/store/memory/memory_disk.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/one_server.h"

namespace {

using rookery::fuzz::OneServer;
namespace machine = rookery::machine;
namespace store = rookery::store;

constexpr char kState[] = "state-1";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rookery::fuzz::FuzzInput input(rookery::fuzz::Bytes(data, size));
  auto disk = std::make_shared<store::MemoryDisk>();
  store::MemoryDisk::Map map;
  while (!input.empty()) {
    std::string key = store::RowKey(input.Text());
    map[std::move(key)] = std::string(input.Text());
  }
  disk->SetState(kState, map);
  OneServer server(disk, kState);
  if (!server.machine().Recover().ok()) return 0;
  // What was taken is a state that can be saved, and comes back the same.
  const auto sessions = server.machine().Sessions();
  const uint64_t digest = server.machine().digest();
  server.Flush();
  OneServer again(disk, server.state_name());
  const absl::Status status = again.machine().Recover();
  ROOKERY_CHECK(status.ok()) << status;
  ROOKERY_CHECK(again.machine().digest() == digest);
  ROOKERY_CHECK(again.machine().applied_index() == server.machine().applied_index());
  ROOKERY_CHECK(again.machine().Sessions().size() == sessions.size());
  for (const machine::SessionView& session : sessions) {
    ROOKERY_CHECK(again.machine().EphemeralsOf(session.id) ==
                  server.machine().EphemeralsOf(session.id));
  }
  return 0;
}
