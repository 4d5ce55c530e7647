#include "coordinator/base/net/free_port.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>

namespace rookery {
namespace {

TEST(FreePortTest, GivesNoneTwiceAndNoneThatAConnectionCouldTake) {
  std::set<uint16_t> given;
  for (int i = 0; i < 500; ++i) {
    const uint16_t port = FreePort();
    EXPECT_GT(port, 1024);
    EXPECT_LT(port, 32'768);  // the first that Linux gives to outgoing connections
    EXPECT_TRUE(given.insert(port).second) << port;
  }
}

TEST(FreePortTest, LeavesOutOneOnWhichSomebodyListens) {
  const uint16_t before = FreePort();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(before + 1));
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_GE(fd, 0);
  // Taken by somebody else it serves as well.
  const bool ours =
      bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 && listen(fd, 1) == 0;
  EXPECT_NE(FreePort(), before + 1) << (ours ? "we listen there" : "somebody else does");
  close(fd);
}

}  // namespace
}  // namespace rookery
