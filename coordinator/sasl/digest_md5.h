// Both sides of a DIGEST-MD5 login as ZooKeeper and its clients do it (zookeeper-protocol 5.6),
// over GNU SASL: tokens in, tokens out, no I/O. The nonces are the library's own chance; nothing of
// them reaches the log.
//
//   client: (empty)             server: realm="zk-sasl-md5", nonce="..", qop="auth", charset=.., ..
//   client: username="..",..    server: rspauth=<32 hex>
//
// One object per login, and one login per object. Not to be shared between threads.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::sasl {

// The same on every server, so that a client needs no host names.
inline constexpr absl::string_view kRealm = "zk-sasl-md5";

struct Step {
  std::string token;  // for the other side
  bool done =
      false;  // server: the client has proved who it is; client: the server knows the password
};

class DigestMd5Server {
 public:
  // Nullopt: there is no such user.
  using PasswordOf = std::function<std::optional<std::string>(const std::string& user)>;

  explicit DigestMd5Server(PasswordOf password_of);
  ~DigestMd5Server();

  // The answer to the client's next token. Unauthenticated with a reason for the log: a wrong
  // proof, an unknown user, no DIGEST-MD5, or more tokens than a login has; every later call is
  // too.
  absl::StatusOr<Step> Take(absl::string_view token);

  // Who the client proved to be. REQUIRES: the last step was done.
  const std::string& user() const;

 private:
  class Exchange;
  std::unique_ptr<Exchange> exchange_;
};

class DigestMd5Client {
 public:
  DigestMd5Client(std::string user, std::string password);
  DigestMd5Client(DigestMd5Client&&) noexcept;
  ~DigestMd5Client();

  // The answer to the server's challenge; then, of its verdict, done and no token. The first token
  // of a login is empty and not asked for here. Unauthenticated: the server does not speak
  // DIGEST-MD5, or does not know the password either.
  absl::StatusOr<Step> Take(absl::string_view token);

 private:
  class Exchange;
  std::unique_ptr<Exchange> exchange_;
};

}  // namespace rookery::sasl
