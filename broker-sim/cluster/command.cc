#include "broker-sim/cluster/command.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "broker-sim/timeline/event_names.h"
#include "coordinator/base/status_macros.h"

namespace rookery::broker_sim {
namespace {

using Takes = CommandForm::Takes;

constexpr char kTargets[] =
    "a broker's id, 'controller', 'all', 'rack NAME' or 'leader TOPIC PARTITION'";

absl::StatusOr<Target> ParseTarget(const std::vector<std::string>& words) {
  Target target;
  const std::string text = absl::StrJoin(words, " ");
  const auto wrong = [&text] {
    return absl::InvalidArgumentError(absl::StrCat("expected ", kTargets, ", found '", text, "'"));
  };
  if (words.size() == 1 && absl::SimpleAtoi(words[0], &target.id)) return target;
  if (words.size() == 1 && words[0] == "controller") {
    target.kind = Target::Kind::kController;
    return target;
  }
  if (words.size() == 1 && words[0] == "all") {
    target.kind = Target::Kind::kAll;
    return target;
  }
  if (words.size() == 2 && words[0] == "rack") {
    target.kind = Target::Kind::kRack;
    target.name = words[1];
    return target;
  }
  if (words.size() == 3 && words[0] == "leader" && absl::SimpleAtoi(words[2], &target.partition)) {
    target.kind = Target::Kind::kLeader;
    target.name = words[1];
    return target;
  }
  return wrong();
}

}  // namespace

const std::vector<CommandForm>& CommandForms() {
  static const auto& forms = *new std::vector<CommandForm>{
      {"kill", "BROKER", "end it without closing its session, which then expires", Takes::kTarget},
      {"stop", "BROKER", "hand over its leaders, close its session, end", Takes::kTarget},
      {"pause", "BROKER", "halt it as SIGSTOP does", Takes::kTarget},
      {"resume", "BROKER", "let it go on ('all': those that are paused)", Takes::kTarget},
      {"start", "BROKER", "start it again ('all': those that are down)", Takes::kTarget},
      {"topic", "NAME PARTITIONS REPLICAS", "create a topic", Takes::kWords, 3, 3},
      {"delete-topic", "NAME", "delete one", Takes::kWords, 1, 1},
      {"partitions", "TOPIC COUNT", "give a topic more partitions", Takes::kWords, 2, 2},
      {"reassign", "TOPIC PARTITION ID,ID,...", "move a partition to these brokers", Takes::kWords,
       3, 3},
      {"elect-preferred", "", "lead every partition by its first replica", Takes::kWords, 0, 0},
      {"config", "ENTITY KEY=VALUE|-KEY ...",
       "alter topics/T, clients/C, users/U, users/U/clients/C, brokers/ID; <default> for all",
       Takes::kWords, 2, 20},
      {"acl", "add|remove allow|deny USER OPERATION TOPIC", "alter a topic's ACLs", Takes::kWords,
       5, 5},
      {"state", "", "show the brokers and how many partitions each leads", Takes::kNothing},
      {"kill-server", "N|leader", "end a server of the ensemble with SIGKILL", Takes::kServer, 1, 1,
       true},
      {"start-server", "N|all", "start it again on its data", Takes::kServer, 1, 1, true},
      {"cut-server", "N|leader", "cut it off from the other servers, not from its clients",
       Takes::kServer, 1, 1, true},
      {"heal-servers", "", "let the servers reach each other again", Takes::kNothing, 0, 0, true},
  };
  return forms;
}

std::string CommandHelp(bool own_ensemble) {
  std::string help;
  for (const CommandForm& form : CommandForms()) {
    if (form.own_ensemble && !own_ensemble) continue;
    absl::StrAppendFormat(&help, "%-32s %s\n", absl::StrCat(form.verb, " ", form.arguments),
                          form.help);
  }
  absl::StrAppend(&help, "BROKER is ", kTargets, "\n");
  return help;
}

absl::StatusOr<Command> ParseCommand(absl::string_view text) {
  const std::vector<std::string> words = absl::StrSplit(text, ' ', absl::SkipWhitespace());
  if (words.empty()) return absl::InvalidArgumentError("expected a command, found nothing");
  std::vector<std::string> verbs;
  for (const CommandForm& form : CommandForms()) {
    verbs.emplace_back(form.verb);
    if (form.verb != words[0]) continue;
    Command command = {.text = std::string(text),
                       .verb = words[0],
                       .words = {words.begin() + 1, words.end()},
                       .own_ensemble = form.own_ensemble,
                       .takes_words = form.takes == Takes::kWords};
    if (form.takes == Takes::kTarget) {
      ROOKERY_ASSIGN_OR_RETURN(command.target, ParseTarget(command.words));
      return command;
    }
    if (command.words.size() < form.words_min || command.words.size() > form.words_max) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected '", form.verb, " ", form.arguments, "', found '", text, "'"));
    }
    int32_t number = 0;
    const std::vector<std::string> roles = absl::StrSplit(form.arguments, '|');
    if (form.takes == Takes::kServer && !absl::SimpleAtoi(command.words[0], &number) &&
        std::find(roles.begin(), roles.end(), command.words[0]) == roles.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected '", form.verb, " ", form.arguments, "', found '", text, "'"));
    }
    return command;
  }
  const std::string near = Nearest(words[0], verbs);
  return absl::InvalidArgumentError(
      absl::StrCat("expected one of ", absl::StrJoin(verbs, ", "), ", found '", words[0], "'",
                   near.empty() ? "" : absl::StrCat(": did you mean ", near, "?")));
}

}  // namespace rookery::broker_sim
