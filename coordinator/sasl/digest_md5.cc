#include "coordinator/sasl/digest_md5.h"

#include <openssl/evp.h>

#include <array>
#include <initializer_list>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/sasl/directives.h"
#include "coordinator/sasl/library.h"

namespace rookery::sasl {
namespace {

constexpr absl::string_view kService = "zookeeper";

// RFC 2831: what fits into ISO 8859-1 is hashed in it, although it travels as UTF-8.
std::string Hashable(absl::string_view utf8) {
  std::string latin1;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < 0x80) {
      latin1.push_back(utf8[i]);
    } else if ((byte == 0xc2 || byte == 0xc3) && i + 1 < utf8.size()) {
      const auto next = static_cast<unsigned char>(utf8[++i]);
      latin1.push_back(static_cast<char>(((byte & 3) << 6) | (next & 0x3f)));
    } else {
      return std::string(utf8);
    }
  }
  return latin1;
}

// In our realm, whatever realm the client named: with another one its proof fails.
std::string HashedPassword(absl::string_view user, absl::string_view password) {
  const std::string text = absl::StrCat(Hashable(user), ":", kRealm, ":", Hashable(password));
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  unsigned int size = 0;
  ROOKERY_CHECK(EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_md5(), nullptr) == 1)
      << "OpenSSL has no MD5";
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(bytes.data()), size));
}

absl::Status Refuse(absl::string_view why) {
  return absl::UnauthenticatedError(absl::StrCat("DIGEST-MD5: ", why));
}

absl::Status Want(const Directives& directives, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (!directives.contains(name)) return Refuse(absl::StrCat(name, " is missing"));
  }
  return absl::OkStatus();
}

// What the library takes for granted, and crashes without, or does not look at.
absl::Status CheckProof(absl::string_view token) {
  ROOKERY_ASSIGN_OR_RETURN(const Directives proof, ReadDirectives(token));
  ROOKERY_RETURN_IF_ERROR(
      Want(proof, {"username", "realm", "nonce", "cnonce", "nc", "digest-uri", "response"}));
  if (proof.at("realm") != kRealm) return Refuse("the proof is for another realm");
  // Letters count alike, as for Java's server.
  if (!absl::EqualsIgnoreCase(proof.at("digest-uri"), absl::StrCat(kService, "/", kRealm))) {
    return Refuse("the proof is for another service");
  }
  return absl::OkStatus();
}

absl::Status CheckFromServer(absl::string_view token) {
  ROOKERY_ASSIGN_OR_RETURN(const Directives said, ReadDirectives(token));
  if (said.contains("rspauth")) return absl::OkStatus();
  return Want(said, {"realm", "nonce", "charset", "algorithm"});
}

}  // namespace

class DigestMd5Server::Exchange final : public LibrarySession {
 public:
  explicit Exchange(PasswordOf password_of)
      : LibrarySession(Side::kServer), password_of_(std::move(password_of)) {}

  absl::StatusOr<Step> Take(absl::string_view token) {
    switch (std::exchange(next_, Next::kNothing)) {
      case Next::kStart: {
        // Whatever it is: it should be empty, and Java's server does not look.
        ROOKERY_ASSIGN_OR_RETURN(Step step, Advance(""));
        next_ = Next::kProof;
        return step;
      }
      case Next::kProof: {
        ROOKERY_RETURN_IF_ERROR(CheckProof(token));
        ROOKERY_ASSIGN_OR_RETURN(Step step, Advance(token));
        step.done = true;
        user_ = Get(GSASL_AUTHID);
        return step;
      }
      case Next::kNothing:
        break;
    }
    return Refuse("the login is over");
  }

  const std::string& user() const { return user_; }

 private:
  enum class Next { kStart, kProof, kNothing };

  bool OnProperty(Gsasl_property property) override {
    if (property == GSASL_REALM) {
      Set(property, std::string(kRealm));
      return true;
    }
    if (property != GSASL_DIGEST_MD5_HASHED_PASSWORD) return false;
    const std::string user = Get(GSASL_AUTHID);
    const std::optional<std::string> password = password_of_(user);
    if (!password) return false;
    Set(property, HashedPassword(user, *password));
    return true;
  }

  const PasswordOf password_of_;
  Next next_ = Next::kStart;
  std::string user_;
};

class DigestMd5Client::Exchange final : public LibrarySession {
 public:
  Exchange(std::string user, std::string password)
      : LibrarySession(Side::kClient), user_(std::move(user)), password_(std::move(password)) {}

  using LibrarySession::Advance;

 private:
  bool OnProperty(Gsasl_property property) override {
    switch (property) {
      case GSASL_AUTHID:
      case GSASL_AUTHZID:
        Set(property, user_);
        return true;
      case GSASL_PASSWORD:
        Set(property, password_);
        return true;
      case GSASL_SERVICE:
        Set(property, std::string(kService));
        return true;
      case GSASL_HOSTNAME:
        Set(property, std::string(kRealm));
        return true;
      default:
        return false;
    }
  }

  const std::string user_;
  const std::string password_;
};

DigestMd5Server::DigestMd5Server(PasswordOf password_of)
    : exchange_(std::make_unique<Exchange>(std::move(password_of))) {}
DigestMd5Server::~DigestMd5Server() = default;

absl::StatusOr<Step> DigestMd5Server::Take(absl::string_view token) {
  return exchange_->Take(token);
}

const std::string& DigestMd5Server::user() const { return exchange_->user(); }

DigestMd5Client::DigestMd5Client(std::string user, std::string password)
    : exchange_(std::make_unique<Exchange>(std::move(user), std::move(password))) {}
DigestMd5Client::DigestMd5Client(DigestMd5Client&&) noexcept = default;
DigestMd5Client::~DigestMd5Client() = default;

absl::StatusOr<Step> DigestMd5Client::Take(absl::string_view token) {
  ROOKERY_RETURN_IF_ERROR(CheckFromServer(token));
  return exchange_->Advance(token);
}

}  // namespace rookery::sasl
