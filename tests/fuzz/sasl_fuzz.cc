// Tokens of a login, cut at bytes 0: those of a client for our server, and those of a server for
// our client. %NONCE% stands for the nonce of the present login, %PROOF% for the right proof with
// it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "coordinator/base/check.h"
#include "coordinator/sasl/digest_md5.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/unit/sasl/formula.h"

namespace sasl = rookery::sasl;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rookery::fuzz::FuzzInput input(rookery::fuzz::Bytes(data, size));
  sasl::DigestMd5Server server([](const std::string& user) -> std::optional<std::string> {
    if (user == "kafka") return "kafka-pw";
    return std::nullopt;
  });
  const auto challenge = server.Take("");
  ROOKERY_CHECK(challenge.ok()) << challenge.status();
  const std::string nonce = sasl::Directive(challenge->token, "nonce");
  ROOKERY_CHECK(!nonce.empty());
  const std::string from_client = absl::StrReplaceAll(
      input.Until('\0'), {{"%NONCE%", nonce}, {"%PROOF%", sasl::ClientToken({.nonce = nonce})}});
  const auto verdict = server.Take(from_client);
  if (verdict.ok()) {
    ROOKERY_CHECK(verdict->done && server.user() == "kafka") << server.user();
  }
  ROOKERY_CHECK(!server.Take(from_client).ok());

  sasl::DigestMd5Client client("kafka", "kafka-pw");
  const auto proof = client.Take(input.Until('\0'));
  if (proof.ok()) {
    ROOKERY_CHECK(!proof->done && !proof->token.empty());
    // Nobody guesses the proof of the server.
    const auto end = client.Take(input.Rest());
    ROOKERY_CHECK(!end.ok() || !end->done);
  }
  return 0;
}
