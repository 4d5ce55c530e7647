// ZooKeeper's four-letter words (zookeeper-protocol 6.1, 6.2).
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/frontend/commands/facts.h"

namespace rookery::frontend {

class FourLetterWords {
 public:
  // `whitelist` is the value of 4lw.commands.whitelist: words with commas, or "*".
  FourLetterWords(FactSources sources, absl::string_view whitelist);

  // The whole answer, after which the connection closes.
  std::string Answer(absl::string_view word) const;

 private:
  std::string Run(absl::string_view word) const;

  const FactSources sources_;
  bool all_ = false;
  std::set<std::string> allowed_;
};

}  // namespace rookery::frontend
