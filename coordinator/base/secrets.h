// Bytes that nobody can guess, for what proves who somebody is (session passwords). Random is no
// source of them: whoever has seen two of its numbers in a row knows all that follow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "coordinator/base/random.h"

namespace rookery {

class SecretSource {
 public:
  virtual ~SecretSource() = default;
  virtual std::string Draw(size_t bytes) = 0;
};

// OpenSSL's generator, seeded by the operating system. Thread-safe; lives for the whole process,
// which ends if there is no chance to be had.
SecretSource& SystemSecrets();

// The same secrets from the same seed, for the simulator and for tests: nothing is secret about
// them.
class SeededSecrets final : public SecretSource {
 public:
  explicit SeededSecrets(uint64_t seed) : random_(seed) {}
  std::string Draw(size_t bytes) override;

 private:
  Random random_;
};

}  // namespace rookery
