// A znode as it rests in the state base and in checkpoints.
#include <cstddef>
#include <cstdint>
#include <string>

#include "coordinator/base/check.h"
#include "coordinator/store/acl_pool.h"
#include "coordinator/store/node_codec.h"
#include "tests/fuzz/fuzz_input.h"

namespace store = rookery::store;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto node = store::DecodeNode(rookery::fuzz::Bytes(data, size));
  if (!node.ok()) return 0;
  std::string first;
  store::EncodeNode(*node, &first);
  const auto again = store::DecodeNode(first);
  ROOKERY_CHECK(again.ok());
  std::string second;
  store::EncodeNode(*again, &second);
  ROOKERY_CHECK(first == second);
  ROOKERY_CHECK(store::NodeHash("/a", *node) == store::NodeHash("/a", *again));
  (void)node->ToStat();
  store::AclPool pool;
  ROOKERY_CHECK(*pool.Intern(node->acl) == *again->acl);
  return 0;
}
