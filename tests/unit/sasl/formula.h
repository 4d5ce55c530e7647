// DIGEST-MD5 as RFC 2831 writes it, apart from any library (zookeeper-protocol 5.6).
#pragma once

#include <openssl/evp.h>

#include <array>
#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace rookery::sasl {

struct Proof {
  std::string user = "kafka";
  std::string password = "kafka-pw";
  std::string realm = "zk-sasl-md5";
  std::string nonce;
  std::string cnonce = "OA6MHXh6VqTrRk";
  std::string nc = "00000001";
  std::string uri = "zookeeper/zk-sasl-md5";
  std::string qop = "auth";
  std::optional<std::string> authzid;
  std::string more;  // further directives, as ",a=b"
};

inline std::string Md5(absl::string_view text) {
  std::array<unsigned char, 16> bytes;
  EVP_Digest(text.data(), text.size(), bytes.data(), nullptr, EVP_md5(), nullptr);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::string HexMd5(absl::string_view text) { return absl::BytesToHexString(Md5(text)); }

// `method` is "AUTHENTICATE" in the client's proof and "" in the server's.
inline std::string Response(const Proof& proof, absl::string_view method) {
  std::string a1 =
      absl::StrCat(Md5(absl::StrCat(proof.user, ":", proof.realm, ":", proof.password)), ":",
                   proof.nonce, ":", proof.cnonce);
  if (proof.authzid) absl::StrAppend(&a1, ":", *proof.authzid);
  return HexMd5(absl::StrCat(HexMd5(a1), ":", proof.nonce, ":", proof.nc, ":", proof.cnonce, ":",
                             proof.qop, ":", HexMd5(absl::StrCat(method, ":", proof.uri))));
}

// The client's token, in the order and form of Java's client.
inline std::string ClientToken(const Proof& proof) {
  return absl::StrCat(
      "charset=utf-8,username=\"", proof.user, "\",realm=\"", proof.realm, "\",nonce=\"",
      proof.nonce, "\",nc=", proof.nc, ",cnonce=\"", proof.cnonce, "\",digest-uri=\"", proof.uri,
      "\",maxbuf=65536,response=", Response(proof, "AUTHENTICATE"), ",qop=", proof.qop,
      proof.authzid ? absl::StrCat(",authzid=\"", *proof.authzid, "\"") : "", proof.more);
}

// The value of a quoted directive; "" if there is none.
inline std::string Directive(absl::string_view token, absl::string_view name) {
  const std::string begin = absl::StrCat(name, "=\"");
  const size_t at = token.find(begin);
  if (at == absl::string_view::npos) return "";
  const absl::string_view rest = token.substr(at + begin.size());
  return std::string(rest.substr(0, rest.find('"')));
}

}  // namespace rookery::sasl
