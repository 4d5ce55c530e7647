#include "tools/rookery/acls/acls.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "coordinator/base/status_macros.h"
#include "tools/rookery/acls/actions.h"
#include "tools/rookery/acls/report.h"
#include "tools/rookery/metadata/tree_reader.h"

namespace rookery::tools::acls {
namespace {

struct Options {
  bool add = false, remove = false, list = false, force = false, json = false;
  Choice choice;
  std::string pattern = "literal";
  std::vector<std::string> principals;             // list these alone
  std::vector<std::string> authorizer_properties;  // zookeeper.connect=...
};

// Lines for people; objects are collected for programs.
class Printer {
 public:
  explicit Printer(bool json) : json_(json) {}
  void Show(absl::string_view what, const kafka::ResourcePattern& resource,
            const kafka::AclEntries& entries) {
    if (json_) {
      list_.push_back(Json(resource, entries));
    } else {
      std::cout << ResourceText(what, resource, entries);
    }
  }
  void Say(absl::string_view line) const {
    if (!json_) std::cout << line << "\n";
  }
  void Finish() const {
    if (json_) std::cout << boost::json::serialize(list_) << "\n";
  }

 private:
  bool json_;
  boost::json::array list_;
};

kafka::AclEntries EntriesOf(const kafka::AclEntries& entries, const std::string& principal) {
  kafka::AclEntries chosen;
  for (const kafka::AclEntry& entry : entries) {
    if (entry.principal == principal) chosen.insert(entry);
  }
  return chosen;
}

absl::Status RunList(client::BlockingClient& client, const Options& options, Printer& printer) {
  ROOKERY_ASSIGN_OR_RETURN(const kafka::AclsByResource acls,
                           ReadAcls(client, Resources(options.choice)));
  if (options.principals.empty()) {
    for (const auto& [resource, entries] : acls) printer.Show("Current", resource, entries);
  }
  for (const std::string& principal : options.principals) {
    printer.Say(absl::StrCat("ACLs for principal `", principal, "`"));
    for (const auto& [resource, entries] : acls) {
      const kafka::AclEntries chosen = EntriesOf(entries, principal);
      if (!chosen.empty()) printer.Show("Current", resource, chosen);
    }
  }
  return absl::OkStatus();
}

absl::Status RunAdd(client::BlockingClient& client, const Options& options, Printer& printer) {
  ROOKERY_ASSIGN_OR_RETURN(const auto additions, Additions(options.choice));
  for (const auto& [resource, entries] : additions) {
    ROOKERY_RETURN_IF_ERROR(Alter(client, {.resource = resource, .add = entries}));
    printer.Show("Adding", resource, entries);
  }
  return absl::OkStatus();
}

bool Confirmed(const Options& options, const std::string& question) {
  if (options.force) return true;
  std::cout << question << "? (y/n)" << std::endl;
  std::string answer;
  return std::getline(std::cin, answer) && absl::EqualsIgnoreCase(answer, "y");
}

absl::Status RunRemove(client::BlockingClient& client, const Options& options, Printer& printer) {
  ROOKERY_ASSIGN_OR_RETURN(const EntriesByFilter removals, Entries(options.choice));
  for (const auto& [filter, entries] : removals) {
    const std::string question =
        entries.empty()
            ? absl::StrCat("Are you sure you want to delete all ACLs for resource filter `",
                           Text(filter), "`")
            : absl::StrCat("Are you sure you want to remove ACLs: \n", Text(entries),
                           " from resource filter `", Text(filter), "`");
    if (!Confirmed(options, question)) continue;
    ROOKERY_ASSIGN_OR_RETURN(const kafka::AclsByResource acls, ReadAcls(client, {filter}));
    for (const auto& [resource, existing] : acls) {
      ROOKERY_RETURN_IF_ERROR(
          Alter(client, {.resource = resource, .remove = entries, .remove_all = entries.empty()}));
      if (options.json) printer.Show("", resource, entries.empty() ? existing : entries);
    }
  }
  return absl::OkStatus();
}

// Where Kafka's tool finds the coordinator: --authorizer-properties zookeeper.connect=...
absl::StatusOr<GlobalOptions> Target(const GlobalOptions& global, const Options& options) {
  GlobalOptions target = global;
  for (absl::string_view property : options.authorizer_properties) {
    if (!absl::ConsumePrefix(&property, "zookeeper.connect=")) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--authorizer-properties: expected zookeeper.connect=host:port, found '", property, "'"));
    }
    target.servers = std::string(property);
  }
  return target;
}

int Usage(absl::string_view message) {
  std::cerr << message << "\n";
  return kExitUsage;
}

int RunAcls(const GlobalOptions& global, Options& options) {
  if (options.add + options.remove + options.list != 1) {
    return Usage("Command must include exactly one action: --list, --add, --remove.");
  }
  const auto pattern = ParsePatternFilter(options.pattern);
  if (!pattern.ok()) return Usage(pattern.status().message());
  options.choice.pattern = *pattern;
  if (!options.list) {  // mistakes are said before anybody is asked
    const absl::Status status =
        options.add ? Additions(options.choice).status() : Entries(options.choice).status();
    if (!status.ok()) return Usage(status.message());
  }
  const auto target = Target(global, options);
  if (!target.ok()) return Usage(target.status().message());
  const auto run = [&]() -> absl::Status {
    Printer printer(options.json);
    ROOKERY_ASSIGN_OR_RETURN(const auto client, metadata::Open(*target));
    absl::Status status;
    if (options.list) {
      status = RunList(*client, options, printer);
    } else {
      status =
          options.add ? RunAdd(*client, options, printer) : RunRemove(*client, options, printer);
    }
    printer.Finish();
    return status;
  };
  const absl::Status status = run();
  if (status.ok()) return kExitOk;
  std::cerr << "Error while executing ACL command: " << status.message() << "\n";
  return kExitFailed;
}

void AddNames(CLI::App& app, const char* option, std::vector<std::string>* names,
              const char* description) {
  app.add_option(option, *names, description)->allow_extra_args(false);
}

}  // namespace

Run DefineAcls(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  Choice& choice = options->choice;
  app.add_flag("--add", options->add, "entries for principals");
  app.add_flag("--remove", options->remove, "these entries, or all of a resource");
  app.add_flag("--list", options->list, "entries of the named resources, or of all");
  AddNames(app, "--topic", &choice.topics, "a topic, or * for all; may be repeated");
  AddNames(app, "--group", &choice.groups, "a consumer group");
  AddNames(app, "--transactional-id", &choice.transactional_ids, "a transactional id");
  AddNames(app, "--delegation-token", &choice.delegation_tokens, "a delegation token");
  AddNames(app, "--user-principal", &choice.user_principals, "a user as a resource");
  app.add_flag("--cluster", choice.cluster, "the cluster");
  app.add_option("--resource-pattern-type", options->pattern,
                 "literal or prefixed; for --list and --remove any and match too")
      ->capture_default_str();
  AddNames(app, "--operation", &choice.operations, "Read, Write, ...; All if not given");
  AddNames(app, "--allow-principal", &choice.allow_principals, "as in User:alice, or User:*");
  AddNames(app, "--allow-host", &choice.allow_hosts, "an address; every host if not given");
  AddNames(app, "--deny-principal", &choice.deny_principals, "as in User:alice");
  AddNames(app, "--deny-host", &choice.deny_hosts, "an address; every host if not given");
  AddNames(app, "--principal", &options->principals, "list entries of this principal only");
  app.add_flag("--producer", choice.producer, "what a producer needs, for --topic");
  app.add_flag("--consumer", choice.consumer, "what a consumer needs, for --topic and --group");
  app.add_flag("--idempotent", choice.idempotent, "with --producer: an idempotent one");
  app.add_flag("--force", options->force, "ask nothing before removing");
  AddNames(app, "--authorizer-properties", &options->authorizer_properties,
           "zookeeper.connect=host:port,...: as kafka-acls takes it; --servers says the same");
  app.add_flag("--json", options->json, "for programs");
  return [options, &global] { return RunAcls(global, *options); };
}

}  // namespace rookery::tools::acls
