#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/kafka/config.h"

namespace rookery::kafka {
namespace {

constexpr int32_t kIterationsMin = 4096;
constexpr int32_t kIterationsMax = 16384;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string Hmac(const EVP_MD* hash, absl::string_view key, absl::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  unsigned int size = 0;
  ROOKERY_CHECK(HMAC(hash, key.data(), static_cast<int>(key.size()), Bytes(text), text.size(),
                     bytes.data(), &size) != nullptr)
      << "the cryptographic library refused an HMAC";
  return std::string(bytes.begin(), bytes.begin() + size);
}

std::string Digest(const EVP_MD* hash, absl::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  unsigned int size = 0;
  ROOKERY_CHECK(EVP_Digest(text.data(), text.size(), bytes.data(), &size, hash, nullptr) == 1)
      << "the cryptographic library refused a digest";
  return std::string(bytes.begin(), bytes.begin() + size);
}

}  // namespace

absl::StatusOr<std::string> EncodeScram(absl::string_view mechanism, absl::string_view password,
                                        absl::string_view salt, int32_t iterations) {
  const EVP_MD* hash = mechanism == "SCRAM-SHA-256"   ? EVP_sha256()
                       : mechanism == "SCRAM-SHA-512" ? EVP_sha512()
                                                      : nullptr;
  if (hash == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected SCRAM-SHA-256 or SCRAM-SHA-512, found '", mechanism, "'"));
  }
  if (password.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected ", mechanism, "=[iterations=N,password=P], found no password"));
  }
  if (iterations < kIterationsMin || iterations > kIterationsMax) {
    return absl::InvalidArgumentError(absl::StrCat("expected ", mechanism, " iterations from ",
                                                   kIterationsMin, " to ", kIterationsMax,
                                                   ", found ", iterations));
  }
  std::string salted(static_cast<size_t>(EVP_MD_size(hash)), '\0');
  ROOKERY_CHECK(PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), Bytes(salt),
                                  static_cast<int>(salt.size()), iterations, hash,
                                  static_cast<int>(salted.size()),
                                  reinterpret_cast<unsigned char*>(salted.data())) == 1)
      << "the cryptographic library refused to derive a key";
  const std::string stored_key = Digest(hash, Hmac(hash, salted, "Client Key"));
  const std::string server_key = Hmac(hash, salted, "Server Key");
  return absl::StrCat("salt=", absl::Base64Escape(salt),
                      ",stored_key=", absl::Base64Escape(stored_key),
                      ",server_key=", absl::Base64Escape(server_key), ",iterations=", iterations);
}

}  // namespace rookery::kafka
