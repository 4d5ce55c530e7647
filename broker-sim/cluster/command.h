// What may be done to a cluster and to its coordinator, in words: typed by a person, or standing in
// a scenario.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::broker_sim {

// Brokers, named by a role that is looked up when the command runs.
struct Target {
  enum class Kind { kId, kController, kRack, kAll, kLeader };
  Kind kind = Kind::kId;
  int32_t id = 0;         // kId
  std::string name;       // kRack: the rack; kLeader: the topic
  int32_t partition = 0;  // kLeader
};

struct CommandForm {
  absl::string_view verb;
  absl::string_view arguments;  // as Help() shows them
  absl::string_view help;
  enum class Takes { kNothing, kTarget, kServer, kWords } takes = Takes::kNothing;
  size_t words_min = 0, words_max = 0;  // kWords
  bool own_ensemble = false;            // done to servers that this program started
};

struct Command {
  std::string text;  // as it was given
  std::string verb;
  Target target;                   // forms that take one
  std::vector<std::string> words;  // behind the verb
  bool own_ensemble = false;
  bool takes_words = false;  // what a tool does, not done to brokers or servers
};

const std::vector<CommandForm>& CommandForms();

// InvalidArgument says what was expected.
absl::StatusOr<Command> ParseCommand(absl::string_view text);

// One command per line. `own_ensemble`: those for servers too.
std::string CommandHelp(bool own_ensemble);

}  // namespace rookery::broker_sim
