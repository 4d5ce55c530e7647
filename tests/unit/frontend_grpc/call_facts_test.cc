#include "coordinator/frontend/grpc/pump/call_facts.h"

#include <gtest/gtest.h>

namespace rookery::frontend {
namespace {

// Administration is open to these and to the super identity, to nobody else.
TEST(CallFactsTest, KnowsTheOwnMachineByItsLoopbackAddresses) {
  for (const char* peer : {"127.0.0.1:4711", "127.9.8.7:1", "[::1]:2181", "[::ffff:127.0.0.1]:1"}) {
    EXPECT_TRUE(IsLoopback(PeerHost(peer))) << peer;
  }
  for (const char* peer : {"10.0.0.1:4711", "192.0.2.127:1", "[fd00::1]:1", "[::2]:1",
                           "1.127.0.0:1", "[::ffff:10.0.0.1]:127", ""}) {
    EXPECT_FALSE(IsLoopback(PeerHost(peer))) << peer;
  }
}

}  // namespace
}  // namespace rookery::frontend
