#include <openssl/sha.h>

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "coordinator/model/acl.h"

namespace rookery::model {

std::string DigestId(const std::string& user_and_password) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> hash;
  SHA1(reinterpret_cast<const unsigned char*>(user_and_password.data()), user_and_password.size(),
       hash.data());
  const absl::string_view bytes(reinterpret_cast<const char*>(hash.data()), hash.size());
  const std::string user = user_and_password.substr(0, user_and_password.find(':'));
  return absl::StrCat(user, ":", absl::Base64Escape(bytes));
}

}  // namespace rookery::model
