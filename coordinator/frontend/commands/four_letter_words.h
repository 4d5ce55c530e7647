// ZooKeeper's four-letter words (zookeeper-protocol 6.1, 6.2).
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/frontend/commands/facts.h"

namespace rookery::frontend {

class FourLetterWords {
 public:
  // `whitelist` is the value of 4lw.commands.whitelist: words with commas, or "*".
  FourLetterWords(FactSources sources, absl::string_view whitelist);

  // How many bytes follow the word itself: stmk's mask, most significant first.
  size_t BytesBehind(absl::string_view word) const;
  // The whole answer, after which the connection closes. `behind`: as many bytes as the word needs.
  std::string Answer(absl::string_view word, absl::string_view behind = {});

 private:
  bool Allowed(absl::string_view word) const;
  std::string Run(absl::string_view word) const;

  const FactSources sources_;
  bool all_ = false;
  std::set<std::string> allowed_;
  // What ZooKeeper traces: requests, sessions, packets between servers, warnings. It is kept and
  // told here, and changes nothing: log.level does.
  uint64_t trace_mask_ = 306;
};

}  // namespace rookery::frontend
