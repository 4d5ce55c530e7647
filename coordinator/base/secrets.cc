#include "coordinator/base/secrets.h"

#include <openssl/err.h>
#include <openssl/rand.h>

#include "absl/strings/str_cat.h"
#include "coordinator/base/fatal.h"

namespace rookery {
namespace {

class OpenSslSecrets final : public SecretSource {
 public:
  std::string Draw(size_t bytes) override {
    std::string secret(bytes, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(secret.data()), static_cast<int>(bytes)) != 1) {
      EndProcess(absl::StrCat("no random bytes for a session's password: OpenSSL error ",
                              ERR_get_error(), "; expected a working /dev/urandom"));
    }
    return secret;
  }
};

}  // namespace

SecretSource& SystemSecrets() {
  static OpenSslSecrets secrets;
  return secrets;
}

std::string SeededSecrets::Draw(size_t bytes) {
  std::string secret;
  secret.reserve(bytes);
  while (secret.size() < bytes) secret.push_back(static_cast<char>(random_.Next() >> 56));
  return secret;
}

}  // namespace rookery
