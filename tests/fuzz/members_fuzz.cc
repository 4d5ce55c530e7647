// Who belongs to the ensemble: founding and member lists, contexts of changes, configurations.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/consensus/members.h"
#include "coordinator/consensus/peer/hello.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

using namespace rookery::consensus;  // NOLINT: a fuzz target, and nobody includes it

MemberList TwoMembers() {
  MemberList list;
  list.rows = {{.engine_id = 1, .server_number = 1, .host = "a", .disk_id = 11},
               {.engine_id = 2, .server_number = 2, .host = "b", .disk_id = 12}};
  list.next_engine_id = 3;
  return list;
}

// A list that changes made is one that can be read back.
void ExpectWhole(const MemberList& list) {
  const auto again = DecodeMemberList(EncodeMemberList(list));
  ROOKERY_CHECK(again.ok() && *again == list) << again.status();
}

void ChangeBy(absl::string_view context) {
  MemberList list = TwoMembers();
  const Configuration configuration = {.voters = {1, 2}, .learners = {3, 4}};
  if (ApplyConfiguration(&list, configuration, context).ok()) {
    ExpectWhole(list);
  } else {
    ROOKERY_CHECK(list == TwoMembers()) << "a refused change left something behind";
  }
  list = TwoMembers();
  if (UpdateMembers(&list, context).ok()) {
    ExpectWhole(list);
  } else {
    ROOKERY_CHECK(list == TwoMembers()) << "a refused change left something behind";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = rookery::fuzz::Bytes(data, size);
  if (const auto list = DecodeFoundingList(bytes); list.ok()) {
    ROOKERY_CHECK(EncodeFoundingList(*list) == bytes);
    ExpectWhole(FoundingMembers(*list));
  }
  if (const auto list = DecodeMemberList(bytes); list.ok()) {
    ROOKERY_CHECK(EncodeMemberList(*list) == bytes);
  }
  if (const auto rows = DecodeMemberContext(bytes); rows.ok()) {
    const auto again = DecodeMemberContext(EncodeMemberContext(*rows));
    ROOKERY_CHECK(again.ok() && *again == *rows);
  }
  if (const auto configuration = DecodeConfiguration(bytes); configuration.ok()) {
    const auto again = DecodeConfiguration(EncodeConfiguration(*configuration));
    ROOKERY_CHECK(again.ok() && *again == *configuration);
    MemberList list = TwoMembers();
    if (ApplyConfiguration(&list, *configuration, "").ok()) ExpectWhole(list);
  }
  ChangeBy(bytes);
  return 0;
}
