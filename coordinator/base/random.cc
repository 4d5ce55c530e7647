#include "coordinator/base/random.h"

#include <random>

namespace rookery {

uint64_t SeedFromSystem() {
  std::random_device device;
  return (static_cast<uint64_t>(device()) << 32) | device();
}

}  // namespace rookery
