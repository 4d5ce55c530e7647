#include "coordinator/base/net/free_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

#include "coordinator/base/random.h"

namespace rookery {
namespace {

constexpr uint32_t kFirst = 12'000;
constexpr uint32_t kCount = 20'000;

bool CanListen(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  address.sin_port = htons(port);
  const bool free = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return free;
}

}  // namespace

uint16_t FreePort() {
  // Each process walks from a place of its own, so that two seldom look at the same port at once.
  static std::atomic<uint32_t> next(static_cast<uint32_t>(Random(SeedFromSystem()).Below(kCount)));
  for (uint32_t tries = 0; tries < kCount; ++tries) {
    const auto port = static_cast<uint16_t>(kFirst + next.fetch_add(1) % kCount);
    if (CanListen(port)) return port;
  }
  return 0;
}

}  // namespace rookery
